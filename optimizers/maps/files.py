"""A map as a file: NPZ with every array and the case it is of, or CSV with a line a run."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from optimizers.maps.basins import Basins
from optimizers.maps.board import Score
from optimizers.maps.seeds import Fan
from optimizers.maps.sheet import STATUS, Sheet

Result = Sheet | Fan | Sequence[Score]


def npz(result: Result, case: Any = None) -> bytes:
    """All arrays of a map under their names, `status` in codes with `status_names` beside it, and the case as JSON."""
    file = io.BytesIO()
    if is_dataclass(result):
        arrays = {field.name: _array(getattr(result, field.name)) for field in fields(result)}
    else:
        heads, lines = table(result)
        arrays = {head: np.array(column) for head, column in zip(heads, zip(*lines, strict=True), strict=True)}
    arrays |= {"status_names": np.array(STATUS), "case": np.array(json.dumps(asdict(case) if case else {}))}
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def text(result: Result) -> str:
    """CSV: a head, and a line for every run."""
    file = io.StringIO()
    heads, lines = table(result)
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(lines)
    return file.getvalue()


def table(result: Result) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Heads, and a tuple for every run."""
    if isinstance(result, Sheet):
        x, y = np.meshgrid(result.xs, result.ys)
        columns = {"x": x, "y": y, "loss": result.loss, "arrived": result.arrived, "diverged_at": result.diverged_at}
        columns |= {"status": np.array(STATUS)[result.status], "end_x": result.end[0], "end_y": result.end[1]}
        if isinstance(result, Basins):
            columns["which"] = result.which
    elif isinstance(result, Fan):
        columns = {"run": np.arange(len(result.ends)), "loss": result.ends, "arrived": result.arrived, "escape": result.escape}
        columns |= {"inside": result.inside, "which": result.which, "end_x": result.end[0], "end_y": result.end[1]}
    else:
        return _scores(result)
    return tuple(columns), list(zip(*(column.ravel().tolist() for column in columns.values()), strict=True))


def _scores(rows: Sequence[Score]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    parts = ("lr", "arrived", "loss", "diverged")
    heads = ("landscape", "optimizer", *(f"{which}_{part}" for which in ("default", "tuned") for part in parts), "working_share", "reason")
    lines = []
    for row in rows:
        cells = [getattr(result, part) if result else None for result in (row.default, row.tuned) for part in parts]
        lines.append((row.landscape, row.optimizer, *("" if cell is None else cell for cell in cells), row.share, row.reason))
    return heads, lines


def _array(value: Any) -> np.ndarray:
    return np.array(json.dumps(asdict(value))) if is_dataclass(value) and not isinstance(value, type) else np.asarray(value)


def check(path: Path) -> None:
    """Raise ValueError for a path that `write` could not write to: asked before a long computation."""
    if path.suffix not in (".npz", ".csv"):
        raise ValueError(f"{path.name}: choose a name that ends in .npz or .csv.")
    if not path.parent.is_dir():
        raise ValueError(f"{path}: there is no folder {path.parent}; make it first.")


def write(path: Path, result: Result, case: Any = None) -> None:
    """Write a map to a file whose ending says how."""
    if path.suffix == ".npz":
        path.write_bytes(npz(result, case))
    else:
        path.write_text(text(result), encoding="utf-8")
