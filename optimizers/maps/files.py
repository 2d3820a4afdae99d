"""A map as a file: NPZ with every array and the case it is of, or CSV with a line a run."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from optimizers.maps.basins import Basins
from optimizers.maps.board import Score
from optimizers.maps.robustness import Merits, Result
from optimizers.maps.seeds import Fan
from optimizers.maps.sheet import STATUS, Sheet

Made = Sheet | Fan | Sequence[Score] | Sequence[Merits]
Axes = tuple[str, ...]  # what varies along x and y, by word
RESULTS = ("default", "tuned")  # fields that are a Result


def npz(result: Made, case: Any = None, axes: Axes = ()) -> bytes:
    """All arrays of a map under their names, `status` in codes with `status_names` beside it, what varies along x and y, and the case."""
    return packed(arrays(result) | {"axes": np.array(axes), "case": described(case)})


def described(case: Any) -> np.ndarray:
    """The case as JSON."""
    return np.array(json.dumps(asdict(replace(case, land=None)) if case else {}))


def arrays(result: Made) -> dict[str, np.ndarray]:
    """All arrays of a result under their names."""
    if is_dataclass(result):
        return {field.name: _array(getattr(result, field.name)) for field in fields(result)}
    heads, lines = table(result)
    return {head: np.array(column) for head, column in zip(heads, zip(*lines, strict=True), strict=True)}


def packed(named: Mapping[str, np.ndarray]) -> bytes:
    """An NPZ file of these arrays, with what the codes of any status stand for."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, status_names=np.array(STATUS), **named)
    return file.getvalue()


def text(result: Made, axes: Axes = ()) -> str:
    """CSV: a head, in which x and y carry the names of what varies, and a line for every run."""
    file = io.StringIO()
    heads, lines = table(result)
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(dict(zip("xy", axes, strict=False)).get(head, head) for head in heads)
    writer.writerows(lines)
    return file.getvalue()


def table(result: Made) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Heads, and a tuple for every run."""
    if isinstance(result, Sheet):
        x, y = np.meshgrid(result.xs, result.ys)
        columns = {"x": x, "y": y, "loss": result.loss, "arrived": result.arrived, "diverged_at": result.diverged_at}
        columns |= {"status": np.array(STATUS)[result.status], "end_x": result.end[0], "end_y": result.end[1]}
        if isinstance(result, Basins):
            columns["which"] = result.which
    elif isinstance(result, Fan):
        columns = {"run": np.arange(len(result.ends)), "loss": result.ends, "arrived": result.arrived, "escape": result.escape}
        columns |= {"inside": result.inside, "which": result.which, "reached": result.reached}
        columns |= {"end_x": result.end[0], "end_y": result.end[1]}
    else:
        return _rows(result)
    return tuple(columns), list(zip(*(column.ravel().tolist() for column in columns.values()), strict=True))


def _rows(rows: Sequence[Score] | Sequence[Merits]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """A column a field, and four for one that is a result."""
    names = [field.name for field in fields(rows[0])] if rows else []
    parts = {name: tuple(field.name for field in fields(Result)) if name in RESULTS else () for name in names}
    heads = tuple(head for name in names for head in ([f"{name}_{part}" for part in parts[name]] or [name]))
    lines = []
    for row in rows:
        cells = [getattr(row, name) for name in names]
        flat = [
            getattr(cell, part, None) if parts[name] else cell
            for name, cell in zip(names, cells, strict=True)
            for part in parts[name] or [""]
        ]
        lines.append(tuple("" if cell is None else cell for cell in flat))
    return heads, lines


def _array(value: Any) -> np.ndarray:
    return np.array(json.dumps(asdict(value))) if is_dataclass(value) and not isinstance(value, type) else np.asarray(value)


def check(path: Path) -> None:
    """Raise ValueError for a path that `write` could not write to: asked before a long computation."""
    if path.suffix not in (".npz", ".csv"):
        raise ValueError(f"{path.name}: choose a name that ends in .npz or .csv.")
    if not path.parent.is_dir():
        raise ValueError(f"{path}: there is no folder {path.parent}; make it first.")


def write(path: Path, result: Made, case: Any = None, axes: Axes = ()) -> None:
    """Write a map to a file whose ending says how."""
    if path.suffix == ".npz":
        path.write_bytes(npz(result, case, axes))
    else:
        path.write_text(text(result, axes), encoding="utf-8")
