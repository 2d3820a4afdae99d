"""Anybody's net as one HTML file: made without a server, opened without a network; runs from files of weights."""

import doctest
import os
import pickle
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from landscape.nets.planes import landscape_of
from pages.scene import bundle
from pages.scene.export import net_html
from pages.ui.marks import MARKS

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def case():
    """A small net, its data, and two trainings of 30 steps as state_dicts."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 2))
    x = torch.randn(60, 2)
    y = (x[:, 0] * x[:, 1] > 0).long()
    begin = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    runs = []
    for rate, steps in ((0.3, 30), (1.0, 20)):
        net.load_state_dict(begin)
        optimizer, saved = torch.optim.SGD(net.parameters(), rate), []
        for _ in range(steps):
            saved.append({name: tensor.clone() for name, tensor in net.state_dict().items()})
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(x), y).backward()
            optimizer.step()
        runs.append(saved)
    return net, nn.CrossEntropyLoss(), (x, y), runs


@pytest.fixture(scope="module")
def page_of(case):
    net, loss, data, runs = case
    return net_html(landscape_of(net, loss, data, runs=runs, points=15), "Which <rate>?", ["slow", "fast"])


def test_the_file_fetches_nothing_and_text_stays_text(page_of):
    ours = page_of.replace(bundle.plotly().replace("</script", "<\\/script"), "")
    assert not re.findall(r"""(?:src|href)\s*=\s*["']?https?:|import\(|fetch\(|<link""", ours)
    assert "Which &lt;rate&gt;?" in page_of and "Which <rate>?" not in ours


@pytest.mark.browser
def test_the_file_opens_and_tells_the_true_losses(page_of, case, page, tmp_path):
    net, loss, (x, y), runs = case
    file = tmp_path / "landscape.html"
    file.write_text(page_of, encoding="utf-8")
    page.context.set_offline(True)
    page.goto(file.as_uri())
    page.wait_for_function("() => Number(document.querySelector('[data-testid=scene]')?.dataset.revision) > 0")
    scene = page.get_by_test_id("scene")
    assert scene.get_attribute("data-cursor") == "29"
    page.get_by_role("button", name="To the start").click()
    net.load_state_dict(runs[0][0])
    first = loss(net(x), y).item()
    assert scene.get_by_text(re.compile(rf"{first:.3g}".rstrip("0"))).first.is_visible()
    assert "PCA 1" in scene.inner_text() and "slow" in scene.inner_text()


def test_it_needs_no_server():
    code = "import streamlit.runtime\nfrom pages.scene.export import net_html\nassert callable(net_html) and not streamlit.runtime.exists()"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})


def test_the_example_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    (example,) = doctest.DocTestFinder().find(net_html, "net_html", globs={})
    assert doctest.DocTestRunner().run(example) == doctest.TestResults(0, len(example.examples))
    assert "How did Adam get there?" in (tmp_path / "landscape.html").read_text(encoding="utf-8")


def test_a_net_without_runs_has_a_picture_too(case):
    net, loss, data, _ = case
    text = net_html(landscape_of(net, loss, data, points=9))
    assert "Where did training go?" in text and f"Its loss is {loss(net(data[0]), data[1]).item():.3g}." in text


def test_names_and_runs_must_match(case):
    net, loss, data, runs = case
    with pytest.raises(ValueError, match="2 runs and 1 names"):
        net_html(landscape_of(net, loss, data, runs=runs, points=9), names=["one"])
    with pytest.raises(ValueError, match=f"up to {len(MARKS)} runs"):
        net_html(landscape_of(net, loss, data, runs=runs[:1] * 13, points=9))


def test_runs_from_files_are_the_same_runs(case, tmp_path):
    """safetensors and torch.save, as paths and as bytes."""
    net, loss, data, runs = case
    files = []
    for number, saved in enumerate(runs[0]):
        path = tmp_path / f"{number}.{'pt' if number % 2 else 'safetensors'}"
        torch.save(saved, path) if number % 2 else save_file(saved, path)
        files.append(path.read_bytes() if number % 3 else path)
    straight, read = (landscape_of(net, loss, data, runs=[run], points=9) for run in (runs[0], files))
    np.testing.assert_array_equal(read.paths[0].coordinates, straight.paths[0].coordinates)
    np.testing.assert_array_equal(read.paths[0].loss, straight.paths[0].loss)


class Bomb:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


def test_hostile_files_are_refused_and_not_run(case, tmp_path):
    net, loss, data, _ = case
    mark = tmp_path / "mark"
    torch.save({"0.weight": Bomb(mark)}, tmp_path / "bomb.pt")
    torch.save(net, tmp_path / "module.pt")
    (tmp_path / "bomb.pkl").write_bytes(pickle.dumps(Bomb(mark)))
    (tmp_path / "header").write_bytes((2**60).to_bytes(8, "little") + b"{}")
    (tmp_path / "empty").write_bytes(b"")
    for file in [*tmp_path.iterdir()]:
        for saved in (file, file.read_bytes()):
            with pytest.raises(ValueError, match="cannot be read as weights"):
                landscape_of(net, loss, data, runs=[[saved]], points=9)
    assert not mark.exists()
    save_file({"0.weight": torch.zeros(6, 3)}, tmp_path / "other")
    with pytest.raises(ValueError, match="of another net"):
        landscape_of(net, loss, data, runs=[[tmp_path / "other"]], points=9)
