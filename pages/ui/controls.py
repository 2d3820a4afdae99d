"""Controls made from declarations: a slider on the right scale, and beside it a box for the exact value."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import streamlit as st

from landscape import Parameter
from optimizers import Hyper
from pages.ui import state

E12 = (1.0, 1.2, 1.5, 1.8, 2.2, 2.7, 3.3, 3.9, 4.7, 5.6, 6.8, 8.2)  # even steps on a logarithmic scale, in readable figures
COARSE = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)


@cache
def log_grid(low: float, high: float, mantissas: tuple[float, ...] = E12) -> tuple[float, ...]:
    """Preferred numbers from low to high, both included."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    between = {float(f"{m}e{d}") for d in decades for m in mantissas}
    return tuple(sorted({low, high} | {value for value in between if low < value < high}))


@cache
def stops(scale: str, low: float, high: float) -> tuple[float, ...]:
    """The values that a slider of this scale offers; complement: logarithmic in 1 - value."""
    if scale == "log":
        return log_grid(low, high)
    return tuple(sorted({round(1.0 - gap, 10) for gap in log_grid(round(1.0 - high, 10), 1.0 - low, COARSE)}))


def number(
    declared: Hyper | Parameter, value: float, key: str, apply: Callable[[float], None], bounds: tuple[float, float], symbol: str = ""
) -> None:
    """A slider and a box for one number."""
    label = f"{declared.name}" + (f" ${symbol}$" if symbol else "")
    kind = int if declared.integer else float  # a Streamlit widget holds one of them throughout
    slide, type_in = st.columns([0.64, 0.36], vertical_alignment="bottom", gap="small")
    with slide:
        if declared.scale == "linear":
            low, high = kind(declared.low), kind(declared.high)
            st.slider(label, low, high, step=1 if declared.integer else (high - low) / 200, help=declared.help or None,
                      **state.shows(f"{key}/slider", min(max(kind(value), low), high), apply))  # fmt: skip
        else:
            offered = stops(declared.scale, declared.low, declared.high)
            options = offered if value in offered else tuple(sorted({*offered, value}))
            st.select_slider(label, options, format_func=lambda v: f"{v:.10g}", help=declared.help or None,
                             **state.shows(f"{key}/slider", value, apply))  # fmt: skip
    with type_in:
        least, most = kind(bounds[0]), kind(bounds[1]) if math.isfinite(bounds[1]) else None
        st.number_input(f"{declared.name}, exact value", least, most, step=1 if declared.integer else _box_step(declared.scale, value),
                        format="%d" if declared.integer else "%.10g", label_visibility="collapsed",
                        **state.shows(f"{key}/box", kind(value), apply))  # fmt: skip


def formula(*lines: str) -> None:
    """Equations below one another: the panel is narrow, and what does not fit would be cut."""
    for line in lines:
        for equation in line.split(r", \quad "):
            st.latex(equation)


@contextmanager
def fold(label: str, key: str, icon: str | None = None, expanded: bool = False) -> Iterator[bool]:
    """A section that can be folded away; its content is made and sent only while it is open: `if open: ...`."""
    with st.expander(label, expanded, key=key, icon=icon, on_change="rerun") as section:
        yield bool(section.open)


@contextmanager
def menu(label: str, key: str, icon: str) -> Iterator[bool]:
    """A button that opens a menu; the same economy."""
    with st.popover(label, icon=icon, key=key, width="stretch", on_change="rerun") as opened:
        yield bool(opened.open)


def hyper(declared: Hyper, value: float, key: str, apply: Callable[[float], None]) -> None:
    """The control of one hyperparameter."""
    if not declared.options:
        number(declared, value, key, apply, declared.bounds, declared.symbol)
        return
    places = range(len(declared.options))
    st.radio(declared.name, places, format_func=lambda i: declared.options[i], horizontal=True, help=declared.help or None,
             **state.shows(key, int(value), lambda choice: apply(float(choice)), places))  # fmt: skip


def parameter(declared: Parameter, value: float, key: str, apply: Callable[[float], None]) -> None:
    """The control of one parameter of a landscape."""
    number(declared, value, key, apply, (declared.low, declared.high))


def _box_step(scale: str, value: float) -> float:
    if scale == "complement":
        return 0.001 if value >= 0.99 else 0.01
    return float(f"1e{math.floor(math.log10(abs(value)))}") / 10 if value else 0.01
