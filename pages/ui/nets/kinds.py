"""How a plane through weight space is laid: a registry, in teaching order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from landscape.nets import NetProblem
from landscape.nets.planes.curvature import lanczos
from landscape.nets.planes.objective import Objective
from landscape.nets.planes.plane import Interval, Plane, hessian_plane, pca_plane, plane_through, random_plane
from pages.ui.nets.experiment import PlaneChoice

Paths = Sequence[np.ndarray]  # one (k, n) a racer, without what diverged


@dataclass(frozen=True)
class Ground:
    """What a plane may be laid through."""

    problem: NetProblem
    objective: Objective  # of what is drawn
    training: Objective  # what the racers descend; directions are taken from it, whatever is drawn
    paths: Paths  # of every racer that stayed finite
    own: np.ndarray  # (k, n): of the racer in whose end the plane is centred
    ends: Sequence[tuple[str, np.ndarray]]  # whose ends (n,) a plane of three solutions goes through; fewer where too few stayed finite
    choice: PlaneChoice


@dataclass(frozen=True)
class Kind:
    key: str
    name: str
    help: str
    lay: Callable[[Ground], Plane]
    frame: Callable[[Plane, Ground], tuple[Interval, Interval]]
    scaled: bool = False  # whether Li's scaling of directions applies
    racers: int = 1  # that it takes
    equal: bool = True  # whether both axes measure the same length


def _random(ground: Ground) -> Plane:
    c = ground.choice
    return random_plane(ground.own[-1], ground.training.layout, c.seed, c.scale, c.vectors)  # type: ignore[arg-type]


def _hessian(ground: Ground) -> Plane:
    top = lanczos(ground.training, ground.own[-1], 2)
    return hessian_plane(ground.own[-1], top.vectors, top.values)


def _solutions(ground: Ground) -> Plane:
    if len(ground.ends) < 3:
        raise ValueError(f"A plane through three solutions needs three racers that did not diverge; there are {len(ground.ends)}.")
    (first, a), (second, b), (third, c) = ground.ends
    how = f"The plane through the ends of {first}, at (0, 0), {second} and {third}."
    return replace(plane_through(a, b, c), label_u=f"towards {second}", label_v=f"towards {third}", how=how)


def _spanned(frame: tuple[Interval, Interval], span: float) -> tuple[Interval, Interval]:
    """Widened about the origin, which stays inside."""
    (x0, x1), (y0, y1) = frame
    return (span * x0, span * x1), (span * y0, span * y1)


def _all_paths(plane: Plane, ground: Ground) -> tuple[Interval, Interval]:
    return _spanned(plane.frame(*ground.paths), ground.choice.span)


def _own_path(plane: Plane, ground: Ground) -> tuple[Interval, Interval]:
    return _spanned(plane.frame(ground.own), ground.choice.span)


def _ends(plane: Plane, ground: Ground) -> tuple[Interval, Interval]:
    return _spanned(plane.frame(np.stack([end for _, end in ground.ends]), margin=0.4), ground.choice.span)


def _unit(plane: Plane, ground: Ground) -> tuple[Interval, Interval]:
    span = ground.choice.span
    return (-span, span), (-span, span)


def _even(plane: Plane, ground: Ground) -> tuple[Interval, Interval]:
    """As far as the path reaches along either eigenvector, on both sides of both."""
    reach = ground.choice.span * 1.15 * float(np.abs(plane.project(ground.own).coordinates).max() or 1.0)
    return (-reach, reach), (-reach, reach)


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind("pca_all", "Along all paths (PCA)", "The two directions in which the weights of all racers together vary most.",
             lambda g: pca_plane(list(g.paths), g.own[-1]), _all_paths),
        Kind("pca_one", "Along one path (PCA)", "The two directions in which one racer's weights vary most.",
             lambda g: pca_plane(g.own), _own_path),
        Kind("random", "Random directions", "Two random directions through the trained net, scaled as Li et al. 2018 have it.",
             _random, _unit, scaled=True, equal=False),
        Kind("hessian", "Sharpest directions (Hessian)", "The two directions in which the loss curves most at the trained net.",
             _hessian, _even),
        Kind("solutions", "Through three solutions", "The plane that holds where three of the racers ended.",
             _solutions, _ends, racers=3),
    )
}  # fmt: skip
