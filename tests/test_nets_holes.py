"""Where a net has no loss the painted plane is blank: from the net through plane and message to the browser's pixels."""

import io

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from landscape.nets.planes.objective import Objective
from landscape.nets.planes.plane import Plane, axis
from landscape.nets.planes.surface import loss_over
from pages.scene import payload
from pages.scene.export import standalone_html

BACKGROUND = {"light": (255, 255, 255), "dark": (16, 23, 29)}  # of the file's page


class Half(nn.Module):
    """Has no output where its first weight is negative."""

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.tensor([1.0, 0.5]))

    def forward(self, x):
        return torch.log(self.w[0]) * x + self.w[1]


@pytest.fixture(scope="module")
def surface():
    x = torch.linspace(-1, 1, 20)[:, None]
    objective = Objective(Half(), nn.MSELoss(), x, 2 * x)
    plane = Plane(np.array([1.0, 0.5]), np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    return loss_over(objective, plane, axis(-3, 3, 31), axis(-2, 2, 21))


def test_a_loss_that_is_no_number_is_none_on_the_plane(surface):
    assert np.isnan(surface.loss[:, surface.xs < -1.01]).all() and np.isfinite(surface.loss[:, surface.xs > -0.99]).all()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_loss_that_is_no_number_is_a_blank_on_the_screen(surface, page, tmp_path, scheme):
    """A third of the plane. Every pixel well inside it is the page's own, and none well outside is."""
    drawn = payload.surface("hole", "Loss", (-3, 3), (-2, 2), surface.loss)
    racer = payload.racer("0", "net", "#2f7ed8", "circle", [[0.0, 0.0]], [1.0], [1.0])
    file = tmp_path / "hole.html"
    file.write_text(standalone_html(drawn, payload.race("hole", (0.0, 0.0), 0, [racer], fixed=True)), encoding="utf-8")
    page.emulate_media(color_scheme=scheme)
    page.goto(file.as_uri())
    page.wait_for_function("() => Number(document.querySelector('[data-testid=scene]')?.dataset.revision) > 0")
    shot = page.locator(".rv-plane .nsewdrag").first.screenshot()
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)
    height, width, _ = pixels.shape
    blank = (pixels == BACKGROUND[scheme]).all(axis=2)
    inside = slice(height // 20, -height // 20)  # without the frame's line
    assert blank[inside, width // 20 : int(0.31 * width)].all()
    assert not blank[height // 20 : height // 3, int(0.37 * width) : -width // 20].any()  # above the start's ring, whose halo is blank
