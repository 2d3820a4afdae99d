"""The test functions in teaching order, which is the order of the menu. A new one is a file and a line here."""

from landscape.functions.ackley import ACKLEY
from landscape.functions.beale import BEALE
from landscape.functions.booth import BOOTH
from landscape.functions.bowl import BOWL
from landscape.functions.cliff import CLIFF
from landscape.functions.curved_valley import CURVED_VALLEY
from landscape.functions.degenerate_valley import DEGENERATE_VALLEY
from landscape.functions.double_well_saddle import DOUBLE_WELL_SADDLE
from landscape.functions.easom import EASOM
from landscape.functions.goldstein_price import GOLDSTEIN_PRICE
from landscape.functions.griewank import GRIEWANK
from landscape.functions.himmelblau import HIMMELBLAU
from landscape.functions.huber_valley import HUBER_VALLEY
from landscape.functions.l_shaped_valley import L_SHAPED_VALLEY
from landscape.functions.levy_13 import LEVY_13
from landscape.functions.mccormick import MCCORMICK
from landscape.functions.monkey_saddle import MONKEY_SADDLE
from landscape.functions.plateau_funnel import PLATEAU_FUNNEL
from landscape.functions.rastrigin import RASTRIGIN
from landscape.functions.ravine import RAVINE
from landscape.functions.rosenbrock import ROSENBROCK
from landscape.functions.saddle import SADDLE
from landscape.functions.sharp_flat import SHARP_FLAT
from landscape.functions.six_hump_camel import SIX_HUMP_CAMEL
from landscape.functions.strip import STRIP
from landscape.functions.styblinski_tang import STYBLINSKI_TANG
from landscape.functions.three_hump_camel import THREE_HUMP_CAMEL
from landscape.problem import Problem

_ORDER: tuple[Problem, ...] = (
    # Bowls and valleys
    BOWL,
    RAVINE,
    BOOTH,
    ROSENBROCK,
    CURVED_VALLEY,
    L_SHAPED_VALLEY,
    DEGENERATE_VALLEY,
    HUBER_VALLEY,
    STRIP,
    # Saddles and plateaus
    SADDLE,
    MONKEY_SADDLE,
    DOUBLE_WELL_SADDLE,
    PLATEAU_FUNNEL,
    EASOM,
    # Cliffs and sharp minima
    CLIFF,
    SHARP_FLAT,
    # Many minima
    HIMMELBLAU,
    THREE_HUMP_CAMEL,
    SIX_HUMP_CAMEL,
    STYBLINSKI_TANG,
    RASTRIGIN,
    ACKLEY,
    GRIEWANK,
    LEVY_13,
    # Classics
    BEALE,
    GOLDSTEIN_PRICE,
    MCCORMICK,
)
FUNCTIONS: dict[str, Problem] = {problem.key: problem for problem in _ORDER}
