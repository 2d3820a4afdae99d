"""The one place for Numba's flags and for the signatures that kernels are reached through.

A kernel declared here has ONE explicit signature, so Numba compiles it when its module is imported (or loads it
from the cache) and treats it as a first-class function: the compiled loop takes it as a typed pointer and need not be
compiled again for it. `M` kernels and `N` rules cost M + N compilations, not M x N.

Lanes: every array carries a last axis B of independent runs, C-contiguous, so that LLVM vectorises across runs.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import binding
from numba import float64, int64, njit, types, void

# LLVM vectorises a loop over lanes only after checking at run time that no two of its arrays overlap, and by default gives up on the loop
# when that takes more than 8 comparisons. A rule that reads ten rows and writes three needs some forty: cheap, once per 256 lanes.
binding.set_option("ravine", "-runtime-memory-check-threshold=256")

Kernel = Callable[..., Any]  # a compiled kernel, or the plain function where JIT is disabled

VECTOR = types.Array(float64, 1, "C")
MATRIX = types.Array(float64, 2, "C")
CUBE = types.Array(float64, 3, "C")
INDICES = types.Array(int64, 2, "C")

# A problem on data gets its samples as columns of `data` (d, N), and in `batch` (m, B) which of them each lane looks at; m = 0: at all.
EVALUATE = void(MATRIX, MATRIX, MATRIX, INDICES, VECTOR, MATRIX)  # x (n, B), params (p, B), data, batch -> f (B,), g (n, B)
CURVATURE = void(MATRIX, MATRIX, MATRIX, INDICES, CUBE)  # x (n, B), params (p, B), data, batch -> h (n, n, B)
RULE = void(MATRIX, VECTOR, MATRIX, CUBE, MATRIX, MATRIX, int64)  # x (n, B), f, g, h, state (rows, B), hypers (h, B), t


FLAGS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}
DECLARED: dict[Kernel, Any] = {}  # kernels with their one signature
OURS: set[Kernel] = set()  # every kernel and piece: what has a twin in single precision, see landscape.single


def pointer(signature: Any) -> Any:
    """The type of an argument that is a kernel of this signature."""
    return types.FunctionType(signature)


def remembering(dispatcher: Any) -> Any:
    """The dispatcher, which remembers what it compiled for a pointer: Numba asks 14 times a run, a fifth of what a short one takes."""
    if not hasattr(dispatcher, "get_compile_result"):  # JIT is disabled
        return dispatcher
    find, found = dispatcher.get_compile_result, {}

    def get_compile_result(signature: Any) -> Any:
        if id(signature) not in found:
            found[id(signature)] = (signature, find(signature))  # the signature is kept, so that no other gets its id
        return found[id(signature)][1]

    dispatcher.get_compile_result = get_compile_result
    return dispatcher


def kernel(signature: Any, contract: bool = False) -> Callable[[Callable[..., Any]], Kernel]:
    """Compile a function for one signature, cached on disk, without the GIL.

    `contract` lets a * b + c be rounded once, in one instruction: twice as fast where there is little else to do. NaN stays NaN.

    `error_model="numpy"` makes 1/0 an infinity, as in NumPy, instead of an exception: divergence is a result here.
    Never `parallel=True`: Numba's workqueue layer aborts the process when two threads enter it.
    """

    def compiled(function: Callable[..., Any]) -> Kernel:
        made: Kernel = remembering(njit(signature, fastmath={"contract"} if contract else False, **FLAGS)(function))
        DECLARED[made] = signature
        OURS.add(made)
        return made

    return compiled


def deferred(signature: Any) -> Callable[[Callable[..., Any]], Kernel]:
    """A kernel that is compiled only when the loop first takes it as a pointer to this signature.

    A fresh machine would otherwise compile every method there is before it shows its first page.
    """
    del signature  # for the reader, and for the type of the pointer: Numba compiles for what the pointer asks

    def waiting(function: Callable[..., Any]) -> Kernel:
        made: Kernel = remembering(njit(**FLAGS)(function))
        OURS.add(made)
        return made

    return waiting


piece = deferred(None)
"""A part of a kernel in the same file, compiled with it; callable by itself where the rest of the kernel runs as plain Python."""


def plain(compiled: Kernel) -> Kernel:
    """The Python function behind a kernel: the same lines, run by the interpreter."""
    function: Kernel = getattr(compiled, "py_func", compiled)  # with JIT disabled it is that function already
    return function
