"""Files to take home, and weights from a file, shipped or brought along: what they are worth, and how far they are from everybody."""

import numpy as np
import streamlit as st

from landscape.nets import Layout
from landscape.nets.files import LARGEST, about
from optimizers import OPTIMIZERS
from optimizers.examples import EXAMPLES
from pages.ui.nets import brought, state
from pages.ui.nets.brought import Brought
from pages.ui.nets.experiment import NetsExperiment, left_behind, with_example
from pages.ui.nets.judged import Weighed, distances, place, scores, shipped
from pages.ui.nets.measures import MEASURES
from pages.ui.nets.running import Now
from pages.ui.nets.tabs.menu import menu
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
        _own(experiment, work, found)
    _shipped(experiment, work)


def tensors(layout: Layout) -> str:
    """What a file must hold."""
    shapes = [f"{entry.name} {'×'.join(map(str, entry.shape)) or 'a number'}" for entry in layout]
    more = f" and {len(shapes) - NAMED} more" if len(shapes) > NAMED else ""
    return f"{layout.n:,} weights in {times(len(shapes), 'tensor')}, {', '.join(shapes[:NAMED])}{more}"


def _own(experiment: NetsExperiment, work: Now, found: Brought) -> None:
    name, button = st.columns([0.72, 0.28], vertical_alignment="center")
    name.text(f"Your file: {found.name}")  # as text: a stranger's file may have any name
    button.button("Put it away", icon=":material/close:", key="nets/put_away", on_click=brought.put_away, width="stretch")
    _show(experiment, work, found.weighed)
    st.caption("The file stays in this session and goes with its net: the address does not hold it.")


def _shipped(experiment: NetsExperiment, work: Now) -> None:
    """A menu of all, whatever net is on screen: who chooses one gets its net along with it."""
    names = {"": "None"} | {key: example.name for key, example in EXAMPLES.items()}
    menu("A trained net that comes with Ravine", names, experiment.example, "nets/example", _choose,
         "Beside the racers and on the plane. Another net than the one on screen opens with its data.")  # fmt: skip
    if not experiment.example:
        return
    example = EXAMPLES[experiment.example]
    method, settings = OPTIMIZERS[example.optimizer].name, ", ".join(f"{key} {value:g}" for key, value in example.hypers.items())
    st.markdown(f"**{example.name}**: {example.shown}. Trained from seed {example.seed} by {method}, {settings}, for "
                f"{times(example.steps, 'evaluation')}; `{about(example.path)['made by']}` makes it again.")  # fmt: skip
    try:
        _show(experiment, work, shipped(experiment.example))
    except ValueError as reason:
        st.error(str(reason))


def _choose(key: str) -> None:
    before = state.current()
    after = with_example(before, key)
    words = left_behind(before, after) if after.racers != before.racers else ""
    if after.model == before.model and after.data == before.data:
        state.put(after)
    else:
        state.jump(after)
    if words:
        state.say(words)


def _show(experiment: NetsExperiment, work: Now, found: Weighed) -> None:
    _compare(experiment, work, found)
    if not np.isfinite(found.weights).all():
        st.warning("Not all of its weights are finite: such a net has no loss, and no place on the plane.")
    elif work.drawn:
        where = place(experiment, work.drawn, found.weights)
        seen = f"marked as “{found.label}”" if where.inside else "outside the picture: widen its frame under Plane to see it there"
        st.markdown(
            f"{disagreement(where.truth, found.title, MEASURES[experiment.plane.measure].quantity)} On the plane it is at "
            f"({figure(where.x)}, {figure(where.y)}), {seen}. Nets may lie far apart and compute the same: the units of a layer can stand "
            "in any order."
        )


def _compare(experiment: NetsExperiment, work: Now, found: Weighed) -> None:
    """The file, then every racer at its end."""
    own, far = scores(experiment.problem, found.weights), distances(work.records, found.weights)
    present = [racer for racer in experiment.racers if racer.slot in work.records]
    ends = [work.records[racer.slot].training for racer in present]
    columns = {"Weights": [found.title, *(f"{racer.mark.glyph} {experiment.called(racer)}" for racer in present)]}
    for part, words in (("train", "Training"), ("validation", "Validation")):
        losses = [float(getattr(own, f"{part}_loss")), *(getattr(end, f"{part}_loss")[-1] for end in ends)]
        right = [float(getattr(own, f"{part}_accuracy")), *(getattr(end, f"{part}_accuracy")[-1] for end in ends)]
        columns[f"{words} loss" + (" (right)" if experiment.problem.dataset.task == "classes" else "")] = [
            "none" if loss != loss else figure(loss) + (f" ({share:.1%})" if share == share else "")
            for loss, share in zip(losses, right, strict=True)
        ]
    columns["Distance from it"] = ["0", *(figure(far[r.slot]) if far[r.slot] == far[r.slot] else "none" for r in present)]
    table(columns)
