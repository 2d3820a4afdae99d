"""HOW a landscape is descended: optimizers, as declarations, and the one loop.

`OPTIMIZERS` is the registry: teaching order is menu order.
"""

from optimizers.adagrad import ADAGRAD
from optimizers.adam import ADAM, ADAMW
from optimizers.descend import Run, descend
from optimizers.momentum import MOMENTUM
from optimizers.nesterov import NESTEROV
from optimizers.optimizer import Hyper, Optimizer
from optimizers.rmsprop import RMSPROP
from optimizers.sgd import SGD

OPTIMIZERS = {method.key: method for method in (SGD, MOMENTUM, NESTEROV, ADAGRAD, RMSPROP, ADAM, ADAMW)}

__all__ = ["OPTIMIZERS", "Hyper", "Optimizer", "Run", "descend"]
