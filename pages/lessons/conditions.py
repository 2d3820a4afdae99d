"""Lessons on what is put around a method, on schedules, clipping and decay."""

from pages.lessons.lesson import Lesson, link

AROUND = (
    Lesson(
        "lookahead", "Lookahead: slow and fast", "Around a method", (38,), "What does a slow point make of a wild one?",
        "Thin: momentum's own way; thick: the slow point that it follows every six steps. Sliders: k and alpha. Beside it, momentum alone.",
        link("ravine", "momentum~lr~0.02~momentum~0.9~around~lookahead~k~6~alpha~0.5", "momentum~lr~0.02~momentum~0.9",
             params="condition~30~rotation~30", start="-1.5~0.8", steps=80, cursor=60),
    ),
    Lesson(
        "averages", "The mean of the iterates", "Around a method", (16,), "How much of the noise is averaged out?",
        "Gradient descent at a constant rate circles the minimum; the means of its iterates settle.",
        link("bowl", "sgd~lr~0.2", "sgd~lr~0.2~around~polyak~begin~50", "sgd~lr~0.2~around~ema~decay~0.97", steps=400,
             conditions="noise~1", seeds=50),
    ),
)  # fmt: skip
SCHEDULES = (
    Lesson(
        "schedules", "Schedules side by side", "Schedules", (40, 41, 42, 43), "What does lowering the rate do to the noise?",
        "The same noise for all: whose rate falls, settles. The rates' curves stand above the loss, on one clock.",
        link("ravine", "sgd~lr~0.1", "sgd~lr~0.1~schedule~step", "sgd~lr~0.1~schedule~exponential", "sgd~lr~0.1~schedule~cosine",
             params="condition~10~rotation~0", steps=300, conditions="noise~1", seeds=50),
    ),
    Lesson(
        "restarts", "Warm restarts", "Schedules", (44,), "Why raise the rate again?",
        "A restart throws the loss up; each period ends lower than the one before, 0.021, 0.0058 and 0.0046 in the median of the seeds at "
        "ticks 40, 120 and 280. Just before a restart is the time to keep the weights. Sliders: T0 and T_mult.",
        link("ravine", "sgd~lr~0.1", "sgd~lr~0.1~schedule~warm_restarts~t_0~40~t_mult~2", params="condition~10~rotation~0", steps=280,
             conditions="noise~1", seeds=50, selected=1),
    ),
    Lesson(
        "warm_up", "Warm-up, then cosine", "Schedules", (45,), "What does a warm-up look like?",
        "The rate rises over 50 steps and falls along a cosine. What it is good for needs a deep net: the small transformer on Nets.",
        link("rosenbrock", "adam~lr~0.2", "adam~lr~0.2~schedule~cosine~warmup~50", steps=400, selected=1),
    ),
    Lesson(
        "one_cycle", "1-cycle", "Schedules", (46,), "Up and down once: is it faster?",
        "From max/25 up to the maximum at 30 %, then down to base/100, and the noise settles. Whether it takes fewer epochs is for nets "
        "to say.",
        link("ravine", "momentum~lr~0.02~momentum~0.9", "momentum~lr~0.02~momentum~0.9~schedule~one_cycle",
             params="condition~10~rotation~0", steps=300, conditions="noise~1", seeds=50, selected=1),
    ),
    Lesson(
        "decaying", "1/sqrt(t) and 1/t", "Schedules", (20, 47), "How fast may a rate fall?",
        "From rate 1 on a bowl of curvature 1: at 1/t it is the mean of all it has seen, and the loss falls like 1/t.",
        link("bowl", "sgd~lr~1", "sgd~lr~1~schedule~inverse_sqrt", "sgd~lr~1~schedule~inverse", steps=400, conditions="noise~1", seeds=100),
    ),
)  # fmt: skip
RESTRAINTS = (
    Lesson(
        "clip_norm", "Clip by norm", "Clipping and decay", (48,), "How to walk off a cliff?",
        "At the cliff the gradient is many times as long as elsewhere. It is shortened to 1 and keeps its direction: see the arrows "
        "and the words. Then switch clipping off, under Race, and see that step.",
        link("cliff", "sgd", "momentum", conditions="clip_norm~1", cursor=18, view="queries~1"),
    ),
    Lesson(
        "clip_value", "Clip by value", "Clipping and decay", (48,), "What does cutting each coordinate do to the direction?",
        "Each coordinate is cut by itself, so the gradient turns: the angle is in the line below the headline.",
        link("cliff", "sgd", "momentum", conditions="clip_value~0.5", cursor=19, view="queries~1"),
    ),
    Lesson(
        "decays", "L2 penalty against decoupled decay", "Clipping and decay", (52,), "Is weight decay an L2 penalty?",
        "For gradient descent the two are one path, drawn over each other. For Adam they are not: it divides the penalty's gradient away.",
        link("himmelblau", "sgd~lr~0.01~weight_decay~0.5", "sgd~lr~0.01~decay~0.5", "adam~lr~0.05~weight_decay~0.5",
             "adam~lr~0.05~decay~0.5", steps=200),
    ),
    Lesson(
        "penalty", "Contours with the penalty", "Clipping and decay", (52,), "Where does an L2 penalty put the minimum?",
        "What is drawn is loss plus penalty: its minima have moved towards the origin. Switch the toggle under Race to see the loss alone.",
        link("himmelblau", "sgd", "momentum", conditions="l2~5", penalty=1, steps=200),
    ),
)  # fmt: skip
