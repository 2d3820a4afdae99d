"""What is descended: test functions, each a formula with its parameters, its marked points and its story."""

from landscape.expression import FormulaError
from landscape.formula import Formula, formula
from landscape.functions import FUNCTIONS
from landscape.problem import Parameter, Point, Problem, Stationary

__all__ = ["FUNCTIONS", "Formula", "FormulaError", "Parameter", "Point", "Problem", "Stationary", "formula"]
