"""The session's experiment, and its address.

The address is read in FULL runs only: loading, a link, back and forward send one, a moved widget sends a fragment run. (A fragment run
may still carry an older address than the one just written, so reading it there would undo the user's last move.)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from pages.ui.address import decode, encode
from pages.ui.experiment import Experiment
from pages.ui.reading import Query

EXPERIMENT, NOTES, NAVIGATIONS, SETTLED, WRITTEN = "experiment", "address_notes", "navigations", "settled", "address_written"
DONE = "done"
PAGE, ANEW, KNOWN = "page", "anew", "widgets"


@dataclass(frozen=True)
class Address:
    """How a page reads and writes its query: the experiment, which all pages share, and what it keeps there besides."""

    page: str
    read: Callable[[Query], tuple[tuple[Experiment, Any], tuple[str, ...]]]
    write: Callable[[Experiment, Any], dict[str, str | list[str]]]
    fresh: Any = None  # what it keeps besides, before anybody has chosen anything


def _read_race(query: Query) -> tuple[tuple[Experiment, Any], tuple[str, ...]]:
    experiment, notes = decode(query)
    return (experiment, None), notes


RACE = Address("race", _read_race, lambda experiment, _: encode(experiment))


def begin_anew() -> None:
    """Run the whole page again. That run has the address of the message that this one answers, which may be older than the last move."""
    st.session_state[ANEW] = True
    st.rerun()


def begun_anew() -> bool:
    """Whether this full run is one that the page asked for itself."""
    return bool(st.session_state.pop(ANEW, False))


def adopt_address(address: Address = RACE) -> None:
    """Take over what the address describes, if it is not what this session wrote there itself.

    Who comes from another page by its bare link brings the experiment along.
    """
    if begun_anew():
        return
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    came, known = st.session_state.get(PAGE, address.page) != address.page, EXPERIMENT in st.session_state
    st.session_state[PAGE] = address.page
    if known and query == st.session_state[WRITTEN] and not came:
        return
    if not (known and came and not query):
        quiet()
        (st.session_state[EXPERIMENT], besides), st.session_state[NOTES] = address.read(query)
        st.session_state[_besides(address)] = besides
    elif _besides(address) not in st.session_state:
        st.session_state[_besides(address)] = address.fresh
    st.session_state[WRITTEN] = query
    st.session_state[NAVIGATIONS] = st.session_state.get(NAVIGATIONS, 0) + 1
    st.session_state[SETTLED] = True


def write_address(address: Address = RACE) -> None:
    """Put what is on screen into the address: a new entry in the browser's history, unless nothing changed or a drag goes on."""
    if not st.session_state[SETTLED]:
        return
    if (current(), besides(address)) == address.read(st.session_state[WRITTEN])[0]:  # a short link stays as short as it came
        return
    query = query_of(address)
    st.session_state[WRITTEN] = query
    st.query_params.from_dict(query)


def query_of(address: Address = RACE) -> dict[str, list[str]]:
    """What the address of a page would be."""
    fields = address.write(current(), besides(address))
    return {key: [value] if isinstance(value, str) else value for key, value in fields.items()}


def _besides(address: Address) -> str:
    return f"{address.page}/besides"


def besides(address: Address) -> Any:
    """What a page keeps besides the experiment."""
    return st.session_state.get(_besides(address), address.fresh)


def put_besides(address: Address, value: Any, settled: bool = True) -> None:
    st.session_state[_besides(address)] = value
    st.session_state[SETTLED] = settled


def current() -> Experiment:
    experiment: Experiment = st.session_state[EXPERIMENT]
    return experiment


def change(settled: bool = True, **fields: Any) -> None:
    """Replace fields of the experiment. `settled=False` while a drag goes on: no history entry yet."""
    put(replace(current(), **fields), settled)


def put(experiment: Experiment, settled: bool = True) -> None:
    st.session_state[EXPERIMENT] = experiment
    st.session_state[SETTLED] = settled
    quiet()


def jump(experiment: Experiment) -> None:
    """Put an experiment whose cursor and view the scene must adopt, as if it had been opened by a link."""
    put(experiment)
    st.session_state[NAVIGATIONS] += 1


def say(message: str) -> None:
    """What did not go as one might expect, until something else is done."""
    st.session_state[NOTES] = (message,)


def confirm(message: str) -> None:
    """What was just done as asked, until something else is done."""
    st.session_state[DONE] = (message,)


def quiet() -> None:
    """Nothing more to say."""
    st.session_state[NOTES] = st.session_state[DONE] = ()


def notes() -> tuple[str, ...]:
    found: tuple[str, ...] = st.session_state[NOTES]
    return found


def confirmed() -> tuple[str, ...]:
    found: tuple[str, ...] = st.session_state.get(DONE, ())
    return found


def shows(key: str, value: Any, apply: Callable[[Any], None], options: Iterable[Any] | None = None, first: str = "value") -> dict[str, Any]:
    """What a widget of Streamlit's takes to show `value` and to hand what a hand has chosen to `apply`: its key, first value and callback.

    `options`: those of a menu, whose first value is an index. `first`: what the widget calls its first value otherwise.

    Every message of a browser tells the values of all its widgets as it has them, and pages that look again by themselves send messages all
    the time. A widget that code has given another value since, or that is gone, by an answer that is still on its way, is then told with
    the old one, as if a hand had just chosen that. So code sets no widget: one whose value it changes is made anew under another key; and
    what was known of a widget already is not a hand's doing.
    """
    name = _name(key, value)
    st.session_state.setdefault(KNOWN, {})[name] = value
    start = {first: value} if options is None else {"index": None if value is None else list(options).index(value)}
    return {"key": name, "on_change": _callback(name, apply), **start}


def _name(key: str, value: Any) -> str:
    """The key of the widget: the same as long as nobody but a hand changes its value."""
    made = st.session_state.get(f"{key}#", 0)
    if st.session_state.get(_numbered(key, made), value) != value:
        made = st.session_state[f"{key}#"] = made + 1
    return _numbered(key, made)


def _numbered(key: str, made: int) -> str:
    return f"{key}#{made}" if made else key


def _callback(key: str, apply: Callable[[Any], None]) -> Callable[[], None]:
    """Hands the widget's new value to `apply`; a ValueError becomes a message, and the old value stays."""

    def callback() -> None:
        known, value = st.session_state[KNOWN], st.session_state[key]
        if known.get(key, value) == value:
            return
        known[key] = value
        try:
            apply(value)
        except ValueError as error:
            st.session_state[NOTES] = (str(error),)

    return callback


def navigations() -> int:
    """Counts links, reloads, resets: whenever it changes, the scene takes over cursor and view."""
    count: int = st.session_state[NAVIGATIONS]
    return count
