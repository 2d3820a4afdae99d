"""A typed formula, read into a tree of numbers, names and calls; anything else is refused, and nothing is ever run.

Python's `ast` splits the text, a whitelist turns its nodes into ours, and whoever wants to know something about the
formula (NumPy values, LaTeX, SymPy) folds over that tree: see `algebra.fold`.
"""

import ast
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from landscape.spelling import MAX_LENGTH, Spelled, check_spelling, check_text, spell
from landscape.spelling import FormulaError as FormulaError

MAX_NODES = 300
MAX_DEPTH = 100  # of the tree; a long sum is as deep as it has terms
MAX_EXPONENT = 100

COORDINATES = ("x", "y")
CONSTANTS = ("pi", "e")
ARITY: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh"), (1, 1)),
    **dict.fromkeys(("exp", "log", "sqrt", "abs", "sign", "softplus", "sigmoid"), (1, 1)),
    **dict.fromkeys(("min", "max"), (2, 8)),
    **dict.fromkeys(("hypot", "huber"), (2, 2)),
    "where": (3, 3),
}
OPERATORS: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
COMPARISONS: Mapping[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}

REFUSED: Mapping[type[ast.AST], str] = {
    ast.Attribute: "A formula has no dots between names.",
    ast.Subscript: "A formula has no square brackets.",
    ast.Lambda: "A formula defines no functions.",
    ast.NamedExpr: "A formula assigns nothing.",
    ast.IfExp: "Write where(condition, a, b) instead of if and else.",
    ast.BoolOp: "Nest one where(condition, a, b) in another instead of 'and' and 'or'.",
    ast.Tuple: "A comma only separates the arguments of a function; a decimal point is a dot.",
    ast.Compare: "A comparison belongs in front of the two cases of where(condition, a, b).",
}


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operator, a function or a constant: `+ - * / ** neg`, `sin`, ..., `pi`; `<` with (left, right, then, otherwise)."""

    function: str
    arguments: tuple["Node", ...] = ()


Node = Number | Name | Call


def names_in(tree: Node) -> frozenset[str]:
    """The names a tree depends on."""
    if isinstance(tree, Name):
        return frozenset((tree.name,))
    return frozenset().union(*map(names_in, tree.arguments)) if isinstance(tree, Call) else frozenset()


def substitute(tree: Node, values: Mapping[str, Node]) -> Node:
    """The tree with some names replaced by trees."""
    if isinstance(tree, Name):
        return values.get(tree.name, tree)
    if isinstance(tree, Call):
        return Call(tree.function, tuple(substitute(argument, values) for argument in tree.arguments))
    return tree


def check_name(name: str, coordinates: tuple[str, ...] = COORDINATES) -> None:
    """A name that a formula of these coordinates may use for a parameter."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,30}", name):
        raise FormulaError(f"{name[:40]!r} cannot name a parameter: use a letter, then letters, digits and underscores.")
    if name in (*coordinates, *CONSTANTS, *ARITY):
        raise FormulaError(f"{name!r} already means something in a formula: give the parameter another name.")


