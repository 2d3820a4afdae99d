"""Bring your own: any torch module, loss function and data in; planes, surfaces, paths and sharpness out, as arrays."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
import torch

from landscape.nets.files import tensors
from landscape.nets.planes.curvature import Spectrum, lanczos
from landscape.nets.planes.directions import Scale, Vectors
from landscape.nets.planes.losses import LOSSES
from landscape.nets.planes.objective import Loss, Objective, Statistics
from landscape.nets.planes.paths import PathOnPlane, path_on_plane
from landscape.nets.planes.plane import Interval, Plane, axis, hessian_plane, pca_plane, random_plane
from landscape.nets.planes.surface import Surface, loss_over
from landscape.problem import Array
from landscape.slice import Slice

Kind = Literal["random", "pca", "hessian"]
Saved = npt.ArrayLike | Mapping[str, Any] | torch.nn.Module | Path | bytes
"""One point of a run: flat weights, a state_dict, a module, or a file of weights (its path as a Path, or its content): see `nets.files`."""


@dataclass(frozen=True, eq=False)
class NetLandscape:
    """All that a picture of a net's landscape needs."""

    plane: Plane
    train: Surface
    validation: Surface | None
    paths: tuple[PathOnPlane, ...]  # one a run, over the training surface
    spectrum: Spectrum  # the two largest eigenvalues of the training loss's Hessian at the plane's origin
    words: str  # how the plane was chosen and what is done with running statistics

    def slice(self, name: str = "Your net", start: tuple[float, float] | None = None, **fields: Any) -> Slice:
        """The training surface as a landscape that optimizers can be released on, from `start`, or from where the first run began.

        Without a run the start is three quarters of the way to a corner. See `landscape.slice.Slice` for the other fields.
        """
        x, y = self.train.xs, self.train.ys
        begin = tuple(self.paths[0].coordinates[0].tolist()) if self.paths else (float(0.75 * x[0]), float(0.75 * y[-1]))
        return Slice(name, x, y, self.train.loss, start or begin, source=self.words, **fields)


