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

    @property
    def place(self) -> str:
        """Where the syllabus has it: "row 26", "rows 34, 60", "rows 40 to 43"."""
        first, last = self.rows[0], self.rows[-1]
        together = len(self.rows) > 2 and self.rows == tuple(range(first, last + 1))
        words = f"{first} to {last}" if together else ", ".join(map(str, self.rows))
        return f"row{'s' * (len(self.rows) > 1)} {words}"


def link(landscape: str, *racers: str, **fields: object) -> dict[str, tuple[str, ...]]:
    """The query of a race: racers as in an address, without their slots; other fields by name."""
    named = tuple(f"{method}~{slot}{settings}" for slot, (method, settings) in enumerate(map(_split, racers)))
    return {"landscape": (landscape,), "racer": named, **{key: (str(value),) for key, value in fields.items()}}


def _split(racer: str) -> tuple[str, str]:
    method, tilde, settings = racer.partition("~")
    return method, tilde + settings