@lru_cache(maxsize=4096)
def parse(text: str, names: tuple[str, ...] = COORDINATES) -> Node:
    """The tree of a formula of these names, or a FormulaError that points at what cannot be read."""
    text = " ".join(text[: 4 * MAX_LENGTH].split())
    check_text(text)
    spelled = check_spelling(text)
    try:
        root = ast.parse(spelled.text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise _unreadable(text, spelled, error) from None
    if spelled.twofold:
        raise FormulaError("This can be read in two ways: write *, and brackets round what belongs together.", text, *spelled.twofold)
    return _Reader(text, spelled, names).read(root, MAX_DEPTH)


def names_typed(text: str) -> tuple[str, ...]:
    """The names in a text that it does not call, in order; none where it cannot be read at all: `parse` says what is wrong with it."""
    try:
        nodes = list(ast.walk(ast.parse(spell(" ".join(text[: 4 * MAX_LENGTH].split())).text, mode="eval")))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return ()
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return tuple(dict.fromkeys(node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called))


def _unreadable(text: str, spelled: Spelled, error: Exception) -> FormulaError:
    if not isinstance(error, SyntaxError) or "too many nested" in str(error.msg):
        return FormulaError("This formula is nested too deeply; write it flatter.")
    start, end = spelled.place((error.offset or 1) - 1, (error.end_offset or 0) - 1)
    if "never closed" in error.msg:
        return FormulaError("This bracket is never closed.", text, start)
    if "unmatched" in error.msg or "does not match" in error.msg:
        return FormulaError("This bracket does not belong to another one.", text, start)
    return FormulaError("The formula cannot be read here: is an operator or a bracket missing?", text, start, end)


class _Reader:
    """Turns Python's nodes into ours, counting them."""

    def __init__(self, text: str, spelled: Spelled, names: tuple[str, ...]) -> None:
        self.text, self.spelled, self.names, self.count = text, spelled, names, 0

    def error(self, message: str, node: ast.expr) -> FormulaError:
        return FormulaError(message, self.text, *self.spelled.place(node.col_offset, node.end_col_offset or 0))

    def read(self, node: ast.expr, depth: int) -> Node:
        self.count += 1
        if self.count > MAX_NODES:
            raise FormulaError(f"A formula has at most {MAX_NODES} numbers, names and operations; shorten this one.")
        if depth == 0:
            raise self.error("This formula is nested too deeply; write it flatter.", node)
        match node:
            case ast.Constant():
                return self.number(node)
            case ast.Name():
                return self.name(node)
            case ast.UnaryOp(op=ast.UAdd()):
                return self.read(node.operand, depth - 1)
            case ast.UnaryOp(op=ast.USub()):
                return self.finite(Call("neg", (self.read(node.operand, depth - 1),)), node)
            case ast.BinOp():
                return self.finite(self.operation(node, depth), node)
            case ast.Call():
                return self.finite(self.call(node, depth), node)
        raise self.error(
            REFUSED.get(type(node), "A formula is made of numbers, names, + - * / ** and functions; this is something else."), node
        )

    def number(self, node: ast.Constant) -> Number:
        if type(node.value) not in (int, float):
            raise self.error("Only ordinary numbers and names can stand in a formula.", node)
        try:
            value = float(str(node.value)) if isinstance(node.value, float) else float(node.value)  # type: ignore[arg-type]
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self.error("This number is too large.", node)
        return Number(value)

    def name(self, node: ast.Name) -> Node:
        if node.id in self.names:
            return Name(node.id)
        if node.id in CONSTANTS:
            return Call(node.id)
        if node.id in ARITY:
            raise self.error(f"{node.id} is a function: write {node.id}(...).", node)
        if set(node.id) <= set(self.names) and len(node.id) > 1:
            raise self.error(f"Write {'*'.join(node.id)} to multiply.", node)
        raise self.error(f"Unknown name {node.id}: this formula knows {', '.join((*self.names, *CONSTANTS))}.", node)

    def operation(self, node: ast.BinOp, depth: int) -> Call:
        operator = OPERATORS.get(type(node.op))
        if operator is None:
            raise self.error("This operator is not one of + - * / **.", node)
        left, right = self.read(node.left, depth - 1), self.read(node.right, depth - 1)
        if operator == "**" and not names_in(right) and abs(_constant(right)) > MAX_EXPONENT:
            raise self.error(f"Exponents go from -{MAX_EXPONENT} to {MAX_EXPONENT}.", node.right)
        return Call(operator, (left, right))

    def call(self, node: ast.Call, depth: int) -> Call:
        if not isinstance(node.func, ast.Name):
            raise self.error("Write * in front of a bracket that multiplies.", node.func)
        name = node.func.id
        if name not in ARITY:
            if name in (*self.names, *CONSTANTS) or len(name) == 1:
                raise self.error(f"Write {name}*(...) to multiply.", node.func)
            raise self.error(f"Unknown function {name}: there are {', '.join(ARITY)}.", node.func)
        low, high = ARITY[name]
        if node.keywords or not low <= len(node.args) <= high:
            raise self.error(f"{name} takes {low if low == high else f'{low} to {high}'} argument{'s' if high > 1 else ''}.", node)
        if name == "where":
            return self.where(node, depth)
        return Call(name, tuple(self.read(argument, depth - 1) for argument in node.args))

    def where(self, node: ast.Call, depth: int) -> Call:
        condition, *cases = node.args
        if not isinstance(condition, ast.Compare) or len(condition.ops) != 1 or type(condition.ops[0]) not in COMPARISONS:
            raise self.error("where starts with one comparison: <, <=, > or >=.", condition)
        parts = (condition.left, condition.comparators[0], *cases)
        return Call(COMPARISONS[type(condition.ops[0])], tuple(self.read(part, depth - 1) for part in parts))

    def finite(self, tree: Node, node: ast.expr) -> Node:
        """Refuses arithmetic on numbers that has no finite result, such as 1/0 or 9**99**99."""
        if not names_in(tree) and not math.isfinite(_constant(tree)):
            raise self.error("This has no finite value.", node)
        return tree


def _constant(tree: Node) -> float:
    from landscape.algebra import NUMPY, fold  # algebra folds over our nodes

    return float(fold(tree, {}, NUMPY))
