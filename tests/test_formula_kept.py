"""Where a formula's kernels are kept: written once, whole for every thread and process."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from landscape import Formula, cache
from landscape.problem import WHOLE, evaluate_kernel

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A cache folder of the test's own, and a memory that has forgotten all kernels."""
    monkeypatch.setenv("RAVINE_CACHE", str(tmp_path))
    monkeypatch.setattr(cache, "_modules", {})
    return tmp_path / "kernels"


def value() -> float:
    f = np.empty(1)
    evaluate_kernel(Formula("x**2 + 3*y"))(np.array([[2.0], [1.0]]), np.empty((0, 1)), np.empty((0, 0)), WHOLE, f, np.empty((2, 1)))
    return float(f[0])


@pytest.mark.kernel
def test_a_kernel_is_written_once(folder):
    assert value() == 7
    (file,) = folder.glob("*.py")
    stamp = file.stat().st_mtime_ns
    cache._modules.clear()
    assert value() == 7
    assert file.stat().st_mtime_ns == stamp
    assert not list(folder.glob("*.tmp"))


@pytest.mark.kernel
@pytest.mark.parametrize("damage", [b"", b"garbage", b"import os\nraise SystemExit\n", b"\xff\xfe"])
def test_a_damaged_module_is_written_again(folder, damage):
    assert value() == 7
    (file,) = folder.glob("*.py")
    whole = file.read_bytes()
    file.write_bytes(damage or whole[: len(whole) // 2])
    cache._modules.clear()
    assert value() == 7
    assert file.read_bytes() == whole


@pytest.mark.kernel
@pytest.mark.jit
def test_a_damaged_file_of_numbas_is_compiled_again(folder):
    assert value() == 7
    for file in folder.glob("__pycache__/*.nb?"):
        file.write_bytes(file.read_bytes()[:20])
    cache._modules.clear()
    assert value() == 7


@pytest.mark.kernel
def test_a_folder_that_cannot_be_written_is_replaced(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RAVINE_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(cache, "_modules", {})
    assert cache.folder() == cache.private_folder()
    assert value() == 7


@pytest.mark.kernel
def test_threads_share_one_kernel(folder):
    written: list[int] = []
    kernels: list[object] = []
    source = Formula("x + 2*y")

    def ask() -> None:
        kernels.append(evaluate_kernel(source))
        written.append(len(list(folder.glob("*.py"))))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(kernel) for kernel in kernels}) == 1
    assert written == [1] * 8


def _python(code: str, folder: Path, **more: str) -> subprocess.Popen:
    environment = {**os.environ, "RAVINE_CACHE": str(folder), **more}
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.mark.kernel
@pytest.mark.slow
def test_processes_may_race_and_a_warm_one_needs_no_sympy(tmp_path):
    code = "from landscape import formula; print(float(formula('x**2*y').value((2, 3))))"
    racers = [_python(code, tmp_path) for _ in range(3)]
    assert [(racer.communicate()[0].strip(), racer.returncode) for racer in racers] == [("12.0", 0)] * 3
    heavy = "import sys; print([m for m in ('sympy', 'torch', 'streamlit', 'plotly') if m in sys.modules])"
    warm = _python(f"from landscape import FUNCTIONS, formula; p = formula('x**2*y'); p.value((2, 3)); p.latex; {heavy}", tmp_path)
    output, errors = warm.communicate()
    assert output.strip() == "[]", errors


@pytest.mark.slow
def test_the_written_source_does_not_depend_on_the_hash_seed(tmp_path):
    code = (
        "from landscape import FUNCTIONS; from landscape.codegen import curvature_source, evaluate_source\n"
        "keys = 'goldstein_price', 'ackley', 'huber_valley'\n"
        "print([(evaluate_source(FUNCTIONS[k].formula), curvature_source(FUNCTIONS[k].formula, 'hessian')) for k in keys])"
    )
    runs = [_python(code, tmp_path, PYTHONHASHSEED=seed) for seed in ("1", "2")]
    first, second = (run.communicate()[0] for run in runs)
    assert first
    assert first == second
