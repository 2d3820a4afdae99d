"""Maps from the command line: files that hold the same map, and errors that say what to change."""

import csv
import json
import shlex
import subprocess
import sys

import numpy as np
import pytest

from optimizers import sweep
from optimizers.maps import Case, axis_of, basins, fan, pros_and_cons, scoreboard, tuning


def test_a_map_in_a_file_of_its_own_process(root, tmp_path):
    out = tmp_path / "map.npz"
    command = [sys.executable, "-m", "optimizers.sweep", "tuning", "rosenbrock", "adam", "--x", "lr", "1e-3", "1", "--y", "beta1"]
    done = subprocess.run([*command, "--size", "9", "7", "--steps", "30", "--out", str(out)], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0 and "100%" in done.stderr and not done.stdout, done.stderr
    case = Case("rosenbrock", "adam", (-1.5, 2.0), 30)
    expected = tuning(case, axis_of(case, "lr", 1e-3, 1.0), axis_of(case, "beta1"), 9, 7)
    with np.load(out) as file:
        for name in ("xs", "ys", "loss", "arrived", "diverged_at", "status", "end"):
            assert np.array_equal(file[name], getattr(expected, name), equal_nan=True), name
        said = json.loads(str(file["case"]))
        assert file["axes"].tolist() == ["hyper.lr", "hyper.beta1"]
    assert said["optimizer"] == "adam" and said["steps"] == 30 and said["start"] == list(case.problem.start)


@pytest.mark.slow
def test_processes_from_the_command_line(root, tmp_path):
    out = tmp_path / "basins.npz"
    command = [sys.executable, "-m", "optimizers.sweep", "basins", "himmelblau", "sgd", "--hyper", "lr=0.01", "--x", "-1", "1"]
    subprocess.run([*command, "--size", "9", "7", "--processes", "1", "--out", str(out)], cwd=root, check=True, capture_output=True)
    case = Case("himmelblau", "sgd", (0.0, 0.0), 100, hypers=(("lr", 0.01),))
    case = Case(**(vars(case) | {"start": case.problem.start, "steps": case.problem.steps}))
    with np.load(out) as file:
        assert np.array_equal(file["which"], basins(case, (-1.0, 1.0), case.problem.domain[1], 9, 7).which)


def rows(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_csv_has_a_line_a_run(tmp_path, capsys):
    out = tmp_path / "seeds.csv"
    given = ["himmelblau", "sgd", "--hyper", "lr=0.01", "--condition", "noise=5", "--start", "0", "0", "--steps", "20", "--count", "12"]
    assert sweep.main(["seeds", *given, "--out", str(out)]) == 0
    case = Case("himmelblau", "sgd", (0.0, 0.0), 20, hypers=(("lr", 0.01),), conditions=sweep.Conditions(noise=5.0))
    assert [float(row["loss"]) for row in rows(out)] == fan(case, 12).ends.tolist()
    board = tmp_path / "board.csv"
    sweep.main(["scoreboard", "--landscapes", "bowl", "--optimizers", "sgd", "kfac", "--steps", "20", "--out", str(board)])
    expected = scoreboard(("bowl",), ("sgd", "kfac"), 20)
    assert [row["optimizer"] for row in rows(board)] == ["sgd", "kfac"] and rows(board)[1]["reason"] == expected[1].reason
    assert float(rows(board)[0]["tuned_loss"]) == expected[0].tuned.loss
    table = tmp_path / "merits.csv"
    sweep.main(["merits", "bowl", "--optimizers", "sgd", "kfac", "newton", "--steps", "20", "--out", str(table)])
    (first, second), here = rows(table), Case("bowl", "sgd", sweep.PROBLEMS["bowl"].start, 20)
    merits = pros_and_cons(here, ("sgd", "newton"))
    assert [first["optimizer"], second["optimizer"]] == ["sgd", "newton"] and second["tuned_lr"] == (
        "" if merits[1].tuned.lr is None else "1.0"
    )
    assert float(first["working_rates"]) == merits[0].working_rates and float(first["starts"]) == merits[0].starts
    assert sweep.main(["axes", "rosenbrock", "adam"]) == 0 and "hyper.beta2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("tuning rosenbrock adam --x lr --y betty --out map.npz", "'betty' cannot vary here: choose one of hyper.lr"),
        ("tuning rosenbrock adam --x lr 1 --y beta1 --out map.npz", "its key and two ends"),
        ("tuning rosenbrock adam --x lr 1 0.1 --y beta1 --out map.npz", "second number must be the larger"),
        ("tuning rosenbrock adam --x lr 0 0.1 --y beta1 --out map.npz", "begins above 0"),
        ("tuning rosenbrock adam --x lr --y beta1 --size 100000 100000 --out map.npz", "MB of memory"),
        ("tuning rosenbrock adam --x lr --y beta1 --hyper lr --size 3 3 --out map.npz", "a name and a number"),
        ("tuning rosenbrock adam --x lr low high --y beta1 --out map.npz", "its key and two ends, not 'lr low high'"),
        ("tuning rosenbrock adam --x lr --y beta1 --condition nois=1 --out map.npz", "no condition 'nois': choose of noise, clip_norm"),
        ("tuning rosenbrock adam --x lr --y beta1 --tolerance -1 --out map.npz", "tolerance -1: give a number above 0"),
        ("basins rosenbrok adam --out map.npz", "invalid choice: 'rosenbrok'"),
        ("basins bowl adam --size 3 3 --steps 2 --out map.txt", "ends in .npz or .csv"),
        ("basins bowl adam --size 3 3 --steps 2 --out nowhere/map.npz", "there is no folder nowhere"),
        ("basins formula sgd --formula x**y*( --out map.npz", "breaks off"),
        ("basins bowl kfac --size 3 3 --out map.npz", "cannot run on"),
    ],
)
def test_errors_say_what_to_change(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        sweep.main(arguments.split())
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert message in said, said


def test_a_budget_of_nothing_is_nothing(tmp_path):
    out = tmp_path / "map.csv"
    assert (
        sweep.main(["tuning", "ravine", "sgd", "--x", "lr", "--y", "condition", "--size", "3", "3", "--steps", "0", "--out", str(out)]) == 0
    )
    start = sweep.PROBLEMS["ravine"].start
    assert {(float(row["end_x"]), float(row["end_y"])) for row in rows(out)} == {start}
    assert {"hyper.lr", "parameter.condition"} < set(rows(out)[0])


def test_seeds_without_chance_say_so(tmp_path, capsys):
    given = ["seeds", "ravine", "sgd", "--steps", "5", "--count", "3", "--out", str(tmp_path / "seeds.csv")]
    assert sweep.main(given) == 0 and "Nothing here is random" in capsys.readouterr().err
    assert sweep.main([*given, "--condition", "noise=1"]) == 0 and "Nothing here" not in capsys.readouterr().err


def test_help_has_examples_that_work(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        sweep.main(["--help"])
    assert sweep.EXAMPLES.strip() in capsys.readouterr().out
    small = {
        "tuning": "--size 3 3 --steps 5",
        "basins": "--size 3 3 --steps 5",
        "seeds": "--steps 5",
        "merits": "--optimizers sgd --steps 5",
        "scoreboard": "--landscapes bowl --optimizers sgd --steps 5",
    }
    for line in sweep.EXAMPLES.splitlines():
        if "optimizers.sweep" in line:
            _, _, _, name, *rest = shlex.split(line)
            rest = [word for word in rest if word not in ("10000", "--count", "--size", "512", "--steps", "300", "400")]
            assert sweep.main([name, *rest, *shlex.split(small.get(name, ""))]) == 0
