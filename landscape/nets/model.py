"""What a net is: frozen, hashable specifications, each of which builds a seeded PyTorch module."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar, Protocol

from torch import Tensor, nn

from landscape.nets.parts import ACTIVATIONS, INITS, NORMS, initialise


class Model(Protocol):
    """A specification: `make` puts the module together, for samples of a shape and a number of outputs; `build` fills its weights."""

    def __hash__(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def norm(self) -> str: ...
    @property
    def init(self) -> str: ...
    @property
    def scale(self) -> float: ...
    def make(self, shape: tuple[int, ...], outputs: int) -> nn.Module: ...


def build(model: Model, shape: tuple[int, ...], outputs: int, seed: int) -> nn.Module:
    """The specified module, float32, its weights drawn by this seed."""
    return initialise(model.make(shape, outputs), INITS[model.init], model.scale, seed)


def choose(table: dict[str, Any], key: str, what: str) -> Any:
    """The table's entry. Raises ValueError, naming the choices, where there is none."""
    if key not in table:
        raise ValueError(f"There is no {what} {key[:40]!r}: choose one of {', '.join(table)}.")
    return table[key]


def _checked(activation: str, norm: str, init: str, scale: float, sizes: tuple[int, ...]) -> None:
    choose(ACTIVATIONS, activation, "activation"), choose(NORMS, norm, "normalisation"), choose(INITS, init, "initialisation")
    if not 0.0 <= scale < float("inf"):
        raise ValueError(f"The initialisation's scale is {scale}: give a number, 0 or more.")
    if any(size != int(size) or size < 1 for size in sizes):
        raise ValueError(f"Sizes of {sizes}: every layer needs a whole number of units, 1 or more.")


