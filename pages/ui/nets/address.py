"""NetsExperiment <-> the page's query string, to the last digit; the same fields and the same racers as on the race page.

    ?preset=moons&data=moons~samples~200~noise~0.15&net=mlp~widths~16_16~activation~tanh&steps=500&racer=adam~0~lr~0.02&plane=kind~pca_all

What is missing takes the preset's value; what is wrong falls back, with a word about it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from typing import Any

from landscape import Parameter
from landscape.nets import ACTIVATIONS, DATASETS, INITS, LOSSES, MODELS, NORMS, RESCALED
from optimizers.examples import EXAMPLES
from pages.ui import slices
from pages.ui.common import common, nobody_meant, read_batch, read_conditions, read_racers, read_schedule, read_view
from pages.ui.experiment import Racer
from pages.ui.fields import choice, finite, joined, read_pairs, short, switch, whole, within
from pages.ui.nets.depth import LEAST, MOST, WAYS
from pages.ui.nets.experiment import (
    MAX_RACERS,
    MAX_STEPS,
    MOST_DROPOUT,
    MOST_LAYERS,
    MOST_UNITS,
    PRESETS,
    NetsExperiment,
    Spec,
    default_nets,
    fitted,
    kind_of,
    model_of,
)
from pages.ui.nets.kinds import KINDS
from pages.ui.nets.measures import MEASURES
from pages.ui.nets.under import LEAST_STARTS, MOST_STARTS, RADII, TITLES, Under
from pages.ui.reading import Query, Reader, read_each


def sizes(text: str) -> tuple[int, ...]:
    """The units of each layer, or the blocks of each stage: "16_16"; empty: none."""
    parts = tuple(whole(1, MOST_UNITS)(part) for part in text.split("_") if part)
    if len(parts) > MOST_LAYERS:
        raise ValueError(f"{len(parts)} layers are too many: {MOST_LAYERS} have room")
    return parts


# How each field of a model, and of a plane, is read back.
MODEL: dict[str, Callable[[str], Any]] = {
    "widths": sizes,
    "channels": sizes,
    "blocks": sizes,
    "width": whole(1, MOST_UNITS),
    "units": whole(1, MOST_UNITS),
    "layers": whole(1, MOST_LAYERS),
    "embedding": whole(1, MOST_UNITS),
    "heads": whole(1, MOST_UNITS),
    "hidden": whole(1, MOST_UNITS),
    "pre": switch,
    "activation": choice(*ACTIVATIONS),
    "norm": choice(*NORMS),
    "init": choice(*INITS),
    "skip": switch,
    "bias": switch,
    "dropout": lambda text: within(finite(text), 0.0, MOST_DROPOUT),
    "rescale": choice(*RESCALED),
    "scale": lambda text: within(finite(text), 0.0, 100.0),
}
PLANE: dict[str, Callable[[str], Any]] = {
    "kind": choice(*KINDS),
    "of": whole(0, MAX_RACERS - 1),
    "scale": choice("filter", "layer", "none"),
    "vectors": choice("zero", "scale", "copy"),
    "seed": whole(0, 10**6),
    "span": lambda text: within(finite(text), 0.01, 100.0),
    "points": whole(11, 151),
    "measure": choice(*MEASURES),
    "ends": lambda text: _slots(text.split("_"), 3),
}
UNDER: dict[str, Callable[[str], Any]] = {
    "tab": choice(*TITLES),
    "radius": lambda text: within(finite(text), *RADII),
    "starts": whole(LEAST_STARTS, MOST_STARTS),
    "widths": lambda text: tuple(sorted(set(sizes(text)))),
    "stuck": lambda text: within(finite(text), 0.01, 1.0),
    "layers": whole(LEAST, MOST),
    "drawn": choice(*WAYS),
    "norm": choice(*NORMS),
    "skip": switch,
}


def encode(experiment: NetsExperiment) -> dict[str, str | list[str]]:
    data = DATASETS[experiment.data]
    query: dict[str, str | list[str]] = {"preset": experiment.preset}
    query["data"] = f"{experiment.data}~" + joined({p.key: v for p, v in zip(data.parameters, experiment.params, strict=True)})
    query["net"] = f"{kind_of(experiment.model)}~" + joined(vars(experiment.model))
    query["loss"] = experiment.loss
    query["steps"] = str(experiment.steps)
    query["batch"] = f"{experiment.batch}~{int(experiment.replacement)}"
    query["seed"] = str(experiment.seed)
    query["plane"] = joined(vars(experiment.plane))
    if experiment.line != (0, 1):
        query["line"] = "~".join(map(str, experiment.line))
    if changed := {key: value for key, value in vars(experiment.under).items() if value != getattr(Under(), key)}:
        query["tabs"] = joined(changed)
    if experiment.example:
        query["example"] = experiment.example
    return query | common(experiment)


def decode(query: Query) -> tuple[NetsExperiment, tuple[str, ...]]:
    """The experiment that a query describes, and a note for each part that could not be used as it stands."""
    reader = Reader(query)
    read, notes = reader.read, reader.notes
    base = default_nets(read("preset", next(iter(PRESETS)), choice(*PRESETS)))
    data, params = read("data", (base.data, base.params), lambda text: _read_data(text, notes))
    steps = read("steps", base.steps, whole(1, MAX_STEPS))
    built = replace(
        base, data=data, params=params, steps=steps, seed=read("seed", base.seed, whole(0, 10**6)),
        model=read("net", base.model, lambda text: _read_model(text, base.model, notes)), loss=read("loss", base.loss, choice(*LOSSES)),
    )  # fmt: skip
    built = _standing(built, base, notes)
    batch, replacement = read("batch", (min(base.batch, _samples(built)), base.replacement), lambda text: read_batch(text, _samples(built)))
    racers = _read_racers(query["racer"], built, notes) if "racer" in query else _able(built, notes)
    chosen = read_each(read("plane", {}, read_pairs), PLANE, "field of a plane", notes, "plane: ")
    experiment = replace(
        built,
        batch=batch,
        replacement=replacement,
        conditions=read_conditions(reader),
        schedule=read_schedule(reader),
        racers=racers,
        plane=replace(base.plane, **chosen),
        line=read("line", base.line, _read_line),
        under=Under(**read_each(read("tabs", {}, read_pairs), UNDER, "setting of a tab", notes, "tabs: ")),
        example=read("example", "", choice(*EXAMPLES)),
        selected=read("selected", racers[0].slot if racers else 0, whole(0, MAX_RACERS - 1)),
        view=read_view(reader),
    )
    found = fitted(replace(experiment, cursor=read("cursor", None, whole(0, experiment.snapshots))))
    if experiment.example != found.example:
        notes.append(f"“{EXAMPLES[experiment.example].name}” is not shown: it is of another net than this one.")
    if racers:
        notes.extend(_missing(experiment, found, query, chosen))
    return found, tuple(notes)


def _missing(asked: NetsExperiment, found: NetsExperiment, query: Query, plane: Mapping[str, Any]) -> list[str]:
    """Who was named by a place in which nobody is, where that changes what is shown; `plane`: what the query says of it."""
    several = KINDS[asked.plane.kind].racers > 1
    said = {
        "the plane goes through another end": not several and "of" in plane and asked.plane.of != found.plane.of,
        "the plane goes through other ends": several and "ends" in plane and asked.plane.ends != found.plane.ends,
        "the line joins other ends": "line" in query and asked.line != found.line,
    }
    return [f"A racer that the address names is not there: {what}." for what, wrong in said.items() if wrong]


def _read_line(text: str) -> tuple[int, int]:
    first, second = _slots(text.split("~"), 2, apart=False)
    return first, second


def _slots(parts: Sequence[str], count: int, apart: bool = True) -> tuple[int, ...]:
    """So many racers' places, no two alike where they are to be `apart`."""
    slots = tuple(whole(0, MAX_RACERS - 1)(part) for part in parts)
    if len(slots) != count or (apart and len(set(slots)) < count):
        raise ValueError(f"{count} racers expected")
    return slots


