"""Planes through weight space against their peers, in one run: loss-landscapes, loss-landscape-3d, pyhessian, and the naive loop.

    python -m tests.benchmarks.planes

Prints ratios and never asserts a time. Interleaved rounds, each figure the best of its rounds, in CPU time of the process, which
other processes disturb least; a clock's time is named so. A peer that is not installed is named and left out.
The net: 64-32-32-10 tanh on 1,797 digits, float32, cross-entropy; peers on one thread of torch, without gradients.
"""

import time
from collections.abc import Callable, Mapping
from copy import deepcopy

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from landscape.nets.planes.conv import folded
from landscape.nets.planes.curvature import hessian_product, lanczos
from landscape.nets.planes.fused import fused
from landscape.nets.planes.objective import Objective
from landscape.nets.planes.plane import axis, random_plane
from landscape.nets.planes.surface import loss_over

SIDE, ROUNDS = 51, 7
PEER_SIDE = 15  # peers are timed on fewer points: they cost the same each
Work = Callable[[], object]


def digits() -> tuple[torch.Tensor, torch.Tensor]:
    from sklearn.datasets import load_digits

    data = load_digits()
    return torch.tensor(data.data / 16, dtype=torch.float32), torch.tensor(data.target)


def train(module: nn.Module, x: torch.Tensor, y: torch.Tensor, steps: int = 200) -> nn.Module:
    optimizer = torch.optim.Adam(module.parameters(), lr=0.01)
    for _ in range(steps):
        optimizer.zero_grad()
        functional.cross_entropy(module(x), y).backward()
        optimizer.step()
    return module.eval()


def seconds(work: Work, clock: Callable[[], float] = time.process_time) -> float:
    begun = clock()
    work()
    return clock() - begun


def compare(
    title: str,
    works: Mapping[str, tuple[Work, int]],
    unit: str = "us a point",
    scale: float = 1e6,
    rounds: int = ROUNDS,
    reduce: Callable[[np.ndarray], float] = np.min,
) -> None:
    """Each work and how many units it does; the first one is ours."""
    times = [{name: seconds(work) / units for name, (work, units) in works.items()} for _ in range(rounds)]
    figures = {name: reduce(np.array([each[name] for each in times])) for name in works}
    ours = next(iter(figures.values()))
    print(f"\n{title}")
    for name, value in figures.items():
        print(f"  {name:34} {value * scale:10.1f} {unit}   ratio {value / ours:6.2f}")


def loss_landscapes(module: nn.Module, x: torch.Tensor, y: torch.Tensor) -> Work:
    import loss_landscapes
    from loss_landscapes.metrics import Loss

    metric = Loss(functional.cross_entropy, x, y)

    def work() -> object:
        with torch.no_grad():
            return loss_landscapes.random_plane(module, metric, 1, PEER_SIDE, "filter", deepcopy_model=True)

    return work


def loss_landscape_3d(module: nn.Module, x: torch.Tensor, y: torch.Tensor) -> Work:
    from loss_landscape_3d.calculator import LossLandscapeCalculator
    from loss_landscape_3d.directions import generate_random_directions

    copy = deepcopy(module)
    loader = DataLoader(TensorDataset(x, y), batch_size=len(x))
    directions, state = generate_random_directions(copy), deepcopy(copy.state_dict())
    calculator, line = LossLandscapeCalculator(copy, loader, nn.CrossEntropyLoss()), np.linspace(-1, 1, PEER_SIDE)
    batch = next(iter(loader))
    calculator.dataloader = [batch]  # in its favour: collating 1,797 samples anew at every point is not its arithmetic
    return lambda: calculator.calculate(line, line, *directions, state)


def pyhessian(module: nn.Module, x: torch.Tensor, y: torch.Tensor) -> Callable[[], tuple[list[float], list[list[torch.Tensor]]]]:
    from pyhessian import hessian

    return lambda: hessian(deepcopy(module), nn.CrossEntropyLoss(), data=(x, y), cuda=False).eigenvalues(top_n=2)


def present(name: str, make: Callable[[], Work]) -> Work | None:
    try:
        return make()
    except ImportError as error:
        print(f"({name} is left out: {error})")
        return None


