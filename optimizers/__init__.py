"""HOW a landscape is descended: optimizers, as declarations, and the one loop.

`OPTIMIZERS` is the registry: teaching order is menu order.
"""

from optimizers.adabelief import ADABELIEF
from optimizers.adabound import ADABOUND
from optimizers.adadelta import ADADELTA
from optimizers.adagrad import ADAGRAD
from optimizers.adam import ADAM, ADAMW
from optimizers.adamax import ADAMAX
from optimizers.descend import Run, descend
from optimizers.lion import LION
from optimizers.momentum import MOMENTUM
from optimizers.nadam import NADAM
from optimizers.nesterov import NESTEROV
from optimizers.optimizer import Hyper, Optimizer
from optimizers.radam import RADAM
from optimizers.rmsprop import RMSPROP
from optimizers.rprop import RPROP
from optimizers.sam import SAM
from optimizers.sgd import SGD
from optimizers.signsgd import SIGNSGD

OPTIMIZERS = {
    method.key: method
    for method in (
        SGD,
        MOMENTUM,
        NESTEROV,
        ADAGRAD,
        ADADELTA,
        RMSPROP,
        ADAM,
        ADAMW,
        ADAMAX,
        NADAM,
        RADAM,
        ADABOUND,
        ADABELIEF,
        RPROP,
        SIGNSGD,
        LION,
        SAM,
    )
}

__all__ = ["OPTIMIZERS", "Hyper", "Optimizer", "Run", "descend"]
