"""The test functions in teaching order, which is the order of the menu."""

from landscape.functions.bowl import BOWL
from landscape.functions.himmelblau import HIMMELBLAU
from landscape.functions.rastrigin import RASTRIGIN
from landscape.functions.ravine import RAVINE
from landscape.functions.rosenbrock import ROSENBROCK
from landscape.functions.saddle import SADDLE
from landscape.problem import Problem

_ORDER: tuple[Problem, ...] = (
    BOWL,
    RAVINE,
    ROSENBROCK,
    SADDLE,
    HIMMELBLAU,
    RASTRIGIN,
)
FUNCTIONS: dict[str, Problem] = {problem.key: problem for problem in _ORDER}
