"""Training small nets against a loop over torch.optim on the same net and batch size, in one run.

    python -m tests.benchmarks.nets

Prints microseconds a tick, each the best of several interleaved rounds, and never asserts a time. Adam, mini-batches of the preset's size.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import torch

from landscape.nets import PRESETS, NetProblem
from optimizers import OPTIMIZERS, Batches, descend
from optimizers.train import train

ROUNDS, TICKS, LANES, RATE = 5, 200, 128, 1e-3
ADAM = OPTIMIZERS["adam"]


def through_the_loop(problem: NetProblem) -> None:
    train(problem, ADAM, TICKS, lr=RATE, batches=Batches(problem.batch or 1), every=TICKS)


def with_torch(problem: NetProblem) -> None:
    module, (x, y) = problem.module(), problem.tensors()
    optimizer, generator = torch.optim.Adam(module.parameters(), lr=RATE), torch.Generator().manual_seed(0)
    for _ in range(TICKS):
        batch = torch.randint(0, len(x), (problem.batch or 1,), generator=generator)
        optimizer.zero_grad()
        problem.mean_loss(module(x[batch]), y[batch]).backward()
        optimizer.step()


def in_lanes(problem: NetProblem) -> None:
    starts = np.repeat(problem.start[:, None], LANES, axis=1)
    descend(problem, ADAM, starts, TICKS, lr=RATE, batches=Batches(problem.batch or 1), keep="final")


def main() -> None:
    for key in ("moons", "xor", "spirals", "digits", "cnn", "resnet"):
        problem = PRESETS[key]
        ways: dict[str, tuple[Callable[[], None], int]] = {
            "torch.optim": (partial(with_torch, problem), 1),
            "the loop, PyTorch's gradient": (partial(through_the_loop, replace(problem, engine="torch")), 1),
        }
        if problem.precision == "float64":
            compiled = replace(problem, engine="compiled")
            ways["the loop, compiled gradient"] = (partial(through_the_loop, compiled), 1)
            ways[f"the compiled loop, {LANES} lanes"] = (partial(in_lanes, compiled), LANES)
        best = dict.fromkeys(ways, float("inf"))
        for _ in range(ROUNDS):
            for name, (run, lanes) in ways.items():
                began = time.perf_counter()
                run()
                best[name] = min(best[name], (time.perf_counter() - began) / TICKS / lanes)
        figures = ", ".join(f"{name} {seconds * 1e6:.0f}" for name, seconds in best.items())
        print(f"{key} ({problem.n} weights, batches of {problem.batch}): {figures} us a tick", flush=True)


if __name__ == "__main__":
    main()
