"""One self-contained, interactive HTML file of a race: the scene's script, Plotly and the data, no network."""

from __future__ import annotations

import html
import json
from typing import Any

from pages.scene import bundle
from pages.scene.payload import Race, Surface

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:;
style-src 'unsafe-inline'; img-src data: blob:; font-src data:; worker-src blob:; connect-src data: blob:">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --st-text-color: #1f2a33; --st-background-color: #ffffff; --st-secondary-background-color: #f0f3f5;
  --st-primary-color: #1f6f8b; --st-font: system-ui, sans-serif; }}
@media (prefers-color-scheme: dark) {{ :root {{ --st-text-color: #e8eef2; --st-background-color: #10171d;
  --st-secondary-background-color: #1b252d; --st-primary-color: #5fb3cf; }} }}
body {{ margin: 0; padding: 20px clamp(12px, 3vw, 40px); background: var(--st-background-color); }}
</style></head>
<body><main id="scene"></main>
<script>{plotly}</script>
<script>(() => {{ "use strict";
{script}
showAlone(document.getElementById("scene"), {surface}, {race});
}})();</script></body></html>
"""


def standalone_html(surface: Surface, race: Race) -> str:
    """The whole scene as one HTML file (about 5 MB, nearly all of it Plotly)."""
    return _PAGE.format(
        title=html.escape(f"{race['headline']} ({surface['name']})"),
        plotly=_inline(bundle.plotly()),
        script=_inline(bundle.script()),
        surface=_json(surface),
        race=_json(race),
    )


def _inline(script: str) -> str:
    # A script element ends at the first "</script", wherever it stands.
    return script.replace("</script", "<\\/script")


def _json(value: Any) -> str:
    return json.dumps(value, allow_nan=False).replace("<", "\\u003c")
