"""Files to take home, and a file of weights brought along: what it is worth, and how far it is from everybody."""

import numpy as np
import streamlit as st

from landscape.nets import Layout
from landscape.nets.files import LARGEST
from pages.ui.nets import brought
from pages.ui.nets.brought import Brought
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.judged import distances, place, scores
from pages.ui.nets.measures import MEASURES
from pages.ui.nets.running import Now
from pages.ui.nets.tabs.table import table
from pages.ui.nets.take_home import take_home
from pages.ui.nets.words import disagreement
from pages.ui.words import figure, times

ENDINGS = ("safetensors", "pt", "pth")
NAMED = 6  # tensors


def files(experiment: NetsExperiment, work: Now) -> None:
    take_home(experiment, work)
    layout = experiment.problem.layout
    st.file_uploader(
        "Bring weights of this net", ENDINGS, key=brought.key(), on_change=brought.take, max_upload_size=LARGEST // 1_000_000,
        help=f"A .safetensors file, such as the one above gives, or a state_dict that torch.save wrote (.pt, .pth): {tensors(layout)}. "
        "Nothing in the file is run. It stays in this session: the address does not hold it, and a copied link does not carry it.",
    )  # fmt: skip
    if reason := brought.refused(experiment):
        st.error(f"{reason} The net on screen has {tensors(layout)}.")
    if found := brought.brought():
        _show(experiment, work, found)


def tensors(layout: Layout) -> str:
    """What a file must hold."""
    shapes = [f"{entry.name} {'×'.join(map(str, entry.shape)) or 'a number'}" for entry in layout]
    more = f" and {len(shapes) - NAMED} more" if len(shapes) > NAMED else ""
    return f"{layout.n:,} weights in {times(len(shapes), 'tensor')}, {', '.join(shapes[:NAMED])}{more}"


def _show(experiment: NetsExperiment, work: Now, found: Brought) -> None:
    name, button = st.columns([0.72, 0.28], vertical_alignment="center")
    name.text(f"Your file: {found.name}")  # as text: a stranger's file may have any name
    button.button("Put it away", icon=":material/close:", key="nets/put_away", on_click=brought.put_away, width="stretch")
    _compare(experiment, work, found.weights)
    if not np.isfinite(found.weights).all():
        st.warning("Not all of its weights are finite: such a net has no loss, and no place on the plane.")
    elif work.drawn:
        where = place(experiment, work.drawn, found.weights)
        seen = "marked as “your file”" if where.inside else "outside the picture: widen its frame under Plane to see it there"
        st.markdown(
            f"{disagreement(where.truth, 'Your file', MEASURES[experiment.plane.measure].quantity)} On the plane it is at "
            f"({figure(where.x)}, {figure(where.y)}), {seen}. Nets may lie far apart and compute the same: the units of a layer can stand "
            "in any order."
        )
    st.caption("The file stays in this session and goes with its net: the address does not hold it.")


def _compare(experiment: NetsExperiment, work: Now, weights: np.ndarray) -> None:
    """The file, then every racer at its end."""
    own, far = scores(experiment.problem, weights), distances(work.records, weights)
    present = [racer for racer in experiment.racers if racer.slot in work.records]
    ends = [work.records[racer.slot].training for racer in present]
    columns = {"": ["Your file", *(f"{racer.mark.glyph} {racer.name}" for racer in present)]}
    for part, words in (("train", "Training"), ("validation", "Validation")):
        losses = [float(getattr(own, f"{part}_loss")), *(getattr(end, f"{part}_loss")[-1] for end in ends)]
        right = [float(getattr(own, f"{part}_accuracy")), *(getattr(end, f"{part}_accuracy")[-1] for end in ends)]
        columns[f"{words} loss" + (" (right)" if experiment.problem.dataset.task == "classes" else "")] = [
            "none" if loss != loss else figure(loss) + (f" ({share:.1%})" if share == share else "")
            for loss, share in zip(losses, right, strict=True)
        ]
    columns["Distance from it"] = ["0", *(figure(far[r.slot]) if far[r.slot] == far[r.slot] else "none" for r in present)]
    table(columns)