def _samples(experiment: NetsExperiment) -> int:
    return len(experiment.problem.split.train)


def _read_racers(texts: Sequence[str], built: NetsExperiment, notes: list[str]) -> tuple[Racer, ...]:
    """Those of a query; where somebody was meant to train and nobody can be read, those that the preset opens with."""
    racers = read_racers(texts, built.landscape, notes)
    if any(racer.slot >= MAX_RACERS for racer in racers):
        notes.append(f"Only {MAX_RACERS} racers train side by side; the rest was left out.")
        racers = tuple(racer for racer in racers if racer.slot < MAX_RACERS)
    if racers or nobody_meant(texts):
        return racers
    notes.append("The preset's own racers stand in.")
    return _able(built, notes)


def _able(experiment: NetsExperiment, notes: list[str]) -> tuple[Racer, ...]:
    """The preset's racers that can train the net as it has been changed."""
    stayed = [racer.method for racer in experiment.racers if racer.method.unfit(experiment.landscape)]
    notes.extend(f"{method.name} cannot train this net: {method.unfit(experiment.landscape)}" for method in stayed)
    return tuple(racer for racer in experiment.racers if not racer.method.unfit(experiment.landscape))


def _standing(built: NetsExperiment, base: NetsExperiment, notes: list[str]) -> NetsExperiment:
    """The net that was asked for if model, loss and data fit together and the data can be drawn; else the preset's."""
    try:
        _samples(built)
    except ValueError as error:
        notes.append(f"The net was not used: {error} The preset's stands in.")
        return replace(base, steps=built.steps, seed=built.seed)
    return built


def _read_data(text: str, notes: list[str]) -> tuple[str, tuple[float, ...]]:
    key, _, rest = text.partition("~")
    if key not in DATASETS:
        raise ValueError(f"there are no data {short(key)}")
    data = DATASETS[key]
    known = {parameter.key: partial(_checked, parameter) for parameter in data.parameters}
    values = data.parameter_values | read_each(read_pairs(rest) if rest else {}, known, f"parameter of {data.name}", notes)
    return key, tuple(values.values())


def _checked(parameter: Parameter, text: str) -> float:
    return parameter.check(finite(text))


def _read_model(text: str, default: Spec, notes: list[str]) -> Spec:
    key, _, rest = text.partition("~")
    if key not in MODELS:
        raise ValueError(f"there is no model {short(key)}")
    known = {name: MODEL[name] for name in (f.name for f in fields(MODELS[key]))}
    values = vars(default) if kind_of(default) == key else {}
    return model_of(key, values | read_each(read_pairs(rest) if rest else {}, known, f"field of {key}", notes, "net: "))


def recipe(experiment: NetsExperiment) -> str:
    """All that decides on the plane, in one value: what another page's address carries. See `experiment_of` and `slices.recipe`."""
    query = encode(experiment.drawn)
    return slices.recipe(
        {key: value for key, value in query.items() if key not in ("selected", "cursor", "view", "line", "example", "tabs")}
    )


def experiment_of(text: str) -> tuple[NetsExperiment, tuple[str, ...]]:
    """The inverse of `recipe`, with notes on what could not be used."""
    return decode(slices.query(text))
