"""Nets to begin with."""

from landscape.nets import CNN, DATASETS, MLP, NetProblem, ResNet
from landscape.problem import rates

_POINTS = rates(sgd=0.5, momentum=0.1, rmsprop=0.01, adam=0.02, nesterov=0.1, adagrad=0.1)

PRESETS: dict[str, NetProblem] = {
    net.key: net
    for net in (
        NetProblem("moons", "Two moons", DATASETS["moons"], MLP((16, 16)), steps=500, recommended=_POINTS,
                   question="How rough is the way down in weight space?"),
        NetProblem("spirals", "Spirals", DATASETS["spirals"], MLP((24, 24)), steps=1000, recommended=_POINTS,
                   question="Who unwinds the spirals?"),
        NetProblem("xor", "XOR, 9 weights", DATASETS["xor"], MLP((2,)), steps=300, recommended=_POINTS,
                   question="Two hidden units: who finds one of the few ways out?"),
        NetProblem("curve", "A curve", DATASETS["curve"], MLP((24,)), loss="squares", steps=600,
                   recommended=rates(sgd=0.05, momentum=0.02, rmsprop=0.01, adam=0.02), question="Who bends the line into the curve?"),
        NetProblem("digits", "Digits, MLP", DATASETS["digits"], MLP((32, 32), "relu"), batch=64, steps=300, precision="float32",
                   recommended=rates(sgd=0.2, momentum=0.05, rmsprop=0.002, adam=0.003), question="Do small batches find flat ground?"),
        NetProblem("digits_cnn", "Digits, CNN", DATASETS["digits"], CNN(), batch=64, steps=150, precision="float32",
                   recommended=rates(sgd=0.1, momentum=0.03, rmsprop=0.002, adam=0.003), question="How rough is a convolution's way down?"),
        NetProblem("digits_resnet", "Digits, ResNet-8", DATASETS["digits"], ResNet(4), batch=64, steps=60, precision="float32",
                   recommended=rates(sgd=0.1, momentum=0.03, rmsprop=0.002, adam=0.003), question="What do skips do to the ground?"),
    )
}  # fmt: skip
