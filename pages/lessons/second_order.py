"""Lessons on methods that know, or guess, the curvature."""

from pages.lessons.lesson import Lesson, link

SECOND_ORDER = (
    Lesson(
        "newton", "Newton's model and its speed", "Second order", (58,), "How fast is quadratic convergence?",
        "Step through: the ellipses are the local quadratic model, and the next point is its centre. The distance grows at first; near the "
        "minimum each step doubles the number of right digits.",
        link("rosenbrock", "newton", start="-1.2~1", steps=7, tolerance="1e-08", cursor=1, view="inside~1~curve~distance"),
    ),
    Lesson(
        "jump", "Newton jumps onto a saddle", "Second order", (58,), "Where does Newton's method go near a saddle?",
        "Plain Newton lands on the saddle at once and stays. With the modulus of the curvatures, or within a trust region, it leaves.",
        link("double_well_saddle", "newton", "newton~absolute~1", "trust_region", "sgd", start="0.2~1", steps=60),
    ),
    Lesson(
        "bfgs", "BFGS guesses the Hessian", "Second order", (59,), "How well does BFGS know the curvature?",
        "Solid the ellipse of its matrix, dashed that of the true Hessian: step through and see them meet.",
        link("rosenbrock", "bfgs", "sgd", steps=60, cursor=40, tolerance="1e-06", view="inside~1"),
    ),
    Lesson(
        "memory", "L-BFGS: how much memory?", "Second order", (34, 60), "How many old steps are worth keeping?",
        "Inside shows the pairs that it keeps as bars; the card counts its vectors: two for each pair. Slider: memory.",
        link("rosenbrock", "bfgs", "l_bfgs~memory~1", "l_bfgs~memory~5", "l_bfgs~memory~20", steps=80, tolerance="1e-06", selected=2,
             view="inside~1"),
    ),
    Lesson(
        "conjugate", "Conjugate gradients end in n steps", "Second order", (61,), "How many directions does a quadratic have?",
        "Two steps in two dimensions, some evaluations each for the line search; the dashed arrow is where steepest descent would go.",
        link("ravine", "conjugate_gradient", "sgd~lr~0.0198", start="-1.5~1", steps=12, tolerance="1e-06", cursor=4, view="inside~1"),
    ),
    Lesson(
        "natural", "Natural gradient in two coordinates", "Second order", (62,), "Whose path does not depend on the units?",
        "Solid: in (mu, ln sigma); dashed: the same methods in (mu, sigma), carried over. Natural gradient's two ways are one, but for the "
        "length of a step: halve its rate, and the gap in the table halves.",
        link("gaussian_fit_log", "natural_gradient~lr~0.1", "sgd~lr~0.1", "adam~lr~0.1", other=1, steps=80),
    ),
)  # fmt: skip
