"""The controls of the room of seeds: cases a click away, how many seeds, the region, what is compared."""

from dataclasses import replace
from typing import Any

import streamlit as st

from optimizers.maps import Region
from optimizers.maps.seeds import neighbourhood
from pages.ui import state
from pages.ui.fields import finite, written
from pages.ui.maps.cases import case_of, offered, shown
from pages.ui.maps.choice import MAX_SEEDS, Compared
from pages.ui.maps.presets import PRESETS, Preset
from pages.ui.maps.session import begin_with, choose, chosen
from pages.ui.words import plain

SEEDS = (100, 300, 1000, 3000, MAX_SEEDS)
NEAR = "start"  # the start's neighbourhood, which is no region of the visitor's


def controls() -> None:
    for preset in PRESETS:
        st.button(preset.name, key=f"map/preset/{preset.name}", icon=":material/play_arrow:", help=preset.help, width="stretch",
                  on_click=_begin, args=(preset,))  # fmt: skip
    count = chosen().seeds
    st.select_slider("Seeds", sorted({*SEEDS, count}), format_func=lambda n: f"{n:,}",
                     **state.shows("map/seeds", count, lambda value: choose(seeds=int(value))))  # fmt: skip
    if shown(state.current()):
        _compare()
        _region()
    st.caption("Noise, mini-batches and the first seed are under Race. A run escapes when it leaves the region for the first time.")


def _begin(preset: Preset) -> None:
    begin_with(preset.opening())


def _compare() -> None:
    """One thing that varies, at several values side by side."""
    known, compared = offered(state.current()), chosen().compared

    def put_word(word: str) -> None:
        if not word:
            choose(compared=Compared())
            return
        axis = known[word]
        low, high = axis.values(9)[[1, -2]] if not axis.integer else (axis.low, axis.high)
        choose(compared=Compared(word, tuple(float(f"{value:.3g}") for value in (low, high))))

    def put_values(text: str) -> None:
        found = dict.fromkeys(finite(part) for part in text.replace(",", " ").split())
        if not found:
            raise ValueError("Values to compare: give numbers, such as 1, 2, 4.")
        choose(compared=Compared(compared.word, tuple(found)))

    words = ["", *known] if compared.word in known or not compared.word else ["", compared.word, *known]
    st.selectbox("Compare", words, format_func=lambda word: (known[word].name or known[word].key) if word in known else
                 word or "nothing: each racer once", **state.shows("map/compare", compared.word, put_word, words))  # fmt: skip
    if compared.word:
        listed = ", ".join(_short(value) for value in compared.values)
        st.text_input("Values to compare", **state.shows("map/compared", listed, put_values))


def _short(value: float) -> str:
    return written(int(value) if value == int(value) and abs(value) < 1e6 else value)


def _region() -> None:
    """A disc or a strip; by default the start's neighbourhood."""
    experiment, region = state.current(), chosen().region
    axes = [plain(axis) for axis in experiment.problem.axes]
    words = {NEAR: "around the start", "both": "disc", "x": f"strip in {axes[0]}", "y": f"strip in {axes[1]}"}
    now = region or neighbourhood(case_of(experiment, shown(experiment)[0]))

    def put_kind(kind: Any) -> None:
        choose(region=None if kind == NEAR else replace(now, along=kind))

    st.selectbox("Region", list(words), format_func=words.__getitem__, help="Runs escape from it, and are counted in it at the end.",
                 **state.shows("map/region", region.along if region else NEAR, put_kind, words))  # fmt: skip
    if region:
        labels = {"x": f"Middle, {axes[0]}", "y": f"Middle, {axes[1]}", "radius": "Radius" if region.along == "both" else "Half width"}
        fields = [field for field in labels if region.along in ("both", field) or field == "radius"]
        for column, field in zip(st.columns(len(fields), gap="small"), fields, strict=True):
            with column:
                _number(region, field, labels[field])


def _number(region: Region, field: str, label: str) -> None:
    def put(value: float) -> None:
        changes: dict[str, Any] = {field: float(value)}
        choose(region=replace(region, **changes))

    st.number_input(label, format="%.6g", step=None, **state.shows(f"map/region/{field}", float(getattr(region, field)), put))
