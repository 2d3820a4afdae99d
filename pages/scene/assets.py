"""Puts the scene's script and Plotly where Streamlit's static serving finds them: static/ravine-<hash>/ beside app.py."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pages.scene import bundle

STATIC = Path(__file__).resolve().parents[2] / "static"


class AssetsError(RuntimeError):
    """The browser's files cannot be served."""


@cache
def publish(static: Path = STATIC) -> str:
    """Writes what is missing of the scene and returns the URL of the folder, relative to the app's base."""
    return put({"scene.js": bundle.module(), "plotly.js": bundle.plotly()}, static)


def put(contents: Mapping[str, str], static: Path) -> str:
    """The files in a folder of their own, as `publish` does for the scene.

    The folder's name is a hash of its contents: a new version has a new address, so no browser shows a stale one.
    """
    digest = hashlib.sha256("\0".join(contents.values()).encode()).hexdigest()[:12]
    folder = static / f"ravine-{digest}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in contents.items():
            if not (folder / name).is_file():
                _write(folder / name, text)
    except OSError as error:
        raise AssetsError(f"The browser's files cannot be written to {folder}: {error}. Make that folder writable and reload.") from error
    return f"app/static/{folder.name}"


def _write(path: Path, text: str) -> None:
    """Whole or not at all: two servers may start at once."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
