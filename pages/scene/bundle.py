"""Joins a component's JavaScript modules into one script, so that a page makes one request and a file can hold it.

The modules keep to a discipline that makes this a few lines: `import { a, b } from "./x.js"` on one line, no renaming, no default
exports, no two top-level names alike. A component may import another one's modules: "../../scene/js/x.js".
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.[\w./]+)";\n', re.MULTILINE)


@dataclass(frozen=True)
class Bundle:
    """What goes into one script: the module that imports all others, the styles, and the functions that the page calls."""

    entry: Path
    styles: tuple[Path, ...]
    doors: tuple[str, ...]


SCENE = Bundle(HERE / "js" / "main.js", (HERE / "scene.css",), ("mountScene", "mountSurface", "preload", "showAlone"))


def modules(entry: Path) -> list[Path]:
    """Every module after those it imports."""
    done: list[Path] = []

    def visit(path: Path) -> None:
        for needed in _IMPORT.findall(path.read_text(encoding="utf-8")):
            if (other := (path.parent / needed).resolve()) not in done:
                visit(other)
        if path not in done:
            done.append(path)

    visit(entry)
    return done


@cache
def script(bundle: Bundle = SCENE) -> str:
    """All modules in one scope, with the styles as `RAVINE_CSS`; nothing is exported."""
    styles = "\n".join(path.read_text(encoding="utf-8") for path in bundle.styles)
    parts = [f"const RAVINE_CSS = {json.dumps(styles)};\n"]
    for path in modules(bundle.entry):
        source = _IMPORT.sub("", path.read_text(encoding="utf-8"))
        parts.append(f"// {path.name}\n" + re.sub(r"^export ", "", source, flags=re.MULTILINE))
    return "\n".join(parts)


def module(bundle: Bundle = SCENE) -> str:
    """The same as an ES module, for `import()`."""
    return f"{script(bundle)}\nexport {{ {', '.join(bundle.doors)} }};\n"


@cache
def plotly() -> str:
    """Plotly.js as it came with the installed Python package: never from a network."""
    from importlib.resources import files

    return (files("plotly") / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
