"""HOW a landscape is descended: optimizers, as declarations, and the one loop.

`OPTIMIZERS` is the registry, by families: teaching order is menu order.
"""

from optimizers.adabelief import ADABELIEF
from optimizers.adabound import ADABOUND
from optimizers.adadelta import ADADELTA
from optimizers.adagrad import ADAGRAD
from optimizers.adam import ADAM, ADAMW
from optimizers.adamax import ADAMAX
from optimizers.bfgs import BFGS
from optimizers.conditions import Conditions
from optimizers.conjugate_gradient import CONJUGATE_GRADIENT
from optimizers.descend import Aim, Batches, descend
from optimizers.gauss_newton import GAUSS_NEWTON, KFAC, LEVENBERG_MARQUARDT, NATURAL_GRADIENT
from optimizers.l_bfgs import L_BFGS
from optimizers.lion import LION
from optimizers.momentum import MOMENTUM
from optimizers.nadam import NADAM
from optimizers.nelder_mead import NELDER_MEAD
from optimizers.nesterov import NESTEROV
from optimizers.newton import NEWTON, TRUST_REGION
from optimizers.optimizer import Hyper, Optimizer
from optimizers.qhm import QHM
from optimizers.radam import RADAM
from optimizers.rmsprop import RMSPROP
from optimizers.rprop import RPROP
from optimizers.run import Run
from optimizers.sam import SAM
from optimizers.sgd import SGD
from optimizers.signsgd import SIGNSGD

FAMILIES: dict[str, tuple[Optimizer, ...]] = {
    "Classic": (SGD, MOMENTUM, NESTEROV, QHM),
    "Adaptive": (ADAGRAD, ADADELTA, RMSPROP, ADAM, ADAMW, ADAMAX, NADAM, RADAM, ADABOUND, ADABELIEF),
    "Signs": (RPROP, SIGNSGD, LION),
    "Flat minima": (SAM,),
    "Curvature": (NEWTON, TRUST_REGION, GAUSS_NEWTON, LEVENBERG_MARQUARDT, NATURAL_GRADIENT, KFAC),
    "Line search": (BFGS, L_BFGS, CONJUGATE_GRADIENT),
    "No gradients": (NELDER_MEAD,),
}
OPTIMIZERS = {method.key: method for methods in FAMILIES.values() for method in methods}

__all__ = ["FAMILIES", "OPTIMIZERS", "Aim", "Batches", "Conditions", "Hyper", "Optimizer", "Run", "descend"]
