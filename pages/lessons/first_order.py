"""Lessons on descent, momentum and adaptive methods."""

from pages.lessons.lesson import Lesson, link

SLOPE = "y**2/2 - x/100"  # constant along x
FAIR = ("adagrad~lr~1", "adam~lr~0.1", "sgd~lr~0.0198")

DESCENT = (
    Lesson(
        "step", "One step of gradient descent", "Descent", (12,), "What does one step do?",
        "Step with the arrow keys: the line below the headline puts the live numbers into the formula; the arrow is minus the gradient. "
        "Then move the learning rate.",
        link("ravine", "sgd~lr~0.15", params="condition~10~rotation~30", steps=40, cursor=1, view="inside~1~queries~1"),
    ),
    Lesson(
        "edge", "Why 2/L is the end", "Descent", (18,), "How large may a learning rate be?",
        "Three rates on curvatures 1 and 10: the theorem's best, 0.99 and 1.01 of the edge 2/L = 0.2. Two hundredths of the rate are "
        "between convergence and divergence.",
        link("ravine", "sgd~lr~0.18181818181818182", "sgd~lr~0.198", "sgd~lr~0.202",
             params="condition~10~rotation~0", start="1~1", steps=500, cursor=120),
    ),
    Lesson(
        "batches", "Single samples, mini-batches, all the data", "Descent", (13, 17), "How many samples should a step look at?",
        "Against samples seen, single samples are far ahead and then dance; against ticks, all the data wins. Switch between by sample and "
        "by tick. Each racer's batch size is under Lookahead, means, own schedule, batch, decay.",
        link("line_fit", "sgd~lr~0.1~batch~0", "sgd~lr~0.1~batch~16", "sgd~lr~0.1~batch~1", steps=200, view="axis~samples"),
    ),
    Lesson(
        "unbiased", "Mini-batch gradients are unbiased", "Descent", (14, 15), "What do mini-batch gradients have to do with the full one?",
        "Open Mini-batch gradients here, below the table: their mean meets the full gradient, and their variance falls as 1/B.",
        link("line_fit", "sgd~lr~0.1", batch="16~1", steps=60, cursor=10),
    ),
    Lesson(
        "escape", "Noise leaves a saddle", "Descent", (4,), "What gets a method off a saddle?",
        "Without noise it would stand on the ridge for ever. Until |y| > 1 it takes 94 ticks at noise 0.1, 141 at 0.01 and 189 "
        "at 0.001, in the median: each tenth of the noise costs the same number more, ln 10 / ln 1.05 = 47. The band is over 100 seeds; "
        "the noise is under Race. The times, counted:",
        link("formula", "sgd~lr~0.05", formula="(x**2 - y**2)/2", start="1~0", steps=215, conditions="noise~0.001", seeds=100,
             view="curve~loss~curve_log~0"),
        preset="How long at a saddle?",
    ),
    Lesson(
        "sharp", "Noise leaves a sharp minimum", "Descent", (7, 16), "Which minimum does noise prefer?",
        "It starts in the sharp minimum; noise throws the run that is drawn out of it, and it ends about the wide one. Switch the noise "
        "off under Race: it stays where it is. That no seed arrived only says that noise keeps them all above the minima's level. How many "
        "go over, and whom the wide one cannot hold, takes a count over seeds, at three strengths of noise:",
        link("sharp_flat", "sgd~lr~0.05", start="-1~0", steps=500, cursor=250, conditions="noise~3", seeds=100),
        preset="Does noise leave the sharp well?",
    ),
    Lesson(
        "axes", "Adaptive methods live on the axes", "Descent", (6,), "Who profits from a valley along an axis?",
        "AdaGrad scales each coordinate by itself and is there in four steps. Rotation, under Landscape, turns the valley and leaves the "
        "start behind, so that another race begins; the valley and the start turned together:",
        link("ravine", *FAIR, params="condition~100~rotation~0", start="1.5~0.15", steps=300, tolerance="0.001"),
        then="turned",
    ),
    Lesson(
        "turned", "The same valley, turned", "Descent", (6,), "What does turning the valley do to AdaGrad?",
        "The same start in the valley's own directions. Gradient descent needs exactly as many steps as before, 193; Adam 75 in place of "
        "63; AdaGrad 320 in place of 4, eighty times as many.",
        link("ravine", *FAIR, params="condition~100~rotation~45", start="0.9545941546018393~1.1667261889578036", steps=400,
             tolerance="0.001"),
        then="axes",
    ),
)  # fmt: skip
MOMENTUM = (
    Lesson(
        "damping", "Momentum damps the zig-zag", "Momentum", (21, 24), "What is momentum good for in a ravine?",
        "Gradient descent close to its edge jumps from wall to wall. The sentences in the table count how often.",
        link("ravine", "sgd~lr~0.0195", "momentum~lr~0.0195~momentum~0.5", "momentum~lr~0.0195~momentum~0.8",
             params="condition~100~rotation~30", steps=200, tolerance="0.001"),
    ),
    Lesson(
        "ball", "The ball and its velocity", "Momentum", (22, 23), "How does a heavy ball roll?",
        "Play it: dashed the velocity it keeps, black the pull of the gradient, and the next step is their sum.",
        link("rosenbrock", "momentum~lr~0.0005~momentum~0.9", steps=300, cursor=12, view="inside~1"),
    ),
    Lesson(
        "terminal", "Terminal velocity", "Momentum", (24,), "How fast can momentum become?",
        "On a constant slope the velocity ends at 1/(1 - beta) times the gradient: 2, 10 and 100. Inside, below the loss, draws that of "
        "the selected racer: along x, where the gradient is -0.01, it levels off at -0.02, -0.1 and -1. Select the others under Racers.",
        link("formula", "momentum~lr~0.002~momentum~0.5", "momentum~lr~0.002~momentum~0.9", "momentum~lr~0.002~momentum~0.99",
             formula=SLOPE, start="-1~0", steps=900, selected=2, view="inside~1~curve_log~0"),
    ),
    Lesson(
        "heavy_edge", "Momentum's edge", "Momentum", (22,), "How large may a rate be with momentum?",
        "The edge is 2(1 + beta)/L, 0.38 here: nearly twice that of gradient descent. The racers stand at 0.99 and 1.01 of it.",
        link("ravine", "momentum~lr~0.3762~momentum~0.9", "momentum~lr~0.3838~momentum~0.9",
             params="condition~10~rotation~0", start="1~1", steps=600, cursor=300),
    ),
    Lesson(
        "look_ahead", "Nesterov looks ahead", "Momentum", (25,), "Why brake before the wall?",
        "The hollow circle is where Nesterov asks for the gradient: ahead of itself. It overshoots less than momentum at the same rate.",
        link("ravine", "momentum~lr~0.01~momentum~0.9", "nesterov~lr~0.01~momentum~0.9", params="condition~100~rotation~0", start="-1.5~1",
             steps=150, selected=1, cursor=4, view="inside~1~queries~1"),
    ),
    Lesson(
        "optimal", "Each at its optimal settings", "Momentum", (26,), "What does acceleration buy?",
        "Condition number 100, until the distance is a millionth: the column after the tolerance counts. With momentum, of "
        "either kind, the steps grow like the root of that number. Learning rates for all has Optimal for this quadratic for "
        "any other.",
        link("ravine", "sgd~lr~0.019801980198019802", "momentum~lr~0.03305785123966942~momentum~0.6694214876033059",
             "nesterov~lr~0.01~momentum~0.8181818181818182", params="condition~100~rotation~0", start="1~1", steps=800, tolerance="1e-06",
             view="curve~distance"),
    ),
)  # fmt: skip
ADAPTIVE = (
    Lesson(
        "shrinking", "AdaGrad's rate shrinks", "Adaptive methods", (27,), "What becomes of AdaGrad's rate on a constant slope?",
        "Slope and rate are 0.01 throughout, so the first step is as long as the gradient: an effective rate of 1. It is 0.1 at step 100 "
        "and 0.01 at step 10,000.",
        link("formula", "adagrad~lr~0.01", formula=SLOPE, start="-1~0", steps=10_000, view="inside~1~curve_log~0"),
    ),
    Lesson(
        "rare", "Rare features get larger rates", "Adaptive methods", (28,), "Who learns a slope that is felt once in fifty samples?",
        "AdaGrad's rate along the slope that is felt once in 50 steps becomes the root of 50 times as large as along the other: Inside, "
        "below the curves, draws both.",
        link("rare_slope", "adagrad", "sgd", "rmsprop", "adam", view="inside~1"),
    ),
    Lesson(
        "sparse", "Are adaptive methods good for sparse data?", "Adaptive methods", (31,), "Is it true for sparse features?",
        "One weight's feature is there in few samples only. Landscape, What is said, tested: at its best rate each, the claim is true of "
        "AdaGrad and Adam, and not of RMSProp.",
        link("sparse_features", "sgd", "adagrad", "rmsprop", "adam", seeds=50),
    ),
    Lesson(
        "strip", "AdaGrad stalls, RMSProp does not", "Adaptive methods", (29, 30), "Who gets along a long valley after a wall?",
        "The wall at the start fills AdaGrad's sum of squares for good. RMSProp forgets it: its rate along the strip stays level.",
        link("strip", "sgd", "adagrad", "rmsprop", "adam", view="inside~1", selected=1),
    ),
    Lesson(
        "moments", "Inside Adam", "Adaptive methods", (32,), "What does Adam remember?",
        "Below the loss curve: m and v, solid and dashed by coordinate, and what bias correction makes of them.",
        link("rosenbrock", "adam~lr~0.05", steps=300, cursor=60, view="inside~1"),
    ),
    Lesson(
        "bias", "Bias correction, part by part", "Adaptive methods", (33,), "What if Adam did not correct its bias?",
        "The first step against the corrected one's: 1 - beta 1 times as long without m's correction, 1 over the root of 1 - beta 2 "
        "without v's, and their product without both. Move the betas; the switches are under Conventions.",
        link("bowl", "adam~lr~0.02", "adam~lr~0.02~correct_m~0", "adam~lr~0.02~correct_v~0", "adam~lr~0.02~correct_m~0~correct_v~0",
             steps=100, cursor=1),
        measured="first_steps",
    ),
    Lesson(
        "two_decays", "Weight decay under noise", "Adaptive methods", (35,), "Does decay shrink every weight alike?",
        "Gradients are pure noise, loud on w1 and quiet on w2; both weights start at 1. The one run that is drawn shows that an L2 penalty "
        "in Adam kills the quiet one. Its other ends are luck, and differ by 0.2 from run to run: it is in the mean over many that Adam "
        "with L2 hardly shrinks the loud one, to 0.95, and AdamW shrinks both alike, to 0.6:",
        link("pure_noise", "adam~weight_decay~0.1", "adamw~weight_decay~0.1"),
        preset="Whose weights decay alike?",
    ),
    Lesson(
        "corridor", "AdaBound's corridor", "Adaptive methods", (36,), "How does Adam become gradient descent?",
        "Inside draws the corridor that closes round each coordinate's rate.",
        link("ravine", "adabound~lr~0.02~final_lr~0.1~gamma~0.05", params="condition~10~rotation~30", steps=200, view="inside~1"),
    ),
    Lesson(
        "rectified", "RAdam's first rectified step", "Adaptive methods", (37,), "When does RAdam trust its variance?",
        "Inside marks the first rectified step: the sixth, as in PyTorch; with the paper's threshold, under Conventions, the fifth.",
        link("bowl", "radam~lr~0.1", "radam~lr~0.1~threshold~1", steps=60, view="inside~1"),
    ),
)  # fmt: skip
