"""Joins the scene's JavaScript modules into one script, so that a page makes one request and a file can hold it.

The modules keep to a discipline that makes this a few lines: `import { a, b } from "./x.js"` on one line, no renaming, no default
exports, no two top-level names alike.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENTRY = "main.js"
DOORS = ("mountScene", "mountSurface", "preload", "showAlone")
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w.]+)";\n', re.MULTILINE)


def _ordered(name: str, done: list[str]) -> list[str]:
    """Every module after those it imports."""
    for needed in _IMPORT.findall((HERE / "js" / name).read_text(encoding="utf-8")):
        if needed not in done:
            _ordered(needed, done)
    if name not in done:
        done.append(name)
    return done


@cache
def script() -> str:
    """All modules in one scope, with the styles as `RAVINE_CSS`; nothing is exported."""
    parts = [f"globalThis.RAVINE_CSS = {json.dumps((HERE / 'scene.css').read_text(encoding='utf-8'))};\n"]
    for name in _ordered(ENTRY, []):
        source = _IMPORT.sub("", (HERE / "js" / name).read_text(encoding="utf-8"))
        parts.append(f"// {name}\n" + re.sub(r"^export ", "", source, flags=re.MULTILINE))
    return "\n".join(parts)


def module() -> str:
    """The same as an ES module, for `import()`."""
    return f"{script()}\nexport {{ {', '.join(DOORS)} }};\n"


@cache
def plotly() -> str:
    """Plotly.js as it came with the installed Python package: never from a network."""
    from importlib.resources import files

    return (files("plotly") / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
