"""Choice <-> the page's query string, beside the experiment's fields.

?map=tuning&across=hyper.lr~0.0001~0.2&up=hyper.momentum&shows=loss&side=256&landscape=...
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from optimizers.maps import Region
from pages.ui import address
from pages.ui.experiment import MAX_STEPS, Experiment
from pages.ui.fields import choice as one_of
from pages.ui.fields import finite, whole, written
from pages.ui.maps.choice import KINDS, MAX_SEEDS, SHOWS, Choice, Compared, Side, opening
from pages.ui.reading import Query, Reader

DEFAULT = Choice()


def encode(experiment: Experiment, choice: Choice) -> dict[str, str | list[str]]:
    query: dict[str, str | list[str]] = {"map": choice.kind}
    for name, side in (("across", choice.across), ("up", choice.up)):
        if side != Side():
            query[name] = "~".join([side.word, *(written(value) for value in side.range or ())])
    for name in ("shows", "side", "tick", "seeds", "scores"):
        value = getattr(choice, name)
        if value != getattr(DEFAULT, name):
            query["runs" if name == "seeds" else name] = str(value)
    if region := choice.region:
        query["region"] = "~".join((*(written(value) for value in (region.x, region.y, region.radius)), region.along))
    if compared := choice.compared.word:
        query["compare"] = "~".join((compared, *(written(value) for value in choice.compared.values)))
    if choice.frame:
        query["frame"] = "~".join(written(value) for pair in choice.frame for value in pair)
    return query | address.encode(experiment)


def decode(query: Query) -> tuple[tuple[Experiment, Choice], tuple[str, ...]]:
    """What a query describes, and a note for each part that could not be used. Without a landscape or racers: the page's opening."""
    experiment, notes = address.decode(query)
    fields, own = _fields(query)
    if {"landscape", "racer", "lesson"} & set(query):
        return (experiment, Choice(**fields)), (*notes, *own)
    experiment, choice = opening(fields.get("kind", DEFAULT.kind))
    return (experiment, replace(choice, **fields)), (*notes, *own)


def _fields(query: Query) -> tuple[dict[str, Any], tuple[str, ...]]:
    readers: Mapping[str, tuple[str, Callable[[str], Any]]] = {
        "map": ("kind", one_of(*KINDS)),
        "across": ("across", _side),
        "up": ("up", _side),
        "shows": ("shows", one_of(*SHOWS)),
        "side": ("side", whole(2, 100_000)),
        "frame": ("frame", _frame),
        "tick": ("tick", whole(0, MAX_STEPS)),
        "runs": ("seeds", whole(1, MAX_SEEDS)),
        "scores": ("scores", one_of("here", "all")),
        "region": ("region", _region),
        "compare": ("compared", _compared),
    }
    reader = Reader(query)
    found = {field: reader.read(name, None, parse) for name, (field, parse) in readers.items()}
    return {field: value for field, value in found.items() if value is not None}, tuple(reader.notes)


def _side(text: str) -> Side:
    word, *ends = text.split("~")
    if not word or len(ends) not in (0, 2):
        raise ValueError("a name expected, and two numbers or none")
    if not ends:
        return Side(word)
    low, high = finite(ends[0]), finite(ends[1])
    if not low < high:
        raise ValueError("the second number must be the larger one")
    return Side(word, low, high)


def _region(text: str) -> Region:
    *numbers, along = text.split("~")
    if len(numbers) != 3:
        raise ValueError("3 numbers and one of both, x, y expected")
    x, y, radius = (finite(number) for number in numbers)
    return Region(x, y, radius, cast(Any, one_of("both", "x", "y")(along)))


def _compared(text: str) -> Compared:
    word, *values = text.split("~")
    if not word or not values:
        raise ValueError("a name expected, and numbers")
    return Compared(word, tuple(dict.fromkeys(finite(value) for value in values)))


def _frame(text: str) -> tuple[tuple[float, float], tuple[float, float]]:
    parts = [finite(part) for part in text.split("~")]
    if len(parts) != 4:
        raise ValueError("4 numbers expected")
    x0, x1, y0, y1 = parts
    if not (x0 < x1 and y0 < y1):
        raise ValueError("the second number of each pair must be the larger one")
    return (x0, x1), (y0, y1)