def landscape_of(
    module: torch.nn.Module,
    loss: Loss,
    data: tuple[torch.Tensor, torch.Tensor],
    runs: Sequence[Sequence[Saved]] = (),
    *,
    validation: tuple[torch.Tensor, torch.Tensor] | None = None,
    kind: Kind | None = None,
    frame: tuple[Interval, Interval] | None = None,
    points: int = 51,
    seed: int = 0,
    scale: Scale = "filter",
    vectors: Vectors = "zero",
    batch: int | None = None,
    statistics: Statistics = "frozen",
    on_progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> NetLandscape:
    """The loss landscape of a trained module around its weights.

    Args:
        module: trained; it is copied and stays as it is. Evaluated in eval mode: no dropout.
        loss: outputs, y -> the MEAN loss over the samples, as nn.CrossEntropyLoss() and its relatives are.
        data: x and y, all samples along the first axis.
        runs: the weights of one or more training runs, each a list of what was saved on the way: state_dicts (their buffers are left
            out), modules, files of weights (safetensors, or a state_dict by torch.save; nothing in them is run), or flat vectors in the
            order of `module.parameters()`.
        validation: x and y of the validation samples, for a second surface.
        kind: "pca" through the runs' own directions, "random" (Li et al. 2018), or "hessian", the two sharpest directions. None: "pca" with
            runs, else "random".
        frame: the ranges of the two coordinates; None: around the runs, else -1 to 1 (in multiples of the weights' lengths).
        points: a side.
        scale, vectors: of random directions, see `directions.normalised`.
        batch, statistics: see `objective.Objective`.
        on_progress, cancelled: as for `surface.loss_over`, over the training surface and then the validation surface.

    Raises:
        ValueError: what does not fit together, with a sentence that says what to change.

    Example:
        >>> found = landscape_of(net, nn.CrossEntropyLoss(), (x, y), runs=[checkpoints], validation=(xv, yv))
        >>> found.train.loss, found.paths[0].coordinates, found.spectrum.values
    """
    objective = Objective(module, loss, *data, batch=batch, statistics=statistics)
    paths = [np.array([_flat(objective, saved) for saved in run]) for run in runs]
    if any(len(path) == 0 for path in paths):
        raise ValueError("A run without saved weights: leave it out.")
    kind = kind or ("pca" if paths else "random")
    spectrum = lanczos(objective, objective.weights, k=min(2, objective.n), seed=seed)
    plane = _plane(objective, kind, paths, spectrum, seed, scale, vectors)
    (x0, x1), (y0, y1) = frame or (plane.frame(*paths) if paths else _unit(plane, kind, objective))
    xs, ys = axis(x0, x1, points), axis(y0, y1, points)
    report, shares = on_progress or (lambda share: None), 1 if validation is None else 2
    train = loss_over(objective, plane, xs, ys, on_progress=lambda share: report(share / shares), cancelled=cancelled)
    held_out = None
    if validation is not None:
        other = Objective(module, loss, *validation, batch=batch, statistics=statistics, population=data[0])
        held_out = loss_over(other, plane, xs, ys, on_progress=lambda share: report((1 + share) / 2), cancelled=cancelled)
    seen = tuple(path_on_plane(objective, plane, path) for path in paths)
    return NetLandscape(plane, train, held_out, seen, spectrum, f"{plane.how} {objective.words}")


def _flat(objective: Objective, saved: Saved) -> Array:
    """Saved weights as a flat vector; buffers are no weights."""
    if isinstance(saved, (Path, bytes)):
        saved = tensors(saved)
    if isinstance(saved, torch.nn.Module):
        saved = dict(saved.named_parameters())
    if not isinstance(saved, Mapping):
        return objective.layout.as_points(np.asarray(saved, dtype=np.float64).reshape(-1))
    parts = []
    for entry in objective.layout:
        if entry.name not in saved or tuple(saved[entry.name].shape) != entry.shape:
            raise ValueError(f"The saved weights have no {entry.name!r} of shape {entry.shape}: they are of another net.")
        parts.append(torch.as_tensor(saved[entry.name]).detach().double().numpy().reshape(-1))
    return np.concatenate(parts)


def _plane(objective: Objective, kind: Kind, paths: list[Array], spectrum: Spectrum, seed: int, scale: Scale, vectors: Vectors) -> Plane:
    makers: dict[str, Callable[[], Plane]] = {
        "random": lambda: random_plane(objective.weights, objective.layout, seed, scale, vectors),
        "hessian": lambda: hessian_plane(objective.weights, spectrum.vectors, spectrum.values),
        "pca": lambda: pca_plane(paths, centre=objective.weights),
    }
    if kind not in makers or (kind == "pca" and not paths):
        raise ValueError(f"kind = {kind!r}: choose 'random' or 'hessian', or 'pca' together with runs.")
    return makers[kind]()


def _unit(plane: Plane, kind: Kind, objective: Objective) -> tuple[Interval, Interval]:
    """-1 to 1 in multiples of the weights' lengths: random directions have them; eigenvectors have length 1."""
    size = 1.0 if kind == "random" else 0.25 * float(np.linalg.norm(objective.weights))
    return (-size, size), (-size, size)


class NetProblem(Protocol):
    """What `objective_of` asks of a problem: see `landscape.nets.problem`."""

    @property
    def loss(self) -> str: ...
    def module(self) -> torch.nn.Module: ...
    def tensors(self, validation: bool = False) -> tuple[torch.Tensor, torch.Tensor]: ...
    def mean_loss(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor: ...


def objective_of(problem: NetProblem, validation: bool = False, dtype: torch.dtype = torch.float32) -> Objective:
    """A net problem's loss on its training or validation samples: flat weights are in the same order.

    Batch norm sees all the training samples at once, at every point, as in the problem's own loss.
    """
    x, y = problem.tensors(validation)
    if problem.loss != "sum" and y.ndim == 2 and bool(((y == 0) | (y == 1)).all() & (y.sum(dim=1) == 1).all()):
        y = y.argmax(dim=1)  # classes again: then there is an accuracy
    loss = LOSSES.get(problem.loss, problem.mean_loss)
    population = problem.tensors()[0] if validation else None
    return Objective(problem.module(), loss, x, y, statistics="data", population=population, dtype=dtype)
