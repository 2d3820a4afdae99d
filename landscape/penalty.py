"""A landscape with an L2 penalty on it: what a method descends that adds lambda x to the gradient (Goodfellow et al. 2016, eq. 7.2)."""

from dataclasses import replace

from landscape.formula import Formula
from landscape.problem import Parameter, Problem


def penalised(problem: Problem, weight: float) -> Problem:
    """f + weight/2 |x|^2, as a landscape of its own: its minima are elsewhere, and are searched for."""
    source = problem.formula
    taken = {*source.symbols, *source.sampled, *(name for name, _ in source.where)}
    plain, penalty = (next(name for name in (word, f"{word}_", f"{word}__") if name not in taken) for word in ("plain", "penalty"))
    squares = " + ".join(f"{name}**2" for name in source.coordinates)
    declared = Parameter(penalty, "Penalty", 0.0, 0.0, 1e12, symbol=r"\lambda")
    return replace(
        problem,
        formula=Formula(
            f"{plain} + {penalty}*({squares})/2",
            (*source.parameters, penalty),
            (*source.where, (plain, source.text)),
            source.coordinates,
            source.columns,
        ),
        parameters=(*problem.parameters, declared),
        values=(*problem.parameter_values.values(), declared.check(weight)),
        stationary=None,
    )
