"""Where sources disagree: each convention has its default, its switch on the page, and a test that proves it; all in one table."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from landscape import SAMPLES
from landscape.nets import LOSSES, MLP, NORMS, RESCALED
from optimizers import OPTIMIZERS, Conditions
from optimizers.around import AROUNDS
from optimizers.gradients import gradients
from optimizers.schedules import SCHEDULES, factors
from tests.tools.racing import opened

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Convention:
    """A switch or slider of a declaration, its default, and who proves what both of its sides do: "file::test"."""

    of: str  # the declaration's key
    key: str
    default: float
    proofs: tuple[str, ...]
    switch: bool = True


FORMS = "test_descend::test_the_two_forms_of_momentum_differ_only_where_the_rate_changes"
RECTIFIED = ("test_first_order::test_the_first_rectified_step", "test_optimizers_parity::test_radam_as_in_the_paper")
PARITY, OTHER = "test_optimizers_parity::test_path_equals_the_oracles", "test_optimizers_parity::test_the_other_convention_equals_optax"
METHODS = (
    Convention("momentum", "classical", 0, (FORMS, PARITY, OTHER)),
    Convention("momentum", "dampening", 0, ("test_first_order::test_terminal_velocity", PARITY), False),
    Convention("nesterov", "torch_form", 0, ("test_descend::test_nesterov_asks_ahead_of_its_iterate", PARITY)),
    *(Convention(key, "eps_inside", 0, (PARITY, OTHER)) for key in ("adam", "adamw", "rmsprop", "adagrad")),
    Convention("rmsprop", "alpha", 0.9, (PARITY,), False),
    Convention("adagrad", "eps", 1e-8, ("test_first_order::test_adagrads_rate_under_a_constant_gradient", PARITY), False),
    Convention("adamw", "decoupled", 0, ("test_first_order::test_published_adamw_decays_by_its_schedule_alone", PARITY)),
    Convention("radam", "threshold", 0, RECTIFIED),
    Convention("adabound", "final_lr", 0.1, ("test_first_order::test_adabounds_corridor_closes", PARITY), False),
)  # fmt: skip
FOLLOWERS = (Convention("lookahead", "k", 5, ("test_around::test_lookahead_equals_pytorch_optimizers",), False),)
PLANS = (
    Convention("one_cycle", "straight", 0, ("test_schedules::test_rates_are_torchs", "test_schedules::test_end_values")),
    Convention("one_cycle", "final_div_factor", 100, ("test_schedules::test_end_values",), False),
    Convention("cosine", "warmup_from", 0, ("test_conventions::test_both_warm_ups",)),
    Convention("cosine", "eta_min", 0, ("test_schedules::test_end_values",), False),
)
OTHERS = (
    "test_samples_seen::test_the_numerical_example",  # the mean squared error, and half of it
    "test_conventions::test_clipping_scales_to_the_very_threshold",
    "test_nets::test_batch_norm_divides_by_the_biased_variance_in_training_and_by_the_unbiased_one_afterwards",
    "test_nets_dropout::test_by_default_a_layer_is_pytorchs_with_the_same_mask_bit_by_bit",
    "test_nets_dropout::test_the_mean_over_all_thinned_layers_is_the_whole_one",
)
DECLARED = [(registry[one.of], one) for registry, some in ((OPTIMIZERS, METHODS), (AROUNDS, FOLLOWERS), (SCHEDULES, PLANS)) for one in some]


@pytest.mark.parametrize(("declaration", "convention"), DECLARED, ids=[f"{one.of}-{one.key}" for _, one in DECLARED])
def test_the_default_is_the_tables_and_the_other_side_is_declared(declaration, convention):
    hyper = next(hyper for hyper in declaration.hypers if hyper.key == convention.key)
    assert hyper.default == convention.default
    assert len(hyper.options) == len(hyper.forms) == 2 if convention.switch else hyper.low < hyper.high
    formulas = " ".join((declaration.formula,) if isinstance(declaration.formula, str) else declaration.formula)
    if convention.switch and convention.key != "warmup_from":  # whose formula comes with a warm-up
        first, second = (" ".join(declaration.latex({h.key: h.default for h in declaration.hypers} | {hyper.key: side})) for side in (0, 1))
        assert f"<{convention.key}>" in formulas and first != second


def test_every_convention_is_proved_by_a_test_that_is_there():
    proofs = {proof for _, one in DECLARED for proof in one.proofs} | set(OTHERS)
    for proof in proofs:
        file, _, name = proof.partition("::")
        assert re.search(rf"^def {name}\(", (HERE / f"{file}.py").read_text(), re.MULTILINE), proof


def test_those_of_data_and_nets_have_their_defaults():
    for key in ("line_fit", "sparse_features"):
        (divisor,) = (parameter for parameter in SAMPLES[key].parameters if parameter.key == "divisor")
        assert (divisor.default, divisor.low, divisor.high) == (1, 1, 2)
    assert {"squares", "half_squares"} <= set(LOSSES) and (MLP().rescale, *RESCALED) == ("training", "training", "test")
    assert NORMS["batch"].convention


def test_both_warm_ups():
    """(t + 1)/W, so that the first tick makes a step, or t/W, as transformers' scripts have it: all along the rise."""
    for side, rise in ((0, np.arange(1, 9) / 8), (1, np.arange(8) / 8)):
        made = factors(SCHEDULES["constant"], {"warmup": 8, "warmup_from": side}, 20)
        np.testing.assert_allclose(made, [*rise, *np.ones(12)], rtol=1e-15)


