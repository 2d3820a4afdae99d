"""What the project's own files promise: commands, pins, imports, the README's example."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest


def read(root: Path, name: str) -> str:
    return (root / name).read_text(encoding="utf-8")


def tracked(root: Path) -> list[Path]:
    """The files that belong to the project: what git knows or would add; all text, outside a git checkout."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for line in listed.stdout.splitlines() if (path := root / line).is_file()]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("environment", [".venv", ".venv-test"])
def test_readme_has_each_command_once_and_ci_reads_it_there(root: Path, environment: str) -> None:
    commands = re.findall(rf"^python3 -m venv {re.escape(environment)} .*$", read(root, "README.md"), re.MULTILINE)
    assert len(commands) == 1
    assert f"readme {environment})" in read(root, ".ci/run")
    assert "-c constraints.txt -e" in commands[0]


@pytest.mark.parametrize("environment", [".venv", ".venv-test"])
def test_windows_command_says_the_same(root: Path, environment: str) -> None:
    readme = read(root, "README.md")
    (unix,) = re.findall(rf"^python3 -m venv {re.escape(environment)} .*$", readme, re.MULTILINE)
    assert unix.replace("python3", "py").replace("/bin/", "\\Scripts\\") in readme


def test_every_requirement_is_pinned_within_its_range(root: Path) -> None:
    requirements = pytest.importorskip("packaging.requirements")
    project = tomllib.loads(read(root, "pyproject.toml"))["project"]
    lines = [line for line in read(root, "constraints.txt").splitlines() if line and not line.startswith("#")]
    pins = {canonical(name): version for name, version in (line.split("==") for line in lines)}
    named = project["dependencies"] + [line for extra in project["optional-dependencies"].values() for line in extra]
    for requirement in map(requirements.Requirement, named):
        assert pins.get(canonical(requirement.name), "nothing") in requirement.specifier, f"{requirement} is not what is pinned"
    assert pins["torch"] == "2.13.0"  # newer wheels bring gigabytes of CUDA along


def test_python_versions_agree(root: Path) -> None:
    settings = tomllib.loads(read(root, "pyproject.toml"))
    oldest = settings["project"]["requires-python"].removeprefix(">=")
    assert settings["tool"]["mypy"]["python_version"] == oldest
    assert settings["tool"]["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    assert f"Python {oldest} or newer" in read(root, "README.md")


def test_no_file_names_a_machine(root: Path) -> None:
    """No home, temporary or work folder and no package index: they are true on one machine only."""
    folders = "|".join(("home", "root", "Users", "work", "opt", "tmp"))
    hosts = "|".join((r"index-url", r"find-links", r"trusted-host", r"pypi\.", r"registry\."))
    found = []
    for path in tracked(root):
        if path == Path(__file__) or path.suffix in (".png", ".ico", ".safetensors"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(rf"""(?:^|[\s"'`(=])/(?:{folders})/\w|--(?:{hosts})|https?://[\w.]*(?:{hosts})""", line):
                found.append(f"{path.relative_to(root)}:{number}: {line.strip()[:100]}")
    assert not found, "\n".join(found)


def test_top_level_is_tidy(root: Path) -> None:
    folders = {"landscape", "optimizers", "pages", "tests"}
    files = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "pyproject.toml", "constraints.txt", "app.py"}
    top = {path.relative_to(root).parts[0] for path in tracked(root)}
    assert {name for name in top if not name.startswith(".")} <= folders | files


def test_readme_example_runs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example, _ = re.findall(r"```python\n(.*?)```", read(root, "README.md"), re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(example, "README.md", "exec"), names)  # noqa: S102 - our own words
    run = names["run"]
    for line in example.splitlines():  # "run.path  # (501, 2): the iterates"
        if shape := re.match(r"run\.(\w+)  # \(([\d, ]+)\)", line):
            claimed = tuple(int(size) for size in shape[2].split(",") if size.strip())
            assert getattr(run, shape[1]).shape == claimed, line


def test_readme_example_of_an_own_net_runs(root: Path) -> None:
    own_net = re.findall(r"```python\n(.*?)```", read(root, "README.md"), re.DOTALL)[1]
    names: dict[str, object] = {}
    exec(compile(own_net, "README.md", "exec"), names)  # noqa: S102 - our own words
    assert str(names["html"]).startswith("<!DOCTYPE html>")


def test_readme_picture_exists(root: Path) -> None:
    for picture in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", read(root, "README.md")):
        assert (root / picture).stat().st_size > 10_000


@pytest.mark.parametrize("package", ["landscape", "optimizers"])
def test_engine_imports_no_user_interface_and_no_torch(root: Path, package: str) -> None:
    program = f"import sys, {package}; print(*sorted({{'streamlit', 'plotly', 'torch'}} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []
