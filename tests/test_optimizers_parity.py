"""Every first-order method against other people's code in float64, over random hyperparameters, rates that change on the way, and
gradient sequences with zeros and spikes."""

import adabound
import jax
import numpy as np
import optax.contrib
import pytest
import pytorch_optimizer
import torch

from optimizers import OPTIMIZERS, descend
from optimizers.optimizer import PENALTY
from tests.tools.autograd import LOSSES, compared, random_start, torch_path
from tests.tools.rules import rule_path

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore:This overload of add_ is deprecated"),  # adabound 0.0.5 is of 2019
]
TICKS = 200


class WithOptax:
    """optax's SAM in its transparent form, one evaluation a call; pytorch_optimizer's takes the norm in float32."""

    def __init__(self, parameters, lr, rho):
        (self.theta,), self.rho, self.param_groups, self.state = parameters, rho, [{"lr": lr}], None

    def step(self):
        climb = optax.chain(optax.contrib.normalize(), optax.sgd(self.rho))
        sam = optax.contrib.sam(optax.sgd(self.param_groups[0]["lr"]), climb)  # made anew, since the rate changes
        here = self.theta.detach().numpy().copy()
        self.state = self.state or sam.init(here)
        updates, self.state = sam.update(self.theta.grad.numpy(), self.state, here)
        self.theta.data = torch.tensor(np.array(optax.apply_updates(here, updates)))


def betas(h):
    return {"lr": h["lr"], "betas": (h["beta1"], h["beta2"])}


def l2(h):
    return {"weight_decay": h["weight_decay"]}


# How others spell the declaration's values. Conventions that differ are set to theirs by the switch named beside them.
ORACLES = {
    "sgd": lambda p, h: torch.optim.SGD(p, lr=h["lr"], **l2(h)),
    "momentum": lambda p, h: torch.optim.SGD(p, lr=h["lr"], momentum=h["momentum"], dampening=h["dampening"], **l2(h)),
    "nesterov": lambda p, h: torch.optim.SGD(p, lr=h["lr"], momentum=h["momentum"], nesterov=True, **l2(h)),  # torch_form = 1
    "adagrad": lambda p, h: torch.optim.Adagrad(p, lr=h["lr"], eps=h["eps"], **l2(h)),
    "adadelta": lambda p, h: torch.optim.Adadelta(p, lr=h["lr"], rho=h["rho"], eps=h["eps"], **l2(h)),
    "rmsprop": lambda p, h: torch.optim.RMSprop(p, lr=h["lr"], alpha=h["alpha"], eps=h["eps"], **l2(h)),
    "adam": lambda p, h: torch.optim.Adam(p, **betas(h), eps=h["eps"], amsgrad=bool(h["amsgrad"]), **l2(h)),
    # torch multiplies the decay by lr; what follows the schedule alone is therefore divided by the base rate
    "adamw": lambda p, h: torch.optim.AdamW(
        p, **betas(h), eps=h["eps"], amsgrad=bool(h["amsgrad"]), weight_decay=h["weight_decay"] / (h["lr"] if h["decoupled"] else 1.0)
    ),
    "adamax": lambda p, h: torch.optim.Adamax(p, **betas(h), eps=h["eps"], **l2(h)),
    "nadam": lambda p, h: torch.optim.NAdam(p, **betas(h), eps=h["eps"], momentum_decay=h["momentum_decay"], **l2(h)),
    "radam": lambda p, h: torch.optim.RAdam(p, **betas(h), eps=h["eps"], **l2(h)),  # threshold = 0
    "adabound": lambda p, h: adabound.AdaBound(p, **betas(h), eps=h["eps"], final_lr=h["final_lr"], gamma=h["gamma"]),
    "adabelief": lambda p, h: pytorch_optimizer.AdaBelief(p, **betas(h), eps=h["eps"]),
    "rprop": lambda p, h: torch.optim.Rprop(p, lr=h["lr"], etas=(h["etaminus"], h["etaplus"]), step_sizes=(h["step_min"], h["step_max"])),
    "qhm": lambda p, h: pytorch_optimizer.QHM(p, lr=h["lr"], momentum=h["momentum"], nu=h["nu"]),
    "signsgd": lambda p, h: pytorch_optimizer.SignSGD(p, lr=h["lr"], momentum=h["momentum"]),
    "lion": lambda p, h: pytorch_optimizer.Lion(p, **betas(h)),
    "sam": lambda p, h: WithOptax(p, h["lr"], h["rho"]),
}
ELSEWHERE = {  # tested in test_optimizers_second_order.py, and in newton, trust_region, least_squares, line_searches
    "newton", "trust_region", "gauss_newton", "levenberg_marquardt", "natural_gradient", "kfac",
    "bfgs", "l_bfgs", "conjugate_gradient", "nelder_mead",
}  # fmt: skip
CASES = [
    *((key, {}) for key in ORACLES if key != "nesterov"),
    ("nesterov", {"torch_form": 1.0}),
    ("adam", {"amsgrad": 1.0}),
    ("adamw", {"amsgrad": 1.0}),
    ("adamw", {"decoupled": 1.0}),
    ("signsgd", {"momentum": 0.0}),
]
# rho_t of RAdam is the difference of two numbers near rho_inf = 2 / (1 - beta2), one of them over 1 - beta2^t: torch's own figure is right
# to about rho_inf^2 rounding errors only, so twelve digits can be asked for where rho_inf is below 50.
LARGEST = {"radam": {"beta2": 0.96}}
NEVER_AT_REST = {"sam"}  # where the gradient is 0, optax climbs by 0/0


