"""Problems on data, in teaching order: each a loss per sample, whose mean is descended. A new one is a file and a line here."""

from landscape.problem import Problem
from landscape.samples.deep_chain import DEEP_CHAIN
from landscape.samples.gaussian_fit import GAUSSIAN_FIT, GAUSSIAN_FIT_LOG
from landscape.samples.huber_fit import HUBER_FIT
from landscape.samples.line_fit import LINE_FIT
from landscape.samples.logistic import LOGISTIC
from landscape.samples.pure_noise import PURE_NOISE
from landscape.samples.rare_slope import RARE_SLOPE
from landscape.samples.sparse_features import SPARSE_FEATURES
from landscape.samples.two_weight_net import TWO_WEIGHT_NET

_ORDER: tuple[Problem, ...] = (
    # Fits to data
    LINE_FIT,
    HUBER_FIT,
    SPARSE_FEATURES,
    LOGISTIC,
    GAUSSIAN_FIT_LOG,
    GAUSSIAN_FIT,
    # Small models
    TWO_WEIGHT_NET,
    DEEP_CHAIN,
    PURE_NOISE,
    RARE_SLOPE,
)
SAMPLES: dict[str, Problem] = {problem.key: problem for problem in _ORDER}
