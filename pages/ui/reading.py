"""A query read field by field: what is missing takes its default, what is wrong falls back, with a word about it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pages.ui.fields import short

Query = Mapping[str, Sequence[str]]


class Reader:
    """Reads a query; `notes` tell of each part that could not be used as it stands."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.notes: list[str] = []

    def read(self, key: str, default: Any, parse: Callable[[str], Any]) -> Any:
        """One field; `parse` raises ValueError with the reason where it cannot be used."""
        try:
            return parse(self.query[key][-1]) if key in self.query else default
        except (ValueError, KeyError, OverflowError) as error:
            self.notes.append(note(key, self.query[key][-1], error))
            return default


def note(what: str, text: str, error: Exception) -> str:
    return f"{what} = {short(text)} was not used: {str(error).rstrip('.')}. The default stands in."


def read_each(
    pairs: Mapping[str, str], known: Mapping[str, Callable[[str], Any]], what: str, notes: list[str], prefix: str = ""
) -> dict[str, Any]:
    """The entries that can be read; a note for each of the others. `what` is what all of them are: "condition"."""
    values: dict[str, Any] = {}
    for key, text in pairs.items():
        if key not in known:
            notes.append(f"{prefix}{short(key)} is no {what}; it was left out.")
            continue
        try:
            values[key] = known[key](text)
        except ValueError as error:
            notes.append(note(f"{prefix}{key}", text, error))
    return values
