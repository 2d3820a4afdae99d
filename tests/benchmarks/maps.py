"""Maps against their targets, against optax, and against what the hardware allows.

    python -m tests.benchmarks.maps --plot growth.html

Prints ratios and never asserts a time: machines are shared. Everything is the best of several interleaved rounds.
"""

import argparse
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
from numba import njit

from landscape import FUNCTIONS
from optimizers import OPTIMIZERS, descend
from optimizers.maps import Cancelled, Case, axis_of, refined_tuning, tuning
from optimizers.maps.tiles import pool
from tests.benchmarks.by_hand import one_pass

SIDE, TICKS, ROUNDS, START = 256, 200, 7, (-1.5, 2.0)
RUNS = SIDE * SIDE
RATES = {"momentum": np.geomspace(1e-6, 1e-3, RUNS), "adam": np.geomspace(1e-4, 1e-1, RUNS)}
OPERATIONS = {"momentum": (0, 0), "adam": (2, 2)}  # divisions and square roots a run and tick; those of the bias corrections are shared
DTYPES = {"float64": np.float64, "float32": np.float32}


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    begun = clock()
    work()
    return clock() - begun


def best(works: dict[str, Callable[[], object]], rounds: int = ROUNDS, clock: Callable[[], float] = time.perf_counter) -> dict[str, float]:
    """Seconds of each, interleaved, after one round that does not count."""
    taken = [{key: seconds(work, clock) for key, work in works.items()} for _ in range(rounds + 1)][1:]
    return {key: min(one[key] for one in taken) for key in works}


def maps() -> None:
    works: dict[str, Callable[[], object]] = {}
    for key, other in (("momentum", "momentum"), ("adam", "beta1")):
        case = Case("rosenbrock", key, START, TICKS)
        x, y = axis_of(case, "lr"), axis_of(case, other)
        for precision in DTYPES:
            works[f"{key:9} {precision} finished {SIDE} x {SIDE}"] = lambda c=case, x=x, y=y, p=precision: tuning(
                c, x, y, SIDE, SIDE, precision=p
            )
            works[f"{key:9} {precision} coarse 64 x 64"] = lambda c=case, x=x, y=y, p=precision: next(
                refined_tuning(c, x, y, SIDE, SIDE, precision=p)
            )
    print(f"Tuning maps on Rosenbrock, {TICKS} ticks; to reach: finished .25 s, coarse .25 s on screen")
    for name, taken in best(works).items():
        print(f"  {name:38} {taken:6.3f} s   {0.25 / taken:5.1f} times as fast as asked")


def with_optax(key: str, precision: str) -> Callable[[], object]:
    import jax
    import jax.numpy as jnp
    import optax

    jax.config.update("jax_enable_x64", True)
    dtype = jnp.dtype(precision)
    method = {"momentum": lambda rate: optax.sgd(rate, momentum=0.9), "adam": optax.adam}[key]

    def loss(p: "jax.Array") -> "jax.Array":
        return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2

    def one(rate: "jax.Array") -> "jax.Array":
        rule, point = method(rate), jnp.array(START, dtype=dtype)

        def tick(carry, _):  # type: ignore[no-untyped-def]
            point, state = carry
            updates, state = rule.update(jax.grad(loss)(point), state, point)
            return (optax.apply_updates(point, updates), state), None

        return jax.lax.scan(tick, (point, rule.init(point)), None, length=TICKS)[0][0]

    compiled, rates = jax.jit(jax.vmap(one)), jnp.asarray(RATES[key], dtype=dtype)
    assert compiled(rates).dtype == dtype
    return lambda: compiled(rates).block_until_ready()


def lanes(key: str, precision: str) -> Callable[[], object]:
    return lambda: descend(FUNCTIONS["rosenbrock"], OPTIMIZERS[key], START, TICKS, keep="final", precision=precision, lr=RATES[key])


