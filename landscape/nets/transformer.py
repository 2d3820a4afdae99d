"""A small transformer encoder, with its layer norms before or after what they belong to: the classic case for a warm-up."""

import math
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from landscape.nets.model import checked
from landscape.nets.parts import ACTIVATIONS


class Attention(nn.Module):
    """Every position takes from all others, as much as its query suits their keys: Vaswani et al. 2017, arXiv:1706.03762, section 3.2."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (part(x).unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (self.query, self.key, self.value))
        weights = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]), -1)  # eq. 1, a head: (N, heads, L, L)
        found: Tensor = self.out((weights @ v).transpose(1, 2).flatten(2))
        return found


class Layer(nn.Module):
    """Attention, then a perceptron at each position, each added to its input; normalised after the sum or before what is added to it."""

    def __init__(self, width: int, heads: int, hidden: int, activation: str, pre: bool) -> None:
        super().__init__()
        self.attention = Attention(width, heads)
        self.perceptron = nn.Sequential(nn.Linear(width, hidden), ACTIVATIONS[activation].module(), nn.Linear(hidden, width))
        self.first, self.second, self.pre = nn.LayerNorm(width), nn.LayerNorm(width), pre

    def forward(self, x: Tensor) -> Tensor:
        """Xiong et al. 2020, arXiv:2002.04745, table 1: on the left post-LN, on the right pre-LN."""
        if self.pre:
            x = x + self.attention(self.first(x))
            return x + self.perceptron(self.second(x))
        x = self.first(x + self.attention(x))
        out: Tensor = self.second(x + self.perceptron(x))
        return out


class Encoder(nn.Module):
    """Symbols (N, L), whole numbers of whatever type, to scores (N, symbols, L)."""

    def __init__(self, layers: list[Layer], symbols: int, length: int, width: int, pre: bool) -> None:
        super().__init__()
        self.symbols = symbols
        self.embedding = nn.Linear(symbols, width)
        self.register_buffer("places", _places(length, width), persistent=False)
        self.layers = nn.Sequential(*layers)
        self.norm = nn.LayerNorm(width) if pre else nn.Identity()  # pre-LN leaves a sum that nobody has normalised
        self.answer = nn.Linear(width, symbols)

    def forward(self, x: Tensor) -> Tensor:
        one_hot = functional.one_hot(x.long(), self.symbols).to(self.answer.weight.dtype)
        scores: Tensor = self.answer(self.norm(self.layers(self.embedding(one_hot) + self.places)))
        return scores.transpose(1, 2)


def _places(length: int, width: int) -> Tensor:
    """Sines and cosines of the position, of wavelengths from 2 pi to 10,000 times that: Vaswani et al. 2017, section 3.5."""
    pairs = torch.arange(width, dtype=torch.float64, device="cpu") // 2
    angle = torch.arange(length, dtype=torch.float64, device="cpu")[:, None] / 10_000.0 ** (2.0 * pairs / width)
    return torch.where(torch.arange(width, device="cpu") % 2 == 0, angle.sin(), angle.cos()).float()


@dataclass(frozen=True)
class Transformer:
    """An encoder that says one symbol at each position."""

    layers: int = 6
    embedding: int = 32
    heads: int = 4
    hidden: int = 64
    pre: bool = False
    activation: str = "relu"
    init: str = "torch"
    scale: float = 1.0

    title: ClassVar[str] = "Transformer"
    norm: ClassVar[str] = "layer"
    sequences: ClassVar[bool] = True
    shares: ClassVar[bool] = True
    dropout: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        checked(self.activation, self.norm, self.init, self.scale, (self.layers, self.embedding, self.heads, self.hidden))
        if self.embedding % self.heads:
            raise ValueError(f"A width of {self.embedding} cannot be shared by {self.heads} heads: choose a multiple.")

    @property
    def name(self) -> str:
        return f"Transformer, {self.layers} layers of width {self.embedding}, layer norms {'before' if self.pre else 'after'}"

    def make(self, shape: tuple[int, ...], outputs: int) -> nn.Module:
        layers = [Layer(self.embedding, self.heads, self.hidden, self.activation, self.pre) for _ in range(self.layers)]
        return Encoder(layers, outputs, shape[0], self.embedding, self.pre)
