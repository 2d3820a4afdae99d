"""What the room of seeds says in words: what is random, a row of figures for every lot, how the runs stand to a theorem."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from landscape import Problem
from optimizers.maps import Bound, Escape, Fan, Region
from pages.figures.seeds import Runs
from pages.ui.experiment import Experiment
from pages.ui.maps.lots import Lot
from pages.ui.words import figure, spot


def chance(lots: Sequence[Lot]) -> str:
    """What is random."""
    noises = list(dict.fromkeys(lot.case.conditions.noise for lot in lots))
    noise = f"noise {', '.join(map(figure, noises))}" if any(noises) else ""
    sizes = [size for size in dict.fromkeys(lot.case.batch for lot in lots) if size]
    batches = f"batches of {', '.join(f'{size:,}' for size in sizes)} {'sample' if sizes == [1] else 'samples'}" if sizes else ""
    return ", ".join(filter(None, (noise, batches)))


def region_words(region: Region, axes: Sequence[str]) -> str:
    """As an inequality or a distance: "|x - 1.5| ≤ 1.2", "within 0.2 of (0, 0)"."""
    if region.along == "both":
        return f"within {figure(region.radius)} of ({figure(region.x)}, {figure(region.y)})"
    name, centre = (axes[0], region.x) if region.along == "x" else (axes[1], region.y)
    shift = f" {'-' if centre > 0 else '+'} {figure(abs(centre))}" if centre else ""
    return f"|{name}{shift}| ≤ {figure(region.radius)}"


def facts_table(experiment: Experiment, runs: Sequence[Runs]) -> str:
    """A row for every lot, in Markdown."""
    columns: dict[str, Callable[[Fan], str]] = {
        f"arrive within {figure(experiment.tolerance)}": lambda fan: _percent(float(np.mean(fan.arrived >= 0))),
        "half have left the region by tick": _half,
        "in the region at the end": lambda fan: _percent(float(fan.inside.mean())),
        "mean of the ends": lambda fan: spot(fan.middle[0], fan.middle[1], experiment.problem) if np.isfinite(fan.middle[0]) else "nowhere",
        "diverge": lambda fan: _percent(_lost(fan)),
    }
    if experiment.problem.lowest is None:
        columns.pop(next(iter(columns)))
    if not any(_lost(each.fan) for each in runs):
        columns.pop("diverge")
    lines = [["runs of", *columns], ["---", *["---:"] * len(columns)]]
    lines += [[each.label, *(words(each.fan) for words in columns.values())] for each in runs]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _lost(fan: Fan) -> float:
    return 1.0 - float(np.isfinite(fan.ends).mean())


def _middle(fan: Fan, problem: Problem) -> str:
    x, y = fan.middle
    return spot(x, y, problem) if np.isfinite(x) else "nowhere"


def _half(fan: Fan) -> str:
    """The median of the first ticks outside."""
    if not fan.within[0]:
        return "begin outside"
    escaped, half = np.sort(fan.escape[fan.escape >= 0]), (len(fan.escape) + 1) // 2
    return f"{escaped[half - 1]:,}" if len(escaped) >= half else "never"


def escaping(law: Escape, fan: Fan) -> str:
    """The law's ticks, what of them the noise decides, and what the runs say."""
    if law.half == math.inf:
        return "without noise nothing leaves the saddle."
    if math.isnan(law.half):
        return "it does not begin at the saddle: the rings are exact, the formula is for a start on it."
    rest = law.half - law.growth
    told = f"ln(1/σ)/ln ρ = {figure(law.growth)} ticks, and {figure(rest)} in which the noise has no part: **{figure(law.half)}**."
    return f"{told} Half of the runs have left by tick: {_half(fan)}."


def against(found: Bound, heights: np.ndarray) -> str:
    """A theorem's constants, and what the runs come to at the last tick."""
    p, steps = found.premises, len(found.values)
    constants = f"L = {figure(p.largest)}, μ = {figure(p.mu)}, σ² = {figure(p.sigma2)} (over all coordinates)"
    constants += "." if p.quadratic else ", curvatures as found on the frame."
    last = float(found.measured(heights)[-1])
    if not np.isfinite(last):
        return f"{constants} Some of these runs diverged, so they have no mean."
    if found.theorem.exact:
        return f"{constants} At T = {steps:,}: **E[f] μ T / σ² = {figure(found.constant(heights[-1]))}**, which tends to 1/2."
    what = "The average so far" if found.theorem.of == "average" else "The mean"
    return (
        f"{constants} {what} at T = {steps:,} is {figure(last)}, {figure(100 * last / found.values[-1])} % of the bound "
        f"{figure(found.values[-1])}."
    )