@njit(nogil=True, error_model="numpy")
def grind(x, y, z, divisions, roots, ticks):
    """So many divisions and square roots a lane and tick, on lanes that stay in the first-level cache."""
    one = x.dtype.type(1)
    for _ in range(ticks):
        for _ in range(divisions):
            for b in range(len(x)):
                x[b] = y[b] / (z[b] + one)
        for _ in range(roots):
            for b in range(len(x)):
                x[b] = np.sqrt(y[b])


def floor(key: str, precision: str) -> Callable[[], object]:
    """The same runs as if they were made of divisions and square roots alone, on all cores."""
    width, cores = 512, pool()._max_workers  # type: ignore[attr-defined]
    arrays = [[np.full(width, 2.0, DTYPES[precision]) for _ in range(3)] for _ in range(cores)]
    ticks = TICKS * RUNS // width // cores

    def work() -> None:
        list(pool().map(lambda own: grind(*own, *OPERATIONS[key], ticks), arrays))

    return work


def peers() -> None:
    print(f"\n{RUNS:,} runs x {TICKS} ticks on Rosenbrock: ns a run and tick; compile times left out")
    print("To reach: float64 2 times optax float64; float32 4 times that and 1.5 times optax float32; half of the floor")
    print("First by the clock on the wall, which needs free cores; then by processor time, which does not")
    for clock in (time.perf_counter, time.process_time):
        against(clock)


def against(clock: Callable[[], float]) -> None:
    """Every method, in both precisions, by a clock."""
    for key in RATES:
        works = {("ours", p): lanes(key, p) for p in DTYPES} | {("optax", p): with_optax(key, p) for p in DTYPES}
        if any(OPERATIONS[key]):
            works |= {("floor", p): floor(key, p) for p in DTYPES}
        else:  # no division and no root: what a kernel of this very pair would take, and how much of that is looking
            works |= {(looks, p): one_pass(RATES[key], START, TICKS, DTYPES[p], looks) for looks in (True, False) for p in DTYPES}
        taken = best(works, ROUNDS, clock)  # type: ignore[arg-type]
        figures = {name: value / RUNS / TICKS * 1e9 for name, value in taken.items()}  # type: ignore[misc]
        for precision in DTYPES:
            ours, peer = figures["ours", precision], figures["optax", precision]  # type: ignore[index]
            line = f"  {key:9} {precision}  ours {ours:6.2f}   optax {peer:6.2f}   ratio {peer / ours:5.2f}"
            line += f"   to optax float64 {figures['optax', 'float64'] / ours:5.2f}"  # type: ignore[index]
            if ("floor", precision) in figures:
                line += f"   floor {figures['floor', precision]:5.2f} = {figures['floor', precision] / ours:4.0%} of it"  # type: ignore[index]
            else:
                line += f"   by hand in one pass {figures[True, precision]:5.2f}, without looking {figures[False, precision]:5.2f}"  # type: ignore[index]
            print(line)


Curve = tuple[str, list[float], list[float]]  # name, what grows, seconds


def growth() -> list[Curve]:
    """Cost against lanes, ticks, and what else is registered: a straight line, and no line at all."""
    print("\nGrowth, Adam in float64: seconds, and ns a run and tick (constant where cost is linear)")
    lanes_, ticks_ = [4_096, 16_384, 65_536, 262_144], [50, 200, 800]
    sizes = [*((runs, 200) for runs in lanes_), *((65_536, ticks) for ticks in ticks_ if ticks != 200)]

    def once(runs: int, ticks: int) -> Callable[[], object]:
        rates = np.geomspace(1e-4, 1e-1, runs)
        return lambda: descend(FUNCTIONS["rosenbrock"], OPTIMIZERS["adam"], START, ticks, keep="final", lr=rates)

    taken = dict(zip(sizes, best({f"{size}": once(*size) for size in sizes}, 4).values(), strict=True))
    for (runs, ticks), seconds_ in taken.items():
        print(f"  {runs:8,} runs x {ticks:4} ticks   {seconds_:7.3f} s   {seconds_ / runs / ticks * 1e9:6.2f} ns")
    curves: list[Curve] = [
        ("runs, 200 ticks each", [float(n) for n in lanes_], [taken[n, 200] for n in lanes_]),
        ("ticks, 65,536 runs", [float(n) for n in ticks_], [taken[65_536, n] for n in ticks_]),
    ]
    print("  the same 65,536 x 200 with fewer methods or landscapes registered (nothing is looked up while lanes run):")
    for what, registry, first in (("methods", OPTIMIZERS, "adam"), ("landscapes", FUNCTIONS, "rosenbrock")):
        curves.append(registered(what, registry, first))
    return curves


