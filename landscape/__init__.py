"""What is descended: test functions and mean losses over data, each a formula with its parameters, its marked points and its story."""

from landscape.expression import FormulaError
from landscape.formula import Formula, formula
from landscape.functions import FUNCTIONS
from landscape.problem import Parameter, Point, Problem, Stationary
from landscape.samples import SAMPLES

PROBLEMS = FUNCTIONS | SAMPLES  # for menus that offer both

__all__ = ["FUNCTIONS", "PROBLEMS", "SAMPLES", "Formula", "FormulaError", "Parameter", "Point", "Problem", "Stationary", "formula"]
