"""What is said of the preset's racers, against what several seeds of each come to."""

from functools import partial

import numpy as np
import streamlit as st

from optimizers.verdict import LUCK, Verdict
from pages.ui.nets import claims
from pages.ui.nets.claims import CHOOSING, FACTORS, SEEDS, Side
from pages.ui.nets.experiment import PRESETS, NetsExperiment
from pages.ui.nets.running import Now, task
from pages.ui.nets.tabs.table import table
from pages.ui.words import figure, times

ASKED = "nets/asked/claims"  # the setup for which somebody asked
AT_ONCE = 20.0  # s; what takes longer is not begun unasked


def claimed(experiment: NetsExperiment, work: Now) -> None:
    if not experiment.problem.claims:
        named = ", ".join(f"**{preset.name}**" for preset in PRESETS.values() if preset.claims)
        st.markdown(f"Nothing is said of this preset's racers that could be tested. Presets (under Net) that come with claims: {named}.")
        return
    unjudged = "\n".join(f"- *{claim.text}*" for claim in experiment.problem.claims)
    if not _allowed(experiment, unjudged):
        return
    found: dict[int, Side] = task("claims", experiment.setup, partial(claims.tested, experiment), "Testing what is said") or {}
    verdicts = claims.verdicts(experiment, found)
    if not verdicts:
        st.markdown(unjudged)
    else:
        table({
            "What is said": [one.claim.text for one in verdicts],
            "Racer": [_score(experiment, found[one.claim.racer]) for one in verdicts],
            "Against": [_score(experiment, found[one.claim.than]) for one in verdicts],
            "Verdict": [f"**{one.words}**" for one in verdicts],
        })  # fmt: skip
    st.caption(method(experiment, verdicts))


def _allowed(experiment: NetsExperiment, unjudged: str) -> bool:
    seconds = claims.seconds(experiment)
    if seconds <= AT_ONCE or st.session_state.get(ASKED) == experiment.setup:
        return True
    st.markdown(unjudged)
    st.caption(f"Trains each of them on {times(SEEDS, 'seed')} of weights and batches: about {seconds:.0f} s here.")
    st.button("Test it", icon=":material/fact_check:", key="nets/ask/claims",
              on_click=lambda: st.session_state.update({ASKED: experiment.setup}))  # fmt: skip
    return False


def _score(experiment: NetsExperiment, side: Side) -> str:
    """The median over the seeds, and from where to where they go."""
    racer, ends = side.racer, side.ends
    classes = experiment.problem.dataset.task == "classes"
    values = ends.right if classes else ends.validation
    low, middle, high = (f"{v:.1%}" if classes else figure(v) for v in np.quantile(values, (0.0, 0.5, 1.0), method="nearest").tolist())
    return f"{racer.name} ({racer.detail}): {middle} ({low} to {high})"


def method(experiment: NetsExperiment, verdicts: list[Verdict]) -> str:
    """How it was tested."""
    what = "share of validation data right" if experiment.problem.dataset.task == "classes" else "validation loss"
    tuned = any(one.claim.tuned for one in verdicts)
    rates = "Each as the preset enters it. "
    if tuned:
        rates = (
            f"Each at the best of {len(FACTORS)} learning rates, {min(FACTORS):g} to {max(FACTORS):g} times the recommended one: the "
            f"lowest training loss, mean of {CHOOSING} other seeds. "
        )
    return (
        f"{rates}{experiment.steps:,} evaluations, under the conditions on screen. Median {what} at the end, and from the lowest to the "
        f"highest of {SEEDS} seeds; shown where chance would tell equals apart less than once in {1 / LUCK:.0f} (rank test)."
    )
