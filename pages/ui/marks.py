"""One colour and one marker per racer slot, the same in every panel.

Every colour has at least 3:1 contrast against both themes' backgrounds; the marker's shape says the same without colour.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    color: str
    marker: str  # the name of the shape that the scene draws
    glyph: str  # the nearest character, for text

    @property
    def coloured(self) -> str:
        """The character in its colour, in Streamlit's Markdown."""
        return f':color[{self.glyph}]{{foreground="{self.color}"}}'


MARKS = (
    Mark("#2f7ed8", "circle", "\u25cf"),
    Mark("#d9480f", "square", "\u25a0"),
    Mark("#0a8f5b", "triangle-up", "\u25b2"),
    Mark("#c2418e", "diamond", "\u25c6"),
    Mark("#a97500", "triangle-down", "\u25bc"),
    Mark("#1493a8", "cross", "\u2715"),
    Mark("#8259e0", "star", "\u2605"),
    Mark("#a0522d", "hexagon", "\u2b22"),
    Mark("#d6263d", "plus", "\u271a"),
    Mark("#4d8b00", "pentagon", "\u2b1f"),
    Mark("#6b7a8f", "bowtie", "\u29d3"),
    Mark("#b832c9", "hourglass", "\u29d7"),
)
