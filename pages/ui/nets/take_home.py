"""What a visitor takes home: curves, weights, the scene as a file."""

import streamlit as st
from safetensors.numpy import save

from pages.scene.export import standalone_html
from pages.ui.experiment import Racer
from pages.ui.nets import brought
from pages.ui.nets.compute import Drawn
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.present import curves_csv, race_data, surface_data
from pages.ui.nets.running import Now
from pages.ui.nets.trainee import Record


def weights_file(experiment: NetsExperiment, racer: Racer, record: Record) -> bytes:
    """A racer's last weights as safetensors, by the module's names, with what made them."""
    tensors = experiment.problem.layout.named(record.training.final.astype("float64"))
    about = {"net": experiment.problem.model.name, "data": experiment.problem.dataset.name, "trained_by": f"{racer.name} {racer.detail}"}
    return save({name: tensor.copy() for name, tensor in tensors.items()}, about)


def scene_file(experiment: NetsExperiment, records: dict[int, Record], drawn: Drawn) -> str:
    """The scene on its own, for a browser without this server."""
    marks = brought.marks(experiment, drawn)
    return standalone_html(surface_data(experiment, drawn, marks), race_data(experiment, records, drawn, 0, marks))


def take_home(experiment: NetsExperiment, work: Now) -> None:
    """The way to the race page, and buttons whose content is made when they are clicked, of what was on screen."""
    if not work.records:
        return
    name, drawn, records = f"ravine-{experiment.preset}", work.drawn, work.records
    st.download_button("Curves and paths as CSV", lambda: curves_csv(experiment, records, drawn), f"{name}.csv", "text/csv",
                       on_click="ignore", icon=":material/table:", key="nets/csv", width="stretch")  # fmt: skip
    selected = experiment.racer(experiment.selected)
    if selected and selected.slot in records:
        record = records[selected.slot]
        st.download_button(f"Weights of {selected.name}", lambda: weights_file(experiment, selected, record),
                           f"{name}-{selected.optimizer}.safetensors", "application/octet-stream", on_click="ignore",
                           icon=":material/memory:", key="nets/weights", width="stretch")  # fmt: skip
    if drawn:
        made = drawn
        st.download_button("Interactive HTML", lambda: scene_file(experiment, records, made), f"{name}.html", "text/html",
                           on_click="ignore", icon=":material/html:", key="nets/html", width="stretch")  # fmt: skip
