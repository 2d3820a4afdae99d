"""The session's choice of map, as state.py holds the experiment."""

from dataclasses import replace
from typing import Any

from pages.ui import state
from pages.ui.maps.address import decode, encode
from pages.ui.maps.choice import Choice

MAPS = state.Address("maps", decode, encode, Choice())


def chosen() -> Choice:
    choice: Choice = state.besides(MAPS)
    return choice


def choose(settled: bool = True, **fields: Any) -> None:
    state.put_besides(MAPS, replace(chosen(), **fields), settled)
