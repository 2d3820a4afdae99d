"""A bell curve through points, in two parametrisations: the same model, two landscapes.

Minus the log-likelihood of N(mu, sigma^2). Its Fisher matrix is diag(1/sigma^2, 2/sigma^2) in (mu, sigma) and diag(e^-2s, 2) in
(mu, s = ln sigma): Amari (1998), "Natural gradient works efficiently in learning", Neural Computation 10, section 2, has why a step
measured by it does not depend on the parametrisation.
"""

from collections.abc import Mapping

from landscape.formula import Formula
from landscape.problem import Array, Parameter, Problem, Stationary, rates
from landscape.reparametrised import Reparametrised
from landscape.samples.data import DRAW, count, normal

CENTRE = Parameter("centre", "True mean", 1.0, -1.5, 1.5, symbol=r"\mu^*")
WIDTH = Parameter("width", "True deviation", 0.7, 0.4, 1.5, symbol=r"\sigma^*")


def points(values: Mapping[str, float]) -> Array:
    return (values["centre"] + values["width"] * normal(values, 0))[None, :]


GAUSSIAN_FIT_LOG = Problem(
    key="gaussian_fit_log",
    name="Gaussian fit, log σ",
    group="Fits to data",
    formula=Formula(
        "s + (x - mu)**2/(2*exp(2*s))",
        coordinates=("mu", "s"),
        columns=("x",),
        fisher=("exp(-2*s)", "0", "2"),
    ),
    parameters=(CENTRE, WIDTH, count(), DRAW),
    sampler=points,
    domain=((-3.0, 3.0), (-1.5, 2.0)),
    start=(-2.0, 0.5),
    stationary=(Stationary("centre", "log(width)", "minimum", "most likely", reach=10.0),),
    lesson="In ln σ a narrow bell is as far from a wide one as in any unit; natural gradient goes the same way in both pictures.",
    source="Amari 1998, Neural Computation 10, section 2",
    question="Whose path stays the same when σ is written as a power of e?",
    recommended=rates(sgd=0.1, momentum=0.02, nesterov=0.02, adagrad=0.5, rmsprop=0.02, adam=0.1, adamw=0.1),
    steps=150,
    levels="log",
    race=(("sgd", ()), ("momentum", ()), ("adam", ()), ("natural_gradient", ())),
    other=Reparametrised("gaussian_fit", ("mu", "exp(s)"), ("mu", "log(sigma)")),
)
GAUSSIAN_FIT = Problem(
    key="gaussian_fit",
    name="Gaussian fit",
    group="Fits to data",
    formula=Formula(
        "log(sigma) + (x - mu)**2/(2*sigma**2)",
        coordinates=("mu", "sigma"),
        columns=("x",),
        fisher=("1/sigma**2", "0", "2/sigma**2"),
    ),
    parameters=(CENTRE, WIDTH, count(), DRAW),
    sampler=points,
    domain=((-3.0, 3.0), (0.2, 4.0)),
    start=(-2.0, 1.65),
    stationary=(Stationary("centre", "width", "minimum", "most likely", reach=10.0),),
    lesson="Near σ = 0 the loss is a wall, at large σ a plain: the unit of σ decides what gradient descent makes of it.",
    source="Amari 1998, Neural Computation 10, section 2",
    question="Who finds mean and width without hitting the wall?",
    recommended=rates(sgd=0.1, momentum=0.02, nesterov=0.02, adagrad=0.5, rmsprop=0.02, adam=0.1, adamw=0.1),
    steps=150,
    levels="log",
    race=(("sgd", ()), ("momentum", ()), ("adam", ()), ("natural_gradient", ())),
    other=Reparametrised("gaussian_fit_log", ("mu", "log(sigma)"), ("mu", "exp(s)")),
)
