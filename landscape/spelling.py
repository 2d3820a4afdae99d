"""What people type, in Python's spelling: x^2, 3y and 2(x + 1) become x**2, 3*y and 2*(x + 1), and every character keeps its place.

A pass over the text's characters; nothing is evaluated. Only products that can be read in one way are written out: x(y) stays what it
looks like, a call, and 1/2x is refused, since half of the readers take x to be below the line.
"""

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MAX_LENGTH = 1_000  # characters
TOKEN = re.compile(
    r" *(?:(?P<number>(?>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))|(?P<name>[A-Za-z_]\w*)|(?P<power>\^|\*\*)|(?P<other>.))", re.ASCII
)
NO_FACTOR = re.compile(r"[eEjJ]$|_|[xXoObB][\da-fA-F_]+$")  # behind a number: 2e, 1j, 1_000, 0x10 mean something else to somebody


# fmt: off
HINTS: Mapping[str, str] = {
    "×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "²": "**2", "³": "**3", "π": "pi",
    "≤": "<=", "≥": ">=", "√": "sqrt(...)", "|": "abs(...)",
}
# fmt: on


class FormulaError(ValueError):
    """What is wrong with a formula, in a sentence, and where: characters `start` to `end` of `text`."""

    def __init__(self, message: str, text: str = "", start: int = 0, end: int = 0) -> None:
        start = max(0, min(start, len(text)))
        end = max(end, start + 1)
        super().__init__(f"{message}\n    {text}\n    {' ' * start}{'^' * (end - start)}" if text else message)
        self.message, self.text, self.start, self.end = message, text, start, end

    def __reduce__(self) -> tuple[type["FormulaError"], tuple[str, str, int, int]]:
        return type(self), (self.message, self.text, self.start, self.end)


@dataclass(frozen=True)
class Spelled:
    """The text as Python reads it, and for each of its characters the place where it was typed."""

    text: str
    places: tuple[int, ...]
    twofold: tuple[int, int] | None = None  # a product that can be read in two ways, where there is one

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Characters `start` to `end` of the text, as places in what was typed."""
        places = (*self.places, self.places[-1] + 1)
        first = places[min(max(start, 0), len(self.places))]
        return first, places[min(end, len(self.places)) - 1] + 1 if end > start else first


def spell(typed: str) -> Spelled:
    """`typed` with ** for ^ and * between factors that touch each other."""
    text: list[str] = []
    places: list[int] = []
    twofold = None
    for piece, at, factors, bound in _tokens(typed):
        if factors:
            text.append("*")
            places.append(at)
            twofold = twofold or ((at - 1, at + 1) if bound else None)
        text.append("**" if piece == "^" else piece)
        places += [at] * 2 if piece == "^" else range(at, at + len(piece))
    return Spelled("".join(text), tuple(places), twofold)


def _tokens(typed: str) -> Iterator[tuple[str, int, bool, bool]]:
    """Each token, its place, whether it multiplies what stands before it, and whether that is an exponent or a divisor."""
    opened: list[bool] = []  # for each bracket that is open: whether it is such a factor
    bound, before, end = False, "operator", 0
    for found in TOKEN.finditer(typed):
        kind = found.lastgroup or "other"
        piece, at = found[kind], found.start(kind)
        if at > end:
            yield " " * (at - end), end, False, False
        end = at + len(piece)
        factor = piece == "(" or (kind == "name" and not keyword.iskeyword(piece) and not (before == "number" and NO_FACTOR.match(piece)))
        yield piece, at, factor and before in ("number", "closed"), bound
        if kind == "power" or piece == "/":
            bound = True
        elif piece == "(":
            opened.append(bound)
            bound = False
        elif piece == ")":
            bound = opened.pop() if opened else False
        elif kind == "other" and not (piece in "+-" and before == "operator"):
            bound = False
        before = kind if kind in ("number", "name") else "closed" if piece == ")" else "operator"


def check_text(text: str) -> None:
    """Refuses what no formula can be, before anything reads it."""
    if not text:
        raise FormulaError("Type a formula, for example x**2 + 10*y**2.")
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"A formula has at most {MAX_LENGTH:,} characters; shorten this one.")
    if found := re.search(r"[^A-Za-z0-9_.^+\-*/()<>=!, :%@&\[\]{}'\";~]", text):
        hint = HINTS.get(found.group(), "")
        raise FormulaError(f"Write {hint} instead of {found.group()}." if hint else "A formula has no such character.", text, *found.span())
    if found := re.search(r"(?<![<>=!:])=(?!=)", text):
        raise FormulaError("A formula is one expression: leave out the equals sign and what stands before it.", text, *found.span())
    if re.search(r"[-+*/^(,<>]$", text):
        raise FormulaError("The formula breaks off: something is missing at its end.", text, len(text))


def check_spelling(text: str) -> Spelled:
    """The text in Python's spelling. Raises FormulaError for products that cannot be told from something else."""
    spelled = spell(text)
    if found := re.search(r"(?<![A-Za-z0-9_.])(?>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?=[A-Za-z_])", spelled.text):
        place = spelled.place(found.start(), found.end() + 1)
        raise FormulaError(f"Write * between a number and a name: {found.group()}*...", text, *place)
    return spelled
