"""Small nets: data, models, and their loss as a landscape. The only package beside its pages that imports PyTorch."""

import landscape.nets.threads  # noqa: F401 - before anything computes
from landscape.nets import files
from landscape.nets.boundary import answers, decision
from landscape.nets.convolutional import CNN, ResNet
from landscape.nets.cost import Estimate, estimate
from landscape.nets.dataset import Dataset, Part, Split
from landscape.nets.depth import Signals, signals
from landscape.nets.dropout import RESCALED
from landscape.nets.entrant import Entrant
from landscape.nets.images import DIGITS, PATCHES
from landscape.nets.kronecker import Factors, FisherMaps, fisher_maps
from landscape.nets.losses import LOSSES
from landscape.nets.mistakes import Hardest, hardest
from landscape.nets.mlp import MLP
from landscape.nets.model import Model, build
from landscape.nets.net import Net, Scores
from landscape.nets.parts import ACTIVATIONS, INITS, NORMS
from landscape.nets.points import CIRCLES, CLOUDS, CURVE, GAUSSIAN, MOONS, SPIRALS, XOR
from landscape.nets.presets import PRESETS
from landscape.nets.problem import NetProblem
from landscape.nets.recurrent import RNN
from landscape.nets.sequences import RECALL, REVERSAL
from landscape.nets.transformer import Transformer
from landscape.nets.weights import Entry, Layout

DATASETS: dict[str, Dataset] = {
    data.key: data for data in (MOONS, SPIRALS, CIRCLES, XOR, CLOUDS, CURVE, DIGITS, PATCHES, GAUSSIAN, RECALL, REVERSAL)
}
MODELS: dict[str, type[MLP] | type[CNN] | type[ResNet] | type[RNN] | type[Transformer]] = {
    "mlp": MLP, "cnn": CNN, "resnet": ResNet, "rnn": RNN, "transformer": Transformer,
}  # fmt: skip

__all__ = [
    "ACTIVATIONS", "CNN", "DATASETS", "INITS", "LOSSES", "MLP", "MODELS", "NORMS", "PRESETS", "RESCALED", "RNN",
    "Dataset", "Entrant", "Entry", "Estimate", "Factors", "FisherMaps", "Hardest", "Layout", "Model", "Net", "NetProblem", "Part",
    "ResNet", "Scores", "Signals", "Split", "Transformer", "answers", "build", "decision", "estimate", "files", "fisher_maps",
    "hardest", "signals",
]  # fmt: skip