@pytest.fixture(autouse=True)
def double():
    """torch keeps NAdam's product of momenta in the default type, whatever the parameters' type is; JAX has only float32 unless told."""
    torch.set_default_dtype(torch.float64)
    with jax.enable_x64(True):
        yield
    torch.set_default_dtype(torch.float32)


def random_value(hyper, rng, largest=None):
    high = hyper.high if largest is None else largest
    if hyper.options or hyper is PENALTY:  # the penalty is the loop's: see below
        return hyper.default
    if hyper.scale == "log":
        return float(np.exp(rng.uniform(np.log(hyper.low), np.log(min(high, 0.5)))))
    if hyper.scale == "complement":
        return 1.0 - float(np.exp(rng.uniform(np.log(1.0 - high), 0.0)))
    return float(rng.uniform(hyper.low, high))


def gradients(n, rng):
    g = rng.normal(size=(TICKS, n)) * np.exp(rng.normal(size=(TICKS, 1)))
    g[rng.random(g.shape) < 0.2] = 0.0
    g[rng.random(g.shape) < 0.02] *= 1e4
    return g


def oracle_path(key, values, start, g, factors):
    theta = torch.tensor(start, requires_grad=True)
    oracle = ORACLES[key]([theta], values)
    path = []
    for gradient, factor in zip(g, factors, strict=True):
        for group in oracle.param_groups:
            group["lr"] = values["lr"] * factor
        theta.grad = torch.tensor(gradient)
        oracle.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path)


def compare(key, switches, rng, tolerance=1e-12, scheduled=False, **fixed):
    method, n = OPTIMIZERS[key], 3
    drawn = {h.key: random_value(h, rng, LARGEST.get(key, {}).get(h.key)) for h in method.hypers}
    values = drawn | switches | fixed
    start, g = rng.normal(size=n), gradients(n, rng)
    if key in NEVER_AT_REST:
        g[:, 0] += g[:, 0] == 0.0
    factors = rng.uniform(0.1, 1.0, size=TICKS) if scheduled else np.ones(TICKS)
    theirs = oracle_path(key, values, start, g, factors)
    for alike in (False, True):  # whether lanes share their values: where they do, a rule may take a shorter way
        ours = rule_path(method, values, start, g, factors, alike)
        error = np.linalg.norm(ours - theirs, axis=1) / np.linalg.norm(theirs, axis=1)
        assert error.max() <= tolerance, (alike, int(error.argmax()), values)


@pytest.mark.parametrize("draw", range(8))
@pytest.mark.parametrize(("key", "switches"), CASES, ids=lambda part: part if isinstance(part, str) else "-".join(part))
def test_path_equals_the_oracles(key, switches, draw):
    """Odd draws change the learning rate on the way."""
    compare(key, switches, np.random.default_rng([draw, *key.encode()]), scheduled=draw % 2 == 1)


@pytest.mark.parametrize("draw", range(4))
def test_radam_at_its_defaults_equals_torch_as_far_as_torch_is_accurate(draw):
    compare("radam", {}, np.random.default_rng(draw), tolerance=1e-9, beta1=0.9, beta2=0.999)


@pytest.mark.parametrize("draw", range(4))
def test_radam_as_in_the_paper(draw):
    """pytorch_optimizer compares with >=, which is the same but where rho is the threshold itself; its 4 is the paper's."""
    values = {"lr": 1e-2, "beta1": 0.9, "beta2": 0.95, "eps": 0.0}
    rng = np.random.default_rng(draw)
    start, g = rng.normal(size=3), gradients(3, rng) + 1e-3  # without zeros: it adds eps elsewhere, so eps is 0
    theta = torch.tensor(start, requires_grad=True)
    oracle = pytorch_optimizer.RAdam([theta], lr=1e-2, betas=(0.9, 0.95), eps=0.0, n_sma_threshold=4, degenerated_to_sgd=True)
    path = rule_path(OPTIMIZERS["radam"], values | {"threshold": 1.0}, start, g, np.ones(TICKS))
    for t in range(TICKS):
        theta.grad = torch.tensor(g[t])
        oracle.step()
        assert np.linalg.norm(path[t] - theta.detach().numpy()) <= 1e-12 * np.linalg.norm(path[t]), t


# --- on landscapes


PARTING = {("rprop", "three_hump_camel"), ("sam", "rosenbrock")}  # on these two, starts 1e-9 apart come to be more than 1e-7 apart


@pytest.mark.parametrize("problem", LOSSES)
@pytest.mark.parametrize("key", ORACLES)
def test_path_on_a_landscape_equals_the_oracles_with_autograd(key, problem):
    """A random start and random hyperparameters, 50 ticks; the rate is one at which most of these runs go somewhere and stay finite."""
    method, rng = OPTIMIZERS[key], np.random.default_rng([*problem.encode(), *key.encode()])
    drawn = {h.key: random_value(h, rng, LARGEST.get(key, {}).get(h.key)) for h in method.hypers}
    values = drawn | {"lr": float(np.exp(rng.uniform(np.log(1e-4), np.log(2e-3))))} | ({"torch_form": 1.0} if key == "nesterov" else {})
    start = random_start(problem, rng)
    theirs, _ = torch_path(problem, start, 50, lambda p: ORACLES[key](p, values))
    to_twelve_digits = compared(
        problem, method, start, theirs, queries=key == "sam", **values
    )  # optax's SAM moves its parameters up and back
    assert to_twelve_digits or (key, problem) in PARTING


# --- conventions that PyTorch does not have, against optax


def with_optax(transformation, start, g):
    state, theta, path = transformation.init(start), start, []
    for gradient in g:
        updates, state = transformation.update(gradient, state, theta)
        theta = optax.apply_updates(theta, updates)
        path.append(np.array(theta))
    return np.array(path)


def by_rates(h, factors):
    """The last link of a chain: the step, times minus the rate of the tick."""
    return optax.scale_by_schedule(lambda tick: -h["lr"] * jax.numpy.asarray(factors)[tick])


