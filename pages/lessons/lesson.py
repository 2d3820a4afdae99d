"""A lesson: a question, the link that answers it on a real computation, and what to look at there."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    key: str
    title: str
    group: str
    rows: tuple[int, ...]  # of the syllabus
    question: str  # the page's headline while it is open
    look: str  # what to look at, and what to change next
    query: Mapping[str, tuple[str, ...]]  # as an address has it
    then: str = ""  # the lesson that it leads to, which is a click away
    measured: str = ""  # what its words name, measured in the run on screen: a key of MEASURES in pages/ui/measured.py
    preset: str = ""  # the case in the maps' room of seeds that shows what one run cannot: a link leads there


def link(landscape: str, *racers: str, **fields: object) -> dict[str, tuple[str, ...]]:
    """The query of a race: racers as in an address, without their slots; other fields by name."""
    named = tuple(f"{method}~{slot}{settings}" for slot, (method, settings) in enumerate(map(_split, racers)))
    return {"landscape": (landscape,), "racer": named, **{key: (str(value),) for key, value in fields.items()}}


def _split(racer: str) -> tuple[str, str]:
    method, tilde, settings = racer.partition("~")
    return method, tilde + settings
