"""What nets are put together from, by name: activations, normalisations, initialisations."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Activation:
    key: str
    name: str
    module: Callable[[], nn.Module]
    code: int | None = None  # in the compiled kernel; None: by PyTorch alone


ACTIVATIONS: dict[str, Activation] = {
    part.key: part
    for part in (
        Activation("tanh", "tanh", nn.Tanh, 0),
        Activation("relu", "ReLU", nn.ReLU, 1),
        Activation("sigmoid", "sigmoid", nn.Sigmoid, 2),
        Activation("identity", "none (linear)", nn.Identity, 3),
        Activation("leaky_relu", "leaky ReLU", nn.LeakyReLU),
        Activation("elu", "ELU", nn.ELU),
        Activation("gelu", "GELU", nn.GELU),
        Activation("silu", "SiLU", nn.SiLU),
        Activation("softplus", "softplus", nn.Softplus),
    )
}


class ChannelRMSNorm(nn.Module):
    """RMS norm of an image's channels and pixels together, with one weight a channel: Zhang & Sennrich 2019, arXiv:1910.07467, eq. 4."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))

    def reset_parameters(self) -> None:
        nn.init.ones_(self.weight)

    def forward(self, x: Tensor) -> Tensor:
        square = x.square().mean(dim=(1, 2, 3), keepdim=True)
        return x * torch.rsqrt(square + torch.finfo(x.dtype).eps) * self.weight[:, None, None]


# Ioffe & Szegedy 2015, arXiv:1502.03167: algorithm 1, and step 10 of algorithm 2.
BATCH = (
    "Batch norm divides by the batch's biased variance, the sum of squares over N, in training; what is said of single samples uses the "
    "mean and the unbiased variance, over N - 1, of all the training data."
)


def _batch(module: Callable[..., nn.Module]) -> Callable[[int], nn.Module]:
    return lambda size: module(size, momentum=1.0)  # the running statistics are those of the last batch: see Net.settle


@dataclass(frozen=True)
class Norm:
    key: str
    name: str
    flat: Callable[[int], nn.Module]  # for vectors of this size
    image: Callable[[int], nn.Module]  # for images of this many channels
    couples: bool = False  # a unit is compared with itself over the batch: a sample's output depends on the others, on a bias it does not
    convention: str = ""  # where sources disagree


NORMS: dict[str, Norm] = {
    norm.key: norm
    for norm in (
        Norm("none", "none", lambda size: nn.Identity(), lambda size: nn.Identity()),
        Norm("batch", "batch norm", _batch(nn.BatchNorm1d), _batch(nn.BatchNorm2d), couples=True, convention=BATCH),
        Norm("layer", "layer norm", nn.LayerNorm, lambda size: nn.GroupNorm(1, size)),
        Norm("rms", "RMS norm", nn.RMSNorm, ChannelRMSNorm),
    )
}


@dataclass(frozen=True)
class Init:
    """How a weight matrix or filter bank is filled, and whether its biases start at 0 or as PyTorch has it."""

    key: str
    name: str
    fill: Callable[[Tensor, torch.Generator], Tensor]
    biases: bool = False


def _normal(std: Callable[[int, int], float]) -> Callable[[Tensor, torch.Generator], Tensor]:
    def fill(weight: Tensor, generator: torch.Generator) -> Tensor:
        pixels = weight[0, 0].numel()
        return nn.init.normal_(weight, 0.0, std(weight.shape[1] * pixels, weight.shape[0] * pixels), generator)

    return fill


INITS: dict[str, Init] = {
    init.key: init
    for init in (
        Init(
            "torch",
            "PyTorch's default",
            lambda weight, generator: nn.init.kaiming_uniform_(weight, math.sqrt(5.0), generator=generator),
            True,
        ),
        Init("he", "He", _normal(lambda fan_in, fan_out: math.sqrt(2.0 / fan_in))),  # He et al. 2015, arXiv:1502.01852, eq. 10
        Init("xavier", "Xavier", _normal(lambda fan_in, fan_out: math.sqrt(2.0 / (fan_in + fan_out)))),  # Glorot & Bengio 2010, eq. 12
        Init("normal", "normal", _normal(lambda fan_in, fan_out: 1.0)),  # the scale is its standard deviation
        Init("zeros", "zeros", lambda weight, generator: nn.init.zeros_(weight)),
    )
}


@torch.no_grad()
def initialise(module: nn.Module, init: Init, scale: float, seed: int) -> nn.Module:
    """Fill every weight anew, in the module's order, from a generator of its own: nothing global is touched."""
    generator = torch.Generator().manual_seed(seed)
    for part in module.modules():
        if isinstance(part, (nn.Linear, nn.Conv2d)):
            init.fill(part.weight, generator).mul_(scale)
            if part.bias is not None:
                bound = 1.0 / math.sqrt(part.weight[0].numel()) if init.biases else 0.0
                part.bias.uniform_(-bound, bound, generator=generator)
    return module
