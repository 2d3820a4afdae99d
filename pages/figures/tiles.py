"""A row of small images, each with what it is and what several nets take it for."""

import base64
import io
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import plotly.graph_objects as go
from PIL import Image

SIDE, LINE, GAP = 88, 17, 6  # pixels: of an image, of a line of text, below a tile
ENLARGED = 12  # times: what a browser enlarges it smooths, and pixels are to be seen as pixels
EDGE = 128  # grey round an image, seen on pages of either theme
WRONG = "×"


def tiles(
    images: np.ndarray, truths: Sequence[str], answers: Sequence[Sequence[str]], marks: Sequence[tuple[str, str]], columns: int = 4
) -> go.Figure:
    """Images (m, channels, height, width) with values in [0, 1]; one channel is ink on paper, three are red, green and blue.

    `truths` has a name each; `answers` has, for each, a name from every net, and `marks` has the nets' glyphs and colours. An answer that
    is not the truth is bold and has a cross. As wide as the place it stands in; room is left for `columns` images.
    """
    across = 2 if max((len(name) for row in answers for name in row), default=0) <= 2 else 1  # answers on one line
    below = LINE * (1 + -(-len(marks) // across))
    height = SIDE + below + GAP
    pictures, words = [], []
    for number, (image, truth, said) in enumerate(zip(images, truths, answers, strict=True)):
        at = {"xref": "paper", "yref": "paper", "x": (number + 0.5) / columns, "xanchor": "center", "yanchor": "top"}
        source = png(np.ascontiguousarray(image, dtype=float).tobytes(), image.shape)
        pictures.append(at | {"source": source, "y": 1, "sizex": 0.92 / columns, "sizey": SIDE / height, "sizing": "contain"})
        words.append(at | {"text": _words(truth, said, marks, across), "y": 1 - SIDE / height, "align": "center", "showarrow": False,
                           "borderpad": 0, "font": {"size": 13}})  # fmt: skip
    # all at once: adding one after the other takes several times as long, and a page in training draws these often
    return go.Figure(layout={
        "images": pictures, "annotations": words, "height": height, "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
        "xaxis": {"visible": False}, "yaxis": {"visible": False},
    })  # fmt: skip


def _words(truth: str, said: Sequence[str], marks: Sequence[tuple[str, str]], across: int) -> str:
    each = [
        f'<span style="color:{color}">{glyph}</span> {name if name == truth else f"<b>{name}{WRONG}</b>"}'
        for name, (glyph, color) in zip(said, marks, strict=True)
    ]
    lines = ["  ".join(each[at : at + across]) for at in range(0, len(each), across)]
    return "<br>".join([f"is <b>{truth}</b>", *lines])


@lru_cache(maxsize=512)
def png(content: bytes, shape: tuple[int, int, int]) -> str:
    """An image's float64 values as the address of a PNG, enlarged and with an edge. Remembered: a hard image stays hard for a while."""
    image = np.frombuffer(content).reshape(shape)
    colours = np.moveaxis(image if len(image) == 3 else np.repeat(1.0 - image[:1], 3, axis=0), 0, -1)
    large = np.rint(255 * colours).astype(np.uint8).repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1)
    large[[0, -1]] = large[:, [0, -1]] = EDGE
    buffer = io.BytesIO()
    Image.fromarray(large).save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