def test_clipping_scales_to_the_very_threshold():
    """The exact threshold over the norm. PyTorch's divides by the norm + 1e-6, so that its result is shorter by about a millionth."""
    cliff, at = SAMPLES["line_fit"], np.array([[3.0, -2.0], [2.0, 1.01]])
    raw, clipped = gradients(cliff, at, Conditions(clip_norm=0.5))
    for ours, g in zip(clipped, raw, strict=True):
        theta = torch.zeros(2, dtype=torch.float64)
        theta.grad = torch.tensor(g)
        torch.nn.utils.clip_grad_norm_([theta], 0.5)
        norm = np.linalg.norm(g)
        np.testing.assert_allclose(ours, g * min(1.0, 0.5 / norm), rtol=1e-15)
        np.testing.assert_allclose(ours * (norm / (norm + 1e-6) if norm > 0.5 else 1.0), theta.grad.numpy(), rtol=1e-12)
    assert np.linalg.norm(raw[0]) > 0.5 > np.linalg.norm(raw[1])


# --- on the page


@pytest.mark.slow
@pytest.mark.parametrize("method", sorted({one.of for one in METHODS}))
def test_a_methods_conventions_are_on_the_page(method):
    app = opened(landscape="bowl", racer=f"{method}~0", steps="20")
    app.session_state["fold/conventions"] = True
    app.run()
    there = {widget.key for kind in (app.radio, app.slider, app.number_input, app.select_slider) for widget in kind}
    for one in (one for one in METHODS if one.of == method):
        assert any(key and key.startswith(f"racer/0/{method}/{one.key}") for key in there), (one.key, there)


@pytest.mark.slow
@pytest.mark.parametrize("plan", sorted({one.of for one in PLANS}))
def test_a_schedules_conventions_are_on_the_page(plan):
    app = opened(landscape="bowl", schedule=plan, steps="20")
    app.session_state["panel"] = "Race"
    app.run()
    there = {widget.key for kind in (app.radio, app.slider, app.number_input, app.select_slider) for widget in kind}
    for one in (one for one in PLANS if one.of == plan):
        assert any(key and key.startswith(f"schedule/{plan}/{one.key}") for key in there), (one.key, there)
