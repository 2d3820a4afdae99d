"""Nets that look at images: a small CNN and a small ResNet."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from landscape.nets.model import checked
from landscape.nets.parts import ACTIVATIONS, NORMS


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
    sequences: ClassVar[bool] = False
    shares: ClassVar[bool] = True
    dropout: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        checked(self.activation, self.norm, self.init, self.scale, self.channels)

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
    sequences: ClassVar[bool] = False
    shares: ClassVar[bool] = True
    dropout: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        checked(self.activation, self.norm, self.init, self.scale, (self.width, *self.blocks))

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