def planes(module: nn.Module, x: torch.Tensor, y: torch.Tensor) -> None:
    objective = Objective(module, functional.cross_entropy, x, y)
    plane, line, few = random_plane(objective.weights, objective.layout), axis(-1, 1, SIDE), np.linspace(-1, 1, PEER_SIDE)
    evaluate = fused(objective, plane)
    assert evaluate is not None
    grid = [points.ravel() for points in np.meshgrid(line, line)]
    small = [points.ravel() for points in np.meshgrid(few, few)]
    works: dict[str, tuple[Work, int]] = {
        "Ravine, all cores": (lambda: loss_over(objective, plane, line, line), SIDE**2),
        "Ravine, one thread": (lambda: evaluate(*grid), SIDE**2),
        "torch, one point after another": (lambda: objective.over(plane.origin, plane.u, plane.v, *small), PEER_SIDE**2),
    }
    for name, make in (("loss-landscapes", loss_landscapes), ("loss-landscape-3d", loss_landscape_3d)):
        if work := present(name, lambda make=make: make(module, x, y)):  # type: ignore[misc]
            works[name] = (work, PEER_SIDE**2)
    whole = min(seconds(works["Ravine, all cores"][0], time.perf_counter) for _ in range(5))
    compare(
        f"A {SIDE} x {SIDE} plane of the perceptron ({whole:.2f} s by the clock on all cores; {torch.get_num_threads()} thread of torch)",
        works,
    )
    exact = Objective(module, functional.cross_entropy, x, y, dtype=torch.float64).over(plane.origin, plane.u, plane.v, *grid)[0]
    off = np.abs(evaluate(*grid)[0] - exact)
    print(f"  off from float64 by at most {off.max():.1e}, relative {(off / exact).max():.1e}")


def curvature(module: nn.Module, x: torch.Tensor, y: torch.Tensor) -> None:
    objective = Objective(module, functional.cross_entropy, x, y)
    double = Objective(module, functional.cross_entropy, x, y, dtype=torch.float64)
    reference = lanczos(double, objective.weights, k=2, steps=120, tolerance=0)
    ours = lanczos(objective, objective.weights)
    works: dict[str, tuple[Work, int]] = {f"Ravine, Lanczos, {ours.products} products": (lambda: lanczos(objective, objective.weights), 1)}
    theirs = present("pyhessian", lambda: pyhessian(module, x, y))
    if theirs:
        works["pyhessian, its defaults"] = (theirs, 1)
    # how long power iteration takes depends on its random start
    compare("The top two eigenvectors of the Hessian (median of 20 random starts)", works, "ms", 1e3, 20, np.median)
    print(f"  cosines to float64's after 120 steps (residuals {reference.residuals.max():.0e}):")
    print(f"  Ravine     {np.abs(np.sum(ours.vectors * reference.vectors, axis=0))}")
    if theirs:
        vectors = [torch.cat([piece.reshape(-1) for piece in vector]).double().numpy() for vector in theirs()[1]]  # type: ignore[index]
        print(f"  pyhessian  {np.abs([vector @ exact for vector, exact in zip(vectors, reference.vectors.T, strict=True)])}")
    product, vector = hessian_product(objective, objective.weights), torch.randn(objective.n)
    print(f"  one product with the Hessian: {min(seconds(lambda: product(vector)) for _ in range(20)) * 1e3:.2f} ms")


class Block(nn.Module):
    def __init__(self, before: int, channels: int, stride: int) -> None:
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(before, channels, 3, stride, 1, bias=False), nn.BatchNorm2d(channels), nn.ReLU())
        self.two = nn.Sequential(nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels))
        self.short = (
            nn.Sequential(nn.Conv2d(before, channels, 1, stride, bias=False), nn.BatchNorm2d(channels)) if stride > 1 else nn.Identity()
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.two(self.one(x)) + self.short(x))


def convolutions(x: torch.Tensor, y: torch.Tensor) -> None:
    """ResNet-8 on the digits as 8 x 8 images."""
    stem = (nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
    blocks = (Block(16, 16, 1), Block(16, 32, 2), Block(32, 64, 2))
    net = train(nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)), x[:600], y[:600], 20)
    objective = Objective(net, functional.cross_entropy, x, y)
    plane, line = random_plane(objective.weights, objective.layout), np.linspace(-1, 1, 3)
    grid = [points.ravel() for points in np.meshgrid(line, line)]
    evaluate = folded(objective, plane)
    assert evaluate is not None
    works: dict[str, tuple[Work, int]] = {
        "Ravine, one thread": (lambda: evaluate(*grid), len(grid[0])),
        "torch, one point after another": (lambda: objective.over(plane.origin, plane.u, plane.v, *grid), len(grid[0])),
    }
    compare("A plane of ResNet-8 (16, 32, 64 channels) on 1,797 digits", works, "ms a point", 1e3)


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    x, y = digits()
    module = train(nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 10)), x, y)
    planes(module, x, y)
    curvature(module, x, y)
    convolutions(x.reshape(-1, 1, 8, 8), y)


if __name__ == "__main__":
    main()
