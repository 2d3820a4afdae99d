"""Slices by their recipes: in memory, on disk, or made now. Imports PyTorch only where one has to be made.

A recipe is the address of the nets page, what decides on its plane, as one value:

    preset~moons--data~moons~samples~200~noise~0.2--net~mlp~widths~16~...--racer~sgd~0~lr~1.0--plane~kind~pca_all~...
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock

from landscape import slice_file
from landscape.slice import Slice
from pages.ui.jobs import Report, Work

ROOT = Path(__file__).parents[2]
SOURCES = ("landscape", "optimizers", "pages/ui")  # the code that decides on a slice
LONGEST = 6000  # characters of a recipe
BETWEEN = "--"  # "~" joins what is within a part; no browser escapes either
REMEMBERED = 32

_made: OrderedDict[str, Slice | str] = OrderedDict()  # a slice, or why there is none
_lock = Lock()


def recipe(query: Mapping[str, str | Sequence[str]]) -> str:
    """A query of the nets page in one value."""
    listed = {name: [values] if isinstance(values, str) else values for name, values in query.items()}
    return BETWEEN.join(f"{name}~{value}" for name, values in listed.items() for value in values)


def query(text: str) -> dict[str, list[str]]:
    """The inverse of `recipe`. Raises ValueError for what is none."""
    if len(text) > LONGEST:
        raise ValueError(f"a recipe of {len(text):,} characters is too long: {LONGEST:,} have room")
    found: dict[str, list[str]] = {}
    for part in text.split(BETWEEN):
        name, _, value = part.partition("~")
        found.setdefault(name, []).append(value)
    if "preset" not in found:
        raise ValueError("this is no recipe of a slice: it begins with the preset of a net")
    return found


def made(text: str) -> Slice:
    """The slice of a recipe. Raises ValueError with what is wrong with it."""
    if (known := _known(text)) is None:
        known = _make(text)
    if isinstance(known, str):
        raise ValueError(known)
    return known


def work(text: str) -> Work | None:
    """Work for a job, after which `made` takes no time; None where it takes none now."""
    if _known(text) is not None:
        return None

    def doing(report: Report) -> Iterator[bool]:
        if _known(text) is None:  # another session may have been faster
            _make(text, report)
        yield True

    return doing


def refuse(text: str, reason: str) -> None:
    """There is no slice of this recipe; `made` will say why."""
    _remember(text, reason)


def put(text: str, land: Slice) -> None:
    """Keep a slice that was made elsewhere."""
    _remember(text, land)
    slice_file.keep(_key(text), land)


def _make(text: str, *report: Report) -> Slice | str:
    from pages.ui.nets.slices import slice_of  # imports PyTorch

    try:
        put(text, land := slice_of(text, *report))
    except ValueError as error:
        refuse(text, str(error))
        return str(error)
    return land


def _known(text: str) -> Slice | str | None:
    with _lock:
        if text in _made:
            _made.move_to_end(text)
            return _made[text]
    if land := slice_file.find(_key(text)):
        _remember(text, land)
    return land


def _remember(text: str, found: Slice | str) -> None:
    with _lock:
        _made[text] = found
        while len(_made) > REMEMBERED:
            _made.popitem(last=False)


def _key(text: str) -> str:
    return f"{_version()}\n{text}"


@cache
def _version() -> str:
    """A digest of the code that decides on a slice: another version of the app makes its own."""
    digest = hashlib.sha256()
    for path in sorted(path for folder in SOURCES for path in (ROOT / folder).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
