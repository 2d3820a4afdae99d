"""Maps from the command line, into an NPZ or CSV file: `python -m optimizers.sweep --help`."""

import argparse
import math
import sys
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from landscape import PROBLEMS
from optimizers import OPTIMIZERS, Conditions
from optimizers.around import AROUNDS
from optimizers.maps import Case, axes, axis_of, basins, fan, pros_and_cons, scoreboard, tuning
from optimizers.maps.case import OWN, Numbers
from optimizers.maps.files import check, write
from optimizers.schedules import SCHEDULES

EXAMPLES = """examples:
  the learning rate against beta 1, 256 x 256 runs of Adam on Rosenbrock
    python -m optimizers.sweep tuning rosenbrock adam --x lr 1e-4 1 --y beta1 --out map.npz
  what can vary there
    python -m optimizers.sweep axes rosenbrock adam
  which start reaches which minimum, on a part of the plane
    python -m optimizers.sweep basins himmelblau momentum --hyper lr=0.02 --x -1 1 --y -1 1 --size 512 512 --out basins.npz
  10,000 seeds of a noisy run
    python -m optimizers.sweep seeds sharp_flat sgd --condition noise=3 --count 10000 --out seeds.csv
  every method on one landscape: rates that work, default against tuned, random starts
    python -m optimizers.sweep merits rosenbrock --steps 400 --out merits.csv
  every method on every landscape, default and tuned
    python -m optimizers.sweep scoreboard --steps 300 --out board.csv
  your own formula
    python -m optimizers.sweep basins formula sgd --formula "(x**2 - 1)**2 + a*y**2" --parameter a=2 --out own.npz
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 where it worked. What is wrong with the arguments is said on stderr, with exit code 2."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        if not 0.0 < given.tolerance < math.inf:
            raise ValueError(f"tolerance {given.tolerance:g}: give a number above 0.")
        if "out" in given:
            check(given.out)
        names: tuple[str, ...] = ()  # of what varies along x and y
        with _workers(given) as executor:
            common = {"executor": executor, "progress": _bar}
            if given.command == "scoreboard":
                case, result = None, _scoreboard(given, common)
            else:
                case = _case(given)
                if given.command == "axes":
                    for axis in axes(case):
                        sys.stdout.write(f"{axis.word:24} {axis.low:10.4g} to {axis.high:<10.4g} {axis.scale:10} {axis.name}\n")
                    return 0
                result, names = _result(given, case, common)
        write(given.out, result, case, names)
    except (ValueError, OSError) as reason:
        parser.error(str(reason))
    return 0


def _result(given: argparse.Namespace, case: Case, common: dict[str, Any]) -> tuple[Any, tuple[str, ...]]:
    """What was computed, and what varies along its axes."""
    if given.command == "tuning":
        x, y = (axis_of(case, key, *ends) for key, ends in (_axis(given.x), _axis(given.y)))
        return tuning(case, x, y, *given.size, precision=given.precision, **common), (x.word, y.word)
    if given.command == "basins":
        across, up = (tuple(own or declared) for own, declared in zip((given.x, given.y), case.problem.domain, strict=True))
        return basins(case, across, up, *given.size, precision=given.precision, **common), ("start.x", "start.y")
    if given.command == "merits":
        return pros_and_cons(case, given.optimizers or list(OPTIMIZERS), **common), ()
    if not (case.batch or case.conditions.noise):
        sys.stderr.write("Nothing here is random: every seed gives the same run. Add --condition noise=0.5, or --batch on data.\n")
    return fan(case, given.count, **common), ()


def _scoreboard(given: argparse.Namespace, common: dict[str, Any]) -> Any:
    landscapes, optimizers = given.landscapes or list(PROBLEMS), given.optimizers or list(OPTIMIZERS)
    return scoreboard(landscapes, optimizers, 300 if given.steps is None else given.steps, tolerance=given.tolerance, **common)


def _axis(words: list[str]) -> tuple[str, tuple[float, ...]]:
    key, *ends = words
    try:
        if len(ends) in (0, 2):
            return key, tuple(map(float, ends))
    except ValueError:
        pass
    raise ValueError(f"An axis is its key, or its key and two ends, not {' '.join(words)!r}.")


def _case(given: argparse.Namespace) -> Case:
    if unknown := [key for key, _ in _numbers(given.condition) if key not in vars(Conditions())]:
        raise ValueError(f"There is no condition {unknown[0][:40]!r}: choose of {', '.join(vars(Conditions()))}.")
    start = tuple(given.start) if given.start else (0.0, 0.0)
    steps = 200 if given.steps is None else given.steps
    case = Case(
        given.landscape, given.optimizer, start, steps, given.tolerance, given.formula, _numbers(given.parameter),
        _numbers(given.hyper), Conditions(**dict(_numbers(given.condition))),
        (given.schedule, _numbers(given.schedule_value)) if given.schedule else None,
        (given.around, _numbers(given.around_value)) if given.around else None, given.batch, True, given.seed,
    )  # fmt: skip
    problem = case.problem
    return case if given.start else replace(case, start=problem.start, steps=problem.steps if given.steps is None else steps)


def _numbers(words: list[str]) -> Numbers:
    pairs = []
    for word in words:
        key, _, value = word.partition("=")
        try:
            pairs.append((key, float(value)))
        except ValueError:
            raise ValueError(f"{word!r}: give a name and a number, such as lr=0.1.") from None
    return tuple(pairs)


def _workers(given: argparse.Namespace) -> Any:
    processes = getattr(given, "processes", 0)
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn")) if processes else nullcontext[Executor | None](None)


def _bar(share: float) -> None:
    sys.stderr.write(f"\r[{'#' * int(40 * share):40}] {share:4.0%}" + ("\n" if share >= 1.0 else ""))
    sys.stderr.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m optimizers.sweep", description=__doc__, epilog=EXAMPLES)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="command", required=True, metavar="tuning|basins|seeds|axes|merits|scoreboard")
    for name, help in (
        ("tuning", "two things that vary against how the run ends"),
        ("basins", "starts against the minimum they reach"),
        ("seeds", "many seeds of one noisy run"),
        ("axes", "what can vary"),
        ("merits", "every method on one landscape"),
    ):
        command = commands.add_parser(name, help=help)
        _add_case(command, of_one=name != "merits")
        if name in ("tuning", "basins"):
            kind: dict[str, Any] = {"required": True, "metavar": ("KEY", "LOW HIGH"), "nargs": "+"} if name == "tuning" else {}
            for axis in ("--x", "--y"):
                command.add_argument(axis, **kind or {"nargs": 2, "type": float, "metavar": ("LOW", "HIGH")})
            command.add_argument("--size", nargs=2, type=int, default=(256, 256), metavar=("NX", "NY"))
            command.add_argument("--precision", choices=("float64", "float32"), default="float64")
        if name == "seeds":
            command.add_argument("--count", type=int, default=1000, help="how many (1,000)")
        if name != "axes":
            _add_output(command)
    board = commands.add_parser("scoreboard", help="every method on every landscape")
    board.add_argument("--landscapes", nargs="+", choices=PROBLEMS, metavar="KEY", help="some only")
    board.add_argument("--optimizers", nargs="+", choices=OPTIMIZERS, metavar="KEY", help="some only")
    _add_budget(board)
    _add_output(board)
    return parser


def _add_case(command: argparse.ArgumentParser, of_one: bool) -> None:
    """A landscape, one method or several, and the conditions of the run."""
    command.add_argument("landscape", choices=(*PROBLEMS, OWN), metavar="landscape", help=f"{', '.join(PROBLEMS)}, or {OWN}")
    if of_one:
        command.add_argument("optimizer", choices=OPTIMIZERS, metavar="optimizer", help=", ".join(OPTIMIZERS))
    else:
        command.set_defaults(optimizer=next(iter(OPTIMIZERS)))
        command.add_argument("--optimizers", nargs="+", choices=OPTIMIZERS, metavar="KEY", help="some only")
    command.add_argument("--formula", default="", metavar="TEXT", help=f"in x and y, for the landscape {OWN}")
    command.add_argument("--start", nargs=2, type=float, metavar=("X", "Y"), help="the landscape's own unless given")
    for name in ("hyper", "parameter", "condition", "schedule-value", "around-value"):
        command.add_argument(f"--{name}", nargs="+", default=[], metavar="KEY=VALUE")
    command.add_argument("--schedule", choices=SCHEDULES)
    command.add_argument("--around", choices=AROUNDS)
    command.add_argument("--batch", type=int, default=0, metavar="SIZE", help="samples a tick, on a landscape of data")
    command.add_argument("--seed", type=int, default=0)
    _add_budget(command)


def _add_budget(command: argparse.ArgumentParser) -> None:
    command.add_argument("--steps", type=int, help="evaluations a run")
    command.add_argument("--tolerance", type=float, default=1e-3, help="of the loss, above the lowest known (0.001)")


def _add_output(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, required=True, metavar="FILE", help="ends in .npz or .csv")
    command.add_argument("--processes", type=int, default=0, metavar="N", help="processes; threads of this one unless given")


if __name__ == "__main__":
    raise SystemExit(main())
