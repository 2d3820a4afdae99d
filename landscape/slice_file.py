"""Slices in files (NumPy's .npz, read without pickle), and a cache of those that took a while to compute."""

import contextlib
import hashlib
import io
import json
import os
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from landscape import cache
from landscape.slice import Slice

ARRAYS = ("xs", "ys", "values")
TEXTS = tuple(one.name for one in fields(Slice) if one.init and one.name not in ARRAYS)
KEPT = 200  # files: some 30 KB each


def pack(land: Slice) -> bytes:
    """A slice as a file's content."""
    file = io.BytesIO()
    text = json.dumps({name: getattr(land, name) for name in TEXTS})
    np.savez_compressed(file, about=np.array(text), **{name: getattr(land, name) for name in ARRAYS})
    return file.getvalue()


def unpack(content: bytes) -> Slice:
    """The inverse of `pack`. Raises ValueError for anything else; nothing in it is run."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as found:
            arrays = {name: found[name] for name in ARRAYS}
            about: dict[str, Any] = json.loads(str(found["about"]))
        listed: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in about.items() if name in TEXTS
        }
        return Slice(**arrays, **listed)
    except Exception as reason:  # noqa: BLE001 - damaged bytes raise whatever the reader trips over
        raise ValueError(f"This is no file of a slice ({type(reason).__name__}).") from None


def find(key: str) -> Slice | None:
    """The slice that was kept under a key; None where there is none, or none that can be read."""
    try:
        return unpack(_path(key).read_bytes())
    except (OSError, ValueError):
        return None


def keep(key: str, land: Slice) -> None:
    """Keep a slice for `find`, also of other processes. Where nothing can be written nothing is kept."""
    path = _path(key)
    with contextlib.suppress(OSError):
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        with os.fdopen(descriptor, "wb") as file:
            file.write(pack(land))
        os.replace(temporary, path)  # whole or not at all: others may read
        for old in sorted(path.parent.glob("*.npz"), key=_age)[KEPT:]:
            old.unlink(missing_ok=True)


def _path(key: str) -> Path:
    return cache.folder("slices") / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.npz"


def _age(path: Path) -> float:
    try:
        return -path.stat().st_mtime
    except OSError:  # another process was faster
        return 0.0
