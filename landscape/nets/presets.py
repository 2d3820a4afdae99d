"""Nets to begin with, in teaching order: each a data set, a model, a batch size, a budget and rates that go somewhere within it.

Rates: of a coarse grid, one that ends low after the budget's ticks and is not the largest that does.
"""

from landscape.claim import Claim
from landscape.nets.convolutional import CNN, ResNet
from landscape.nets.entrant import Entrant
from landscape.nets.images import DIGITS, PATCHES
from landscape.nets.mlp import MLP
from landscape.nets.points import CIRCLES, CLOUDS, CURVE, GAUSSIAN, MOONS, SPIRALS, XOR
from landscape.nets.problem import NetProblem
from landscape.nets.recurrent import RNN
from landscape.nets.sequences import RECALL, REVERSAL
from landscape.nets.transformer import Transformer
from landscape.problem import rates

_ORDER: tuple[NetProblem, ...] = (
    # Points in the plane
    NetProblem(
        "moons", "Two moons", MOONS, MLP((16,)), batch=32, steps=400,
        lesson="A handful of tanh units bend a straight border into one that winds between the moons.",
        question="Who finds the winding border first?",
        recommended=rates(sgd=1, momentum=0.1, nesterov=0.1, adagrad=0.2, rmsprop=0.02, adam=0.05, adamw=0.05),
    ),
    NetProblem(
        "narrow_moons", "Two moons, two units", MOONS.with_parameters(samples=150, noise=0.12), MLP((2,)), steps=500,
        lesson="With two hidden units some starts end in bad minima, with thirty all end in nearly equally good ones.",
        question="Do all seeds end equally low?",
        recommended=rates(sgd=2, momentum=0.2, nesterov=0.2, adagrad=0.2, rmsprop=0.02, adam=0.03, adamw=0.03),
    ),
    NetProblem(
        "circles", "Circles", CIRCLES, MLP((4,)), batch=32, steps=400,
        lesson="Two lines make a strip, three a triangle: a closed border needs three units at least.",
        question="How few units enclose the inner circle?",
        recommended=rates(sgd=1, momentum=0.1, nesterov=0.2, adagrad=0.2, rmsprop=0.02, adam=0.05, adamw=0.05),
    ),
    NetProblem(
        "xor", "XOR", XOR, MLP((3,)), batch=32, steps=400,
        lesson="No single line separates the corners: without a hidden layer the best answer is one half everywhere.",
        question="Who leaves the plateau at ln 2 first?",
        recommended=rates(sgd=1, momentum=0.1, nesterov=0.05, adagrad=0.2, rmsprop=0.02, adam=0.02, adamw=0.02),
    ),
    NetProblem(
        "spirals", "Spirals", SPIRALS, MLP((32, 32)), batch=32, steps=1500,
        lesson="A border that winds takes a long plateau first; a method's pace shows there.",
        question="Who unrolls the spirals within the budget?",
        recommended=rates(sgd=1, momentum=0.2, nesterov=0.2, adagrad=0.2, rmsprop=0.01, adam=0.02, adamw=0.02),
    ),
    NetProblem(
        "curve", "A curve", CURVE, MLP((32,)), "squares", steps=600,
        lesson="The slow wave is learned long before the fast one.",
        question="When does the second wave appear?",
        recommended=rates(sgd=0.1, momentum=0.1, nesterov=0.05, adagrad=0.1, rmsprop=0.002, adam=0.05, adamw=0.05),
    ),
    # Curvature
    NetProblem(
        "fisher", "A 2-4-3 net", CLOUDS, MLP((4,)), steps=100,
        lesson="27 weights: the Fisher matrix and K-FAC's blocks of it fit on the screen.",
        question="What does K-FAC leave out, and does it matter?",
        recommended=rates(sgd=2, momentum=0.2, nesterov=0.2, adagrad=0.2, rmsprop=0.02, adam=0.05, adamw=0.05)
        | {"kfac": {"lr": 1.0, "damping": 0.1}, "natural_gradient": {"lr": 0.5, "damping": 0.01}},
        racers=(Entrant("sgd"), Entrant("kfac"), Entrant("natural_gradient")), opens="factors",
    ),
    # Generalisation
    NetProblem(
        "overfit", "Noisy moons", MOONS.with_parameters(samples=100, noise=0.35, validation=2000), MLP((64, 64), "relu"), steps=600,
        lesson="The training loss goes on falling while the validation loss has long been rising.",
        question="When should one have stopped?",
        recommended=rates(sgd=1, momentum=0.2, nesterov=0.2, adagrad=0.1, rmsprop=0.01, adam=0.02, adamw=0.005),
    ),
    # Digits
    NetProblem(
        "digits", "Digits", DIGITS, MLP((64,), "relu"), batch=64, steps=600,
        lesson="Sixty-four pixels, one hidden layer: 97% of the digits it never saw are right within seconds.",
        question="Which method is right on most digits it never saw?",
        recommended=rates(sgd=1, momentum=0.2, nesterov=0.2, adagrad=0.2, rmsprop=0.02, adam=0.02, adamw=0.02),
    ),
    NetProblem(
        "digits_one_cycle", "Digits, one cycle", DIGITS, MLP((128,), "relu"), batch=16, replacement=False, steps=900,
        lesson="Ten epochs at one rate, against one cycle of the rate in one epoch and in three, after which it is all but nothing.",
        question="Is one epoch of one cycle worth ten epochs without it?",
        recommended=rates(sgd=0.5, momentum=0.05, nesterov=0.1, adagrad=0.2, rmsprop=0.01, adam=0.01, adamw=0.02),
        racers=(
            Entrant("momentum"),
            Entrant("momentum", {"lr": 0.1}, "one_cycle", {"length": 90}),
            Entrant("momentum", {"lr": 0.1}, "one_cycle", {"length": 270}),
        ),
        claims=(
            Claim("With one cycle, one epoch does as well as ten without.", 1, 0, "no worse", tuned=False),
            Claim("Three epochs do.", 2, 0, "no worse", tuned=False),
        ),
        opens="claims",
    ),
    NetProblem(
        "edge", "Edge of stability", DIGITS.with_parameters(samples=300), MLP((32, 32)), "half_squares", steps=1500,
        lesson="Under full-batch descent the largest curvature rises to 2 / lr and stays there.",
        question="How sharp does the valley become at your learning rate?",
        recommended=rates(sgd=0.2),
    ),
    NetProblem(
        "digits_deep", "Digits, six layers", DIGITS, MLP((32,) * 5, "relu"), batch=64, steps=110,
        lesson="Without normalisation a deep narrow net hardly starts; with it, it learns at a wide range of rates.",
        question="At which rates does it learn, with and without normalisation?",
        recommended=rates(sgd=0.5, momentum=0.2, nesterov=0.1, adagrad=0.03, rmsprop=0.02, adam=0.005, adamw=0.01),
    ),
    NetProblem(
        "deep_signal", "Thirty layers", GAUSSIAN, MLP((64,) * 29, "relu", bias=False, init="he"), "sum", steps=0,
        lesson="Each layer multiplies the gradient by about the same factor: 30 layers make it vanish or explode, but for He's.",
        question="How much of the gradient reaches the first layer?",
    ),
    # Images
    NetProblem(
        "cnn", "Digits, convolutions", DIGITS, CNN(), precision="float32", batch=64, steps=300,
        lesson="Fewer weights than the fully connected net, shared over the image, and more digits right.",
        question="What does sharing weights buy?",
        recommended=rates(sgd=0.5, momentum=0.1, nesterov=0.1, adagrad=0.1, rmsprop=0.01, adam=0.02, adamw=0.02),
    ),
    NetProblem(
        "resnet", "Digits, ResNet-8", DIGITS, ResNet(), precision="float32", batch=64, steps=200,
        lesson="Each block adds to what came before it: the gradient has a way round every layer.",
        question="How does its landscape differ from the plain net's?",
        recommended=rates(sgd=1, momentum=0.1, nesterov=0.1, adagrad=0.1, rmsprop=0.005, adam=0.005, adamw=0.005),
    ),
    NetProblem(
        "plain_net", "Digits, ResNet-8 without skips", DIGITS, ResNet(skip=False), precision="float32", batch=64, steps=200,
        lesson="The same layers without the way round them.",
        question="How does its landscape differ from the ResNet's?",
        recommended=rates(sgd=0.5, momentum=0.05, nesterov=0.05, adagrad=0.1, rmsprop=0.002, adam=0.005, adamw=0.005),
    ),
    NetProblem(
        "patches", "Photo patches", PATCHES, CNN(), precision="float32", batch=32, steps=300,
        lesson="Real pixels: eight by eight of them say which of two photographs they are from.",
        question="How much of a photograph is in 64 pixels?",
        recommended=rates(sgd=0.1, momentum=0.05, nesterov=0.05, adagrad=0.1, rmsprop=0.005, adam=0.01, adamw=0.01),
    ),
    # Sequences
    NetProblem(
        "recall", "A recurrent net", RECALL, RNN(), batch=32, steps=500,
        lesson="The gradient comes back through the same matrix at every step, and grows or fades each time. Methods that rescale it stand "
               "that better. But clip it (Training, by norm, at 1) and test what is said again.",
        question="Who remembers what came eight steps ago?",
        recommended=rates(sgd=0.2, momentum=0.02, nesterov=0.02, adagrad=0.05, rmsprop=0.005, adam=0.005, adamw=0.005),
        racers=(Entrant("sgd"), Entrant("momentum"), Entrant("adagrad"), Entrant("rmsprop"), Entrant("adam")),
        claims=(
            Claim("RMSProp is good for recurrent nets: better than gradient descent.", 3, 0),
            Claim("AdaGrad is, too.", 2, 0),
            Claim("Adam is, too.", 4, 0),
            Claim("RMSProp is better at it than momentum.", 3, 1),
        ),
        opens="claims",
    ),
    NetProblem(
        "reversal", "A transformer", REVERSAL, Transformer(), precision="float32", batch=32, steps=250,
        lesson="With layer norms after each sum, as in the first transformers, a full rate from the first step ends at guessing, "
               "a loss of ln 12. With them before (pre-LN, below) a warm-up changes nothing.",
        question="What does a warm-up buy a transformer?",
        recommended=rates(adam=0.01, adamw=0.01),
        racers=(Entrant("adam"), Entrant("adam", schedule="cosine"), Entrant("adam", schedule="cosine", settings={"warmup": 50})),
    ),
)  # fmt: skip
PRESETS: dict[str, NetProblem] = {preset.key: preset for preset in _ORDER}