def registered(what: str, registry: dict[str, object], first: str) -> Curve:
    """Seconds for the same runs with so many entries in a registry."""
    whole = dict(registry)
    counts, works = sorted({1, len(whole) // 3, len(whole)}), {}
    for count in counts:
        kept = {key: whole[key] for key in [first, *(k for k in whole if k != first)][:count]}

        def work(kept: dict[str, object] = kept) -> None:
            registry.clear()
            registry.update(kept)
            descend(FUNCTIONS["rosenbrock"], OPTIMIZERS["adam"], START, TICKS, keep="final", lr=RATES["adam"])

        works[f"{count:2} {what}"] = work
    try:
        taken = best(works, 4)
    finally:
        registry.clear()
        registry.update(whole)
    for name, seconds_ in taken.items():
        print(f"  {name}   {seconds_:7.3f} s")
    return what, [float(count) for count in counts], list(taken.values())


def plot(curves: list[Curve], path: Path) -> None:
    """The curves of `growth`, each with what they would be if cost were linear, or constant."""
    from plotly.subplots import make_subplots

    figure = make_subplots(1, len(curves), subplot_titles=[name for name, _, _ in curves])
    for k, (name, x, y) in enumerate(curves, 1):
        law = [y[-1] * (value / x[-1] if "ticks" in name else 1.0) for value in x]
        figure.add_scatter(x=x, y=y, mode="lines+markers", name="measured", line={"color": "#2f7ed8"}, showlegend=k == 1, row=1, col=k)
        dashed = {"dash": "dash", "color": "#8a9599"}
        figure.add_scatter(x=x, y=law, mode="lines", name="linear, or constant", line=dashed, showlegend=k == 1, row=1, col=k)
        figure.update_yaxes(rangemode="tozero", title="seconds" if k == 1 else None, row=1, col=k)
    figure.update_layout(title="Cost of a map against what grows", height=380)
    figure.write_html(path)
    print(f"  drawn in {path}")


def waiting(length: float = 3.0) -> None:
    """What a slider on the race page waits for: four short runs, alone and while two sessions compute one map after another."""
    case, stopped = Case("rosenbrock", "adam", START, 500), threading.Event()
    x, y = axis_of(case, "lr"), axis_of(case, "beta1")

    def race() -> None:
        for key in ("sgd", "momentum", "adam", "rmsprop"):
            descend(FUNCTIONS["rosenbrock"], OPTIMIZERS[key], START, 500)

    def others() -> None:
        with suppress(Cancelled):
            while True:
                tuning(case, x, y, SIDE, SIDE, cancelled=stopped.is_set)

    print("\nA race of four while two other sessions compute maps; to reach: 100 ms more at most")
    race()
    for busy in (False, True):
        threads = [threading.Thread(target=others) for _ in range(2 * busy)]
        for thread in threads:
            thread.start()
        taken, end = [], time.perf_counter() + length
        while time.perf_counter() < end:
            taken.append(1e3 * seconds(race))
            time.sleep(0.01)
        if busy:
            stopped.set()
        begun = time.perf_counter()
        for thread in threads:
            thread.join()
        ended = 1e3 * (time.perf_counter() - begun)
        median, late, worst = np.quantile(taken, (0.5, 0.95, 1.0))
        who = "busy" if busy else "alone"
        print(f"  {who:6} median {median:6.1f} ms   p95 {late:6.1f}   worst {worst:6.1f}   maps stopped after {ended:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plot", type=Path, metavar="FILE.html", help="draw how cost grows")
    options = parser.parse_args()
    maps()
    peers()
    curves = growth()
    if options.plot:
        plot(curves, options.plot)
    waiting()


if __name__ == "__main__":
    main()
