"""A formula as LaTeX, in the order in which its author wrote it."""

import re
from collections.abc import Mapping

from landscape.expression import Call, Name, Node, Number

GREEK = ("alpha", "beta", "gamma", "delta", "epsilon", "theta", "kappa", "lambda", "mu", "rho", "sigma", "tau", "phi", "omega")
CIRCULAR = ("sin", "cos", "tan", "sinh", "cosh", "tanh")  # whose powers are written sin^2(x)
SUM, PRODUCT, SIGN, POWER, ATOM = range(5)  # how tightly a piece of LaTeX binds

Piece = tuple[str, int]


def latex(tree: Node, symbols: Mapping[str, str] | None = None) -> str:
    """The LaTeX of a tree; `symbols` replaces names by symbols of their own."""
    return _write(tree, symbols or {})[0]


def symbol(name: str) -> str:
    """How a name is written where nothing else is declared: x_1 for x1, a Greek letter for its name."""
    if found := re.fullmatch(r"([A-Za-z])_?(\d+)", name):
        return f"{found[1]}_{{{found[2]}}}"
    if name in GREEK:
        return rf"\{name}"
    return name if len(name) == 1 else rf"\mathrm{{{name}}}".replace("_", r"\_")


def indexed(name: str) -> str:
    """How the i-th sample's value of a name is written: x_i, x_{1,i}."""
    base = symbol(name)
    return f"{base[:-1]},i}}" if "_{" in base else f"{base}_i"


def mean(tree: Node, symbols: Mapping[str, str]) -> str:
    """The LaTeX of the mean of a tree over the samples."""
    return rf"\frac{{1}}{{N}} \sum_{{i=1}}^{{N}} {_inside(_write(tree, symbols), PRODUCT)}"


def _write(tree: Node, symbols: Mapping[str, str]) -> Piece:
    if isinstance(tree, Number):
        return _number(tree.value)
    if isinstance(tree, Name):
        return symbols.get(tree.name) or symbol(tree.name), ATOM
    base, exponent = tree.arguments if tree.function == "**" else (None, None)
    if isinstance(base, Call) and exponent is not None and base.function in CIRCULAR:
        return rf"\{base.function}^{{{_write(exponent, symbols)[0]}}}{_brackets(_write(base.arguments[0], symbols)[0])}", POWER
    return _call(tree.function, [_write(argument, symbols) for argument in tree.arguments])


def _call(function: str, parts: list[Piece]) -> Piece:
    plain = [text for text, _ in parts]
    match function:
        case "pi" | "e":
            return (r"\pi" if function == "pi" else "e"), ATOM
        case "+":
            return f"{plain[0]} + {_inside(parts[1], SIGN if plain[1].startswith('-') else SUM)}", SUM
        case "-":
            return f"{plain[0]} - {_inside(parts[1], PRODUCT)}", SUM
        case "neg":
            return f"-{_inside(parts[0], PRODUCT)}", SUM
        case "*":
            return _product(_inside(parts[0], PRODUCT), _inside(parts[1], PRODUCT)), PRODUCT
        case "/":
            return rf"\frac{{{plain[0]}}}{{{plain[1]}}}", SIGN
        case "**":
            return f"{_inside(parts[0], ATOM)}^{{{plain[1]}}}", POWER
        case "exp":
            return f"e^{{{plain[0]}}}", POWER
        case "sqrt":
            return rf"\sqrt{{{plain[0]}}}", ATOM
        case "abs":
            return rf"\left|{plain[0]}\right|", ATOM
        case "hypot":
            return rf"\left\|({plain[0]}, {plain[1]})\right\|", ATOM
        case "softplus":
            return rf"\ln\left(1 + e^{{{plain[0]}}}\right)", POWER
        case "sigmoid":
            return rf"\sigma{_brackets(plain[0])}", POWER
        case "huber":
            return rf"H_{{{plain[1]}}}{_brackets(plain[0])}", POWER
        case "<" | "<=" | ">" | ">=":
            relation = {"<=": r"\le", ">=": r"\ge"}.get(function, function)
            left, right, then, otherwise = plain
            return rf"\begin{{cases}} {then} & {left} {relation} {right} \\ {otherwise} & \text{{otherwise}} \end{{cases}}", ATOM
    names = {"log": r"\ln", "asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan", "sign": r"\operatorname{sign}"}
    return f"{names.get(function, chr(92) + function)}{_brackets(', '.join(plain))}", POWER


def _product(left: str, right: str) -> str:
    touching = right[0].isdigit() or (left[-1].isdigit() and right.startswith(r"\frac"))
    return rf"{left} \cdot {right}" if touching else rf"{left} \, {right}"


def _number(value: float) -> Piece:
    text = f"{value:.15g}"
    if "e" not in text:
        return text, ATOM
    mantissa, exponent = text.split("e")
    power = f"10^{{{int(exponent)}}}"
    return (power, POWER) if mantissa == "1" else (rf"{mantissa} \cdot {power}", PRODUCT)


def _brackets(text: str) -> str:
    return rf"\left({text}\right)"


def _inside(piece: Piece, level: int) -> str:
    text, binding = piece
    return text if binding >= level else _brackets(text)
