"""One self-contained, interactive HTML file of a race: the scene's script, Plotly and the data, no network."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pages.scene import bundle, payload
from pages.scene.payload import Race, Surface
from pages.ui.marks import MARKS
from pages.ui.words import figure

if TYPE_CHECKING:
    from landscape.nets.planes import NetLandscape, PathOnPlane, Plane
    from landscape.nets.planes import Surface as Measured

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


def net_html(found: NetLandscape, title: str = "Where did training go?", names: Sequence[str] = ()) -> str:
    """The landscape of anybody's net as one interactive HTML file: for notebooks and scripts, without a server.

    The training loss over the plane as a map and as a surface, each run's shadow on it, and under the clock each run's TRUE loss, which is
    not the height under its shadow. A tick is a saved point of the runs.

    Args:
        found: from `landscape.nets.planes.landscape_of`.
        title: the headline.
        names: of the runs, in their order; "run 1", "run 2", ... where left out.

    Raises:
        ValueError: more than 12 runs, or as many names as there are no runs.

    Example:
        >>> from pathlib import Path
        >>> import torch
        >>> from landscape.nets.planes import landscape_of
        >>> from pages.scene.export import net_html
        >>> net, x = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)), torch.randn(100, 2)
        >>> loss, y, saved, optimizer = torch.nn.MSELoss(), x[:, :1] * x[:, 1:], [], torch.optim.Adam(net.parameters(), 0.01)
        >>> for epoch in range(200):
        ...     saved.append({name: tensor.detach().clone() for name, tensor in net.state_dict().items()})
        ...     optimizer.zero_grad()
        ...     loss(net(x), y).backward()
        ...     _ = optimizer.step()
        >>> page = net_html(landscape_of(net, loss, (x, y), runs=[saved]), "How did Adam get there?", ["Adam"])
        >>> _ = Path("landscape.html").write_text(page, encoding="utf-8")
    """
    if len(found.paths) > len(MARKS) or (names and len(names) != len(found.paths)):
        raise ValueError(f"{len(found.paths)} runs and {len(names)} names: give up to {len(MARKS)} runs, and a name for each or none.")
    train, ticks = found.train, max((len(path.loss) for path in found.paths), default=1)
    x, y = (float(train.xs[0]), float(train.xs[-1])), (float(train.ys[0]), float(train.ys[-1]))
    drawn = payload.surface("net", "Training loss", x, y, train.loss, equal=_alike(found.plane, x, y), axes=_axes(found.plane))
    runs = [_run(path, k, names[k] if names else f"run {k + 1}", ticks) for k, path in enumerate(found.paths)]
    start = found.paths[0].coordinates[0].tolist() if found.paths else [0.0, 0.0]
    runs = runs or [_alone(train)]
    return standalone_html(
        drawn, payload.race("net", start, ticks - 1, runs, headline=title, clock="tick (a saved point of the runs)", fixed=True)
    )


def _run(path: PathOnPlane, number: int, name: str, ticks: int) -> payload.Racer:
    coordinates, loss = np.full((ticks, 2), np.nan), np.full(ticks, np.nan)
    coordinates[: len(path.loss)], loss[: len(path.loss)] = path.coordinates, path.loss
    last, under, away = (figure(values[-1]) for values in (path.loss, path.shadow_loss, path.distance))
    words = (
        f"Its last loss is {last}; the picture shows {under} under it, for it stands {away} away from the plane. "
        f"The plane holds {path.explained:.1%} of its path."
    )
    mark = MARKS[number]
    return payload.racer(str(number), name, mark.color, mark.marker, coordinates, loss, np.full(ticks, np.nan), sentence=words)


def _alone(train: Measured) -> payload.Racer:
    """A net of which no run is known: the point that the plane goes through."""
    loss = float(train.loss[np.abs(train.ys).argmin(), np.abs(train.xs).argmin()])
    words = f"Its loss is {figure(loss)}. No run was given: this is where the plane goes through it."
    return payload.racer("0", "the net", MARKS[0].color, MARKS[0].marker, [[0.0, 0.0]], [loss], [np.nan], sentence=words)


def _axes(plane: Plane) -> tuple[str, str]:
    shares = plane.shares or (None, None)
    labels = zip((plane.label_u, plane.label_v), shares, strict=True)
    first, second = (label if share is None else f"{label} ({share:.0%} of the paths)" for label, share in labels)
    return first, second


def _alike(plane: Plane, x: tuple[float, float], y: tuple[float, float]) -> bool:
    """Whether one unit is as long in both directions, and no side more than three times the other."""
    u, v = np.linalg.norm(plane.u), np.linalg.norm(plane.v)
    return bool(abs(u - v) < 1e-6 * u and 1 / 3 < (x[1] - x[0]) / (y[1] - y[0]) < 3)


def _inline(script: str) -> str:
    # A script element ends at the first "</script", wherever it stands.
    return script.replace("</script", "<\\/script")


def _json(value: Any) -> str:
    return json.dumps(value, allow_nan=False).replace("<", "\\u003c")
