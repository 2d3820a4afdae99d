"""The engine against its peers, in one run: many runs of Adam on Rosenbrock, our lanes, JAX + optax, and a loop over torch.optim.

    python -m tests.benchmarks.engine

Prints ratios and never asserts a time: machines are shared. Each figure is the best of several interleaved rounds, so that a noisy
moment hits all alike.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from landscape import FUNCTIONS
from optimizers import OPTIMIZERS, descend

RUNS, TICKS, ROUNDS, START = 16_384, 500, 5, (-1.5, 2.0)
RATES = np.geomspace(1e-4, 1e-1, RUNS)


def ravine() -> np.ndarray:
    return descend(FUNCTIONS["rosenbrock"], OPTIMIZERS["adam"], START, TICKS, keep="final", lr=RATES).final


def with_optax() -> Callable[[], np.ndarray]:
    import jax
    import jax.numpy as jnp
    import optax

    jax.config.update("jax_enable_x64", True)

    def loss(p: "jax.Array") -> "jax.Array":
        return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2

    def one(rate: "jax.Array") -> "jax.Array":
        method = optax.inject_hyperparams(optax.adam)(learning_rate=rate)
        point = jnp.array(START)

        def tick(carry, _):  # type: ignore[no-untyped-def]
            point, state = carry
            updates, state = method.update(jax.grad(loss)(point), state, point)
            return (optax.apply_updates(point, updates), state), None

        return jax.lax.scan(tick, (point, method.init(point)), None, length=TICKS)[0][0]

    compiled, rates = jax.jit(jax.vmap(one)), jnp.asarray(RATES)
    compiled(rates).block_until_ready()  # its compile time is left out
    return lambda: np.asarray(compiled(rates)).T


def with_torch(ticks: int = 2000) -> float:
    """Seconds per tick of one run through torch.optim.Adam."""
    import torch

    torch.set_num_threads(1)
    point = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    method = torch.optim.Adam([point], lr=1e-3)
    begun = time.perf_counter()
    for _ in range(ticks):
        method.zero_grad()
        ((1 - point[0]) ** 2 + 100 * (point[1] - point[0] ** 2) ** 2).backward()
        method.step()
    return (time.perf_counter() - begun) / ticks


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def against_peers() -> None:
    optax_run = with_optax()
    apart = np.abs(ravine() - optax_run()).max()
    ours, theirs = zip(*((seconds(ravine), seconds(optax_run)) for _ in range(ROUNDS)), strict=True)
    per_tick, peer, torch_tick = min(ours) / RUNS / TICKS, min(theirs) / RUNS / TICKS, with_torch()
    print(f"Adam on Rosenbrock, {RUNS:,} runs x {TICKS} ticks, float64 (ends differ from optax's by at most {apart:.1e})")
    print(f"  Ravine        {per_tick * 1e9:10.2f} ns per run and tick")
    print(f"  JAX + optax   {peer * 1e9:10.2f} ns   ratio {peer / per_tick:10.1f}   (compile time left out)")
    print(f"  torch.optim   {torch_tick * 1e9:10.0f} ns   ratio {torch_tick / per_tick:10,.0f}")


def every_method() -> None:
    rosenbrock = FUNCTIONS["rosenbrock"]
    served = [key for key, method in OPTIMIZERS.items() if not method.unfit(rosenbrock)]

    def once(key: str) -> float:
        first = OPTIMIZERS[key].hypers[0]
        values = {first.key: np.geomspace(1e-5, 1e-4, RUNS) if first.key == "lr" else np.geomspace(first.low, first.high, RUNS)}
        return seconds(lambda: descend(rosenbrock, OPTIMIZERS[key], START, TICKS, keep="final", **values)) / RUNS / TICKS

    rounds = [{key: once(key) for key in served} for _ in range(ROUNDS)]
    best = {key: min(one[key] for one in rounds) for key in served}
    print(
        "\nEvery method in lanes: ns per run and tick, times Adam's, and evaluations a step (ticks over moves of the iterate, a single run)"
    )
    for key, value in best.items():
        print(f"  {key:20} {value * 1e9:8.2f} {value / best['adam']:6.2f} {evaluations_a_step(key):8.2f}")


def evaluations_a_step(key: str) -> float:
    run = descend(FUNCTIONS["rosenbrock"], OPTIMIZERS[key], START, TICKS, tolerance=0)
    path = run.path[: None if run.diverged_at is None else run.diverged_at + 1]
    moves = np.flatnonzero(np.any(np.diff(path, axis=0) != 0, axis=1))
    return (moves[-1] + 1) / len(moves)  # what follows the last move is rest


def first_runs() -> None:
    """In a fresh process with a warm cache: the first run of every pair of function and method."""
    script = """
import time
from landscape import FUNCTIONS
from optimizers import OPTIMIZERS, descend
pairs = []
for function in FUNCTIONS.values():
    for method in (method for method in OPTIMIZERS.values() if not method.unfit(function)):
        begun = time.perf_counter()
        descend(function, method, function.start, 100)
        pairs.append((time.perf_counter() - begun, function.key, method.key))
pairs.sort()
median, (slowest, *who) = pairs[len(pairs) // 2][0], pairs[-1]
print(f"  {len(pairs)} pairs: median {median * 1e3:.2f} ms, slowest {slowest * 1e3:.1f} ms {who}")
"""
    print("\nFirst run of every pair in a new process, warm kernel cache")
    for _ in range(2):  # the first one may still fill the cache
        sys.stdout.flush()
        subprocess.run([sys.executable, "-c", script], check=True, env=os.environ | {"PYTHONPATH": os.getcwd()})


if __name__ == "__main__":
    against_peers()
    every_method()
    first_runs()