class Skip(nn.Module):
    """inner(x) + x."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.inner(x) + x
        return out


@dataclass(frozen=True)
class MLP:
    """Fully connected layers: each a matrix, a normalisation, an activation; with `skip`, a layer as wide as the last adds its input."""

    widths: tuple[int, ...] = (16,)  # of the hidden layers
    activation: str = "tanh"
    norm: str = "none"
    skip: bool = False
    bias: bool = True
    init: str = "torch"
    scale: float = 1.0  # the initial weights are multiplied by this; for "normal" it is their standard deviation

    title: ClassVar[str] = "MLP"

    def __post_init__(self) -> None:
        _checked(self.activation, self.norm, self.init, self.scale, self.widths)

    @property
    def name(self) -> str:
        return f"MLP, {' and '.join(map(str, self.widths)) or 'no'} hidden units, {ACTIVATIONS[self.activation].name}"

    def sizes(self, shape: tuple[int, ...], outputs: int) -> tuple[int, ...]:
        """Units of every layer, inputs first, outputs last."""
        inputs = 1
        for size in shape:
            inputs *= size
        return (inputs, *self.widths, outputs)

    def make(self, shape: tuple[int, ...], outputs: int) -> nn.Module:
        sizes = self.sizes(shape, outputs)
        layers: list[nn.Module] = [nn.Flatten()]
        for before, size in pairwise(sizes[:-1]):
            norm = [] if self.norm == "none" else [NORMS[self.norm].flat(size)]
            linear = nn.Linear(before, size, self.bias and not NORMS[self.norm].couples)
            layer = nn.Sequential(linear, *norm, ACTIVATIONS[self.activation].module())
            layers.append(Skip(layer) if self.skip and before == size else layer)
        layers.append(nn.Linear(sizes[-2], sizes[-1], self.bias))
        return nn.Sequential(*layers)


def _convolution(before: int, channels: int, norm: str, stride: int = 1, size: int = 3) -> nn.Sequential:
    layer = nn.Conv2d(before, channels, size, stride, padding=size // 2, bias=not NORMS[norm].couples)
    return nn.Sequential(layer) if norm == "none" else nn.Sequential(layer, NORMS[norm].image(channels))


@dataclass(frozen=True)
class CNN:
    """Convolutions of 3 x 3 pixels, each followed by a maximum over 2 x 2; a matrix at the end."""

    channels: tuple[int, ...] = (8, 16)
    activation: str = "relu"
    norm: str = "none"
    init: str = "torch"
    scale: float = 1.0

    title: ClassVar[str] = "CNN"

    def __post_init__(self) -> None:
        _checked(self.activation, self.norm, self.init, self.scale, self.channels)

    @property
    def name(self) -> str:
        return f"CNN, {' and '.join(map(str, self.channels)) or 'no'} channels, {ACTIVATIONS[self.activation].name}"

    def make(self, shape: tuple[int, ...], outputs: int) -> nn.Module:
        before, side = _image(shape, self.title)
        if side % 2 ** len(self.channels):
            raise ValueError(f"{len(self.channels)} convolutions halve an image of {side} pixels too often: take fewer.")
        layers: list[nn.Module] = []
        for channels in self.channels:
            layers += [_convolution(before, channels, self.norm), ACTIVATIONS[self.activation].module(), nn.MaxPool2d(2)]
            before, side = channels, side // 2
        layers += [nn.Flatten(), nn.Linear(before * side * side, outputs)]
        return nn.Sequential(*layers)


class Block(nn.Module):
    """Two convolutions; with a skip their input is added, through a 1 x 1 convolution where the size changes: He et al. 2015, fig. 2."""

    def __init__(self, before: int, channels: int, stride: int, norm: str, activation: str, skip: bool) -> None:
        super().__init__()
        self.first = _convolution(before, channels, norm, stride)
        self.second = _convolution(channels, channels, norm)
        self.activation = ACTIVATIONS[activation].module()
        self.skip = skip
        changes = skip and (before != channels or stride != 1)
        self.shortcut = _convolution(before, channels, norm, stride, size=1) if changes else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        out = self.second(self.activation(self.first(x)))
        result: Tensor = self.activation(out + self.shortcut(x) if self.skip else out)
        return result


@dataclass(frozen=True)
class ResNet:
    """A convolution, then stages of two-convolution blocks, each twice as wide as the last; the mean over the pixels, a matrix.

    He et al. 2015, arXiv:1512.03385, section 4.2, for small images. (1, 1, 1) blocks make 8 layers.
    """

    width: int = 8  # channels of the first stage
    blocks: tuple[int, ...] = (1, 1, 1)
    activation: str = "relu"
    norm: str = "batch"
    skip: bool = True
    init: str = "he"
    scale: float = 1.0

    title: ClassVar[str] = "ResNet"

    def __post_init__(self) -> None:
        _checked(self.activation, self.norm, self.init, self.scale, (self.width, *self.blocks))

    @property
    def name(self) -> str:
        return f"ResNet-{2 + 2 * sum(self.blocks)}, {self.width} channels, {'with' if self.skip else 'without'} skips"

    def make(self, shape: tuple[int, ...], outputs: int) -> nn.Module:
        before, side = _image(shape, self.title)
        if side < 2 ** (len(self.blocks) - 1):
            raise ValueError(f"{len(self.blocks)} stages halve an image of {side} pixels too often: take fewer.")
        layers: list[nn.Module] = [_convolution(before, self.width, self.norm), ACTIVATIONS[self.activation].module()]
        before = self.width
        for stage, blocks in enumerate(self.blocks):
            for k in range(blocks):
                channels = self.width * 2**stage
                layers.append(Block(before, channels, 2 if stage and not k else 1, self.norm, self.activation, self.skip))
                before = channels
        layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, outputs)]
        return nn.Sequential(*layers)


def _image(shape: tuple[int, ...], title: str) -> tuple[int, int]:
    if len(shape) != 3:
        raise ValueError(f"A {title} looks at images, not at samples of shape {shape}: choose digits or photo patches, or an MLP.")
    return shape[0], shape[1]
