"""Where generated kernels live: one module each in a cache folder, which Numba's own cache sits beside.

Nothing here can fail for want of a writable or an intact folder: a bad file is written again, a bad folder is replaced
by a private temporary one. Processes may race: files appear whole, or not at all.
"""

import atexit
import hashlib
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock
from types import ModuleType

from platformdirs import user_cache_dir

_locks: dict[str, Lock] = {}
_modules: dict[str, ModuleType] = {}


@cache
def generator() -> str:
    """The version of generated code: a digest of the sources that decide what it looks like."""
    here = Path(__file__).parent
    return _digest(
        "".join((here / f"{name}.py").read_text("utf-8") for name in ("algebra", "symbols", "printer", "curvature", "codegen", "kernel"))
    )


@cache
def private_folder() -> Path:
    """A folder of this process alone, gone with it."""
    path = Path(tempfile.mkdtemp(prefix="ravine-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def folder(what: str = "kernels") -> Path:
    """A folder in $RAVINE_CACHE, or in the user's cache folder; a private temporary one where that cannot be written."""
    path = Path(os.environ.get("RAVINE_CACHE") or user_cache_dir("ravine")) / what
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return path
    except OSError:
        return private_folder()


def load(what: str, source: Callable[[], str]) -> ModuleType:
    """The module that `source` writes, from memory, from the cache folder, or written now; `what` says all it depends on."""
    key = _digest(f"{generator()}\n{what}")
    with _locks.setdefault(key, Lock()):  # setdefault is atomic: one lock per kernel
        if key not in _modules:
            _modules[key] = _load(f"ravine_{key}", source)
        return _modules[key]


def _load(name: str, source: Callable[[], str]) -> ModuleType:
    path = folder() / f"{name}.py"
    if _intact(path):
        try:
            return _imported(name, path)
        except Exception:  # noqa: BLE001 - a broken file of Numba's beside ours raises whatever unpickling it raises
            for stale in (path, *path.parent.glob(f"__pycache__/{name}.*")):
                stale.unlink(missing_ok=True)
    text = source()
    try:
        return _imported(name, _written(path, text))
    except OSError:  # full, or lost while we looked
        return _imported(name, _written(private_folder() / path.name, text))


def _written(path: Path, text: str) -> Path:
    body = f"{text}\n# {_digest(text)}\n".encode()
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
    if _intact(path):  # another process was faster: keep the file that its compiled code is stamped with
        os.unlink(temporary)
    else:
        os.replace(temporary, path)
    return path


def _intact(path: Path) -> bool:
    try:
        text, _, stamp = path.read_bytes().decode().rstrip("\n").rpartition("\n# ")
    except (OSError, UnicodeDecodeError):
        return False
    return bool(text) and stamp == _digest(text)


def _imported(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # Numba looks a kernel's module up by name
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]