IN_OPTAX = {
    ("adam", "eps_inside"): lambda h, f: optax.chain(
        optax.scale_by_adam(h["beta1"], h["beta2"], eps=0.0, eps_root=h["eps"]), by_rates(h, f)
    ),
    ("adamw", "eps_inside"): lambda h, f: optax.chain(
        optax.scale_by_adam(h["beta1"], h["beta2"], eps=0.0, eps_root=h["eps"]),
        optax.add_decayed_weights(h["weight_decay"]),
        by_rates(h, f),
    ),
    ("rmsprop", "eps_inside"): lambda h, f: optax.chain(optax.scale_by_rms(h["alpha"], h["eps"], eps_in_sqrt=True), by_rates(h, f)),
    ("adagrad", "eps_inside"): lambda h, f: optax.chain(optax.scale_by_rss(0.0, h["eps"]), by_rates(h, f)),
    # the rate acts on the gradient, before it joins the velocity
    ("momentum", "classical"): lambda h, f: optax.chain(by_rates(h, f), optax.trace(h["momentum"])),
}


@pytest.mark.parametrize("draw", range(6))
@pytest.mark.parametrize(("key", "switch"), IN_OPTAX, ids=lambda part: part)
def test_the_other_convention_equals_optax(key, switch, draw):
    """Under a rate that changes at every tick; and it is another path than PyTorch's."""
    method, rng = OPTIMIZERS[key], np.random.default_rng([draw, *key.encode()])
    values = {h.key: random_value(h, rng) for h in method.hypers} | {switch: 1.0}
    # optax knows no dampening; and an epsilon so large that it matters where it is
    values |= {"dampening": 0.0} if key == "momentum" else {"eps": float(10 ** rng.uniform(-3, -1))}
    start, g, factors = rng.normal(size=3), gradients(3, rng), rng.uniform(0.1, 1.0, size=TICKS)
    theirs = with_optax(IN_OPTAX[key, switch](values, factors), start, g)
    for alike in (False, True):
        ours = rule_path(method, values, start, g, factors, alike)
        error = np.linalg.norm(ours - theirs, axis=1) / np.linalg.norm(theirs, axis=1)
        assert error.max() <= 1e-12, (alike, int(error.argmax()), values)
    other = rule_path(method, values | {switch: 0.0}, start, g, factors)
    assert not np.allclose(other, ours, rtol=1e-9, atol=0)


class Given:
    """Gradients of the test's choosing as a problem, an evaluation after another."""

    n, name, samples, data = 3, "given", 0, np.empty((0, 0))

    def __init__(self, g):
        self.g = iter(g)

    def lane_params(self, lanes):
        return np.empty((0, lanes))

    def evaluate_kernel(self, x, params, data, batch, f, g):
        f[:], g[:] = 0.0, next(self.g)[:, None]

    @staticmethod
    def value(x):
        return np.zeros(x.shape[1])


@pytest.mark.parametrize("draw", range(4))
@pytest.mark.parametrize("key", [key for key, method in OPTIMIZERS.items() if method.l2])
def test_a_penalty_of_its_own_is_torchs_weight_decay(key, draw):
    """Through the whole loop, which adds it: torch does so within each method."""
    method, rng = OPTIMIZERS[key], np.random.default_rng([draw, *key.encode(), 1])
    values = {h.key: random_value(h, rng, LARGEST.get(key, {}).get(h.key)) for h in method.hypers}
    values |= {"weight_decay": float(rng.uniform(0.0, 0.5))} | ({"torch_form": 1.0} if key == "nesterov" else {})
    start, g = rng.normal(size=3), gradients(3, rng)
    theirs = oracle_path(key, values, start, g, np.ones(TICKS))
    ours = descend(Given(g), method, start, TICKS, **values).path[1:]
    error = np.linalg.norm(ours - theirs, axis=1) / np.linalg.norm(theirs, axis=1)
    assert error.max() <= 1e-12, (int(error.argmax()), values)
    plain = descend(Given(g), method, start, TICKS, **values | {"weight_decay": 0.0}).path[1:]
    assert not np.array_equal(plain, ours)


def test_every_method_has_an_oracle():
    assert set(OPTIMIZERS) - set(ORACLES) == ELSEWHERE
