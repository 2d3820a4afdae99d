"""Images with predictions: which are chosen, how they are drawn, what is said of them."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from landscape.nets import PRESETS, answers, hardest
from landscape.nets.mistakes import SILENT
from pages.figures.tiles import EDGE, ENLARGED, tiles
from pages.ui.nets.tabs.pictures import chosen, spoken

LABELS = np.array([0, 1, 2, 0, 1])
# five samples, what three nets say of each, and how much they give to that
SAYS = np.array([[0, 0, 0], [1, 2, 1], [0, 0, 0], [0, 0, 0], [2, 1, 1]])
SURE = np.array([[0.9, 0.9, 0.9], [0.9, 0.6, 0.9], [0.9, 0.9, 0.8], [0.6, 0.6, 0.6], [0.6, 0.4, 0.4]])


def said():
    """(5, 3, 3): the rest of each answer is shared by the other two classes."""
    rest = np.repeat(((1 - SURE) / 2)[:, None], 3, axis=1)
    np.put_along_axis(rest, SAYS[:, None], SURE[:, None], axis=1)
    return rest


def test_what_most_nets_get_wrong_comes_first_then_what_they_are_least_sure_of():
    found = hardest(said(), LABELS, 4)
    # sample 2: three are wrong; 4 and 1: one each, and the truth gets less in 4; 3 and 0: all right, 3 with less
    assert found.samples.tolist() == [2, 4, 1, 3]
    assert found.wrong.tolist() == [0, 1, 3, 0, 1] and found.all_right == 2
    assert np.array_equal(found.classes, SAYS) and found.able.all()
    assert len(hardest(said(), LABELS, 99).samples) == 5


def test_a_net_that_is_not_finite_says_nothing_and_is_counted_nowhere():
    numbers = said()
    numbers[:, :, 1] = np.nan
    numbers[0, 2, 2] = np.inf  # one answer of a net that answers otherwise counts as wrong
    found = hardest(numbers, LABELS, 5)
    assert found.able.tolist() == [True, False, True] and (found.classes[:, 1] == SILENT).all()
    assert found.wrong.tolist() == [1, 0, 2, 0, 1] and found.samples[0] == 2
    words = chosen(found, LABELS, ["Adam", "Momentum", "RMSProp"])
    assert words.startswith("What Momentum came to is not finite here") and "both nets get 2 right" in words
    nobody = hardest(np.full((5, 3, 1), np.nan), LABELS, 5)
    assert not nobody.able.any() and chosen(nobody, LABELS, ["Adam"]).endswith("earlier tick.")


def test_the_count_is_the_accuracy_that_training_measured():
    problem = PRESETS["resnet"]
    said_ = answers(problem, problem.start[:, None], problem.split.validation.x)
    right = hardest(said_, problem.split.validation.y, 1).all_right
    assert right / len(problem.split.validation) == pytest.approx(float(problem.scores(problem.start).validation_accuracy))


def pixels(source):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2]))))


def test_a_tile_shows_the_image_its_class_and_every_answer_the_wrong_ones_with_a_cross():
    images = np.linspace(0, 1, 2 * 64).reshape(2, 1, 8, 8)
    figure = tiles(images, ["3", "8"], [["3", "5"], ["8", "–"]], [("●", "#123456"), ("■", "#654321")])
    assert len(figure.layout.images) == len(figure.layout.annotations) == 2
    first, second = (note.text for note in figure.layout.annotations)
    assert "is <b>3</b>" in first and "●</span> 3" in first and "■</span> <b>5×</b>" in first and "#654321" in first
    assert "8×" not in second and "<b>–×</b>" in second
    drawn = pixels(figure.layout.images[1].source)
    assert drawn.shape == (8 * ENLARGED, 8 * ENLARGED, 3) and (drawn[0] == EDGE).all()
    middles = drawn[ENLARGED // 2 :: ENLARGED, ENLARGED // 2 :: ENLARGED, 0]
    assert middles == pytest.approx(np.rint(255 * (1 - images[1, 0])))  # ink is dark


def test_three_channels_are_colours_and_names_stand_below_each_other():
    image = np.zeros((1, 3, 8, 8))
    image[:, 0] = 1.0
    figure = tiles(image, ["temple"], [["temple", "flower"]], [("●", "#123456"), ("■", "#654321")])
    assert (pixels(figure.layout.images[0].source)[20, 20] == [255, 0, 0]).all()
    assert figure.layout.annotations[0].text.count("<br>") == 2
    assert figure.layout.height > tiles(image, ["1"], [["1", "0"]], [("●", "#123456"), ("■", "#654321")]).layout.height


def test_who_listens_is_told_the_same():
    assert spoken(["3"], [["3", "5", "–"]], ["Adam", "Momentum", "RMSProp"]) == [
        "- Image 1 is 3. Adam: 3; Momentum: 5, wrong; RMSProp: no answer"
    ]
