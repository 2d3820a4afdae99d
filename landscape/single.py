"""The same kernels in single precision, for maps: compiled from the same lines when first asked for, cached like the others.

Python's float literals are double precision, and one of them makes double what it touches. So a pass between Numba's reading of the
bytecode and its inference of types turns every float constant into float32, and every kernel that is called into its twin of this kind.
"""

from functools import cache
from threading import RLock
from types import FunctionType
from typing import Any

import numpy as np
from numba import float32, float64, njit, types
from numba.core import ir
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, PassManager, register_pass
from numba.core.dispatcher import Dispatcher
from numba.core.typing.templates import Signature
from numba.core.untyped_passes import TranslateByteCode

from landscape.kernel import DECLARED, FLAGS, OURS, Kernel, remembering

LARGEST, TINIEST = float(np.finfo(np.float32).max), float(np.finfo(np.float32).tiny)
_lock = RLock()  # a twin asks for the twins of what it calls


def single(kernel: Kernel) -> Kernel:
    """A kernel's twin in float32; a plain function is its own twin."""
    if not isinstance(kernel, Dispatcher):
        return kernel
    with _lock:
        return _twin(kernel)


@cache
def _twin(kernel: Any) -> Kernel:
    function: Any = kernel.py_func
    copy = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
    copy.__module__, copy.__qualname__ = function.__module__, f"{function.__qualname__}_single"  # a cache file of its own
    signatures = (narrowed(DECLARED[kernel]),) if kernel in DECLARED else ()
    compiled: Any = njit
    twin: Kernel = remembering(compiled(*signatures, pipeline_class=SinglePrecision, **FLAGS)(copy))
    return twin


def narrowed(kind: Any) -> Any:
    """A type or signature with float32 for every float64."""
    if isinstance(kind, Signature):
        return narrowed(kind.return_type)(*map(narrowed, kind.args))
    if isinstance(kind, types.FunctionType):
        return types.FunctionType(narrowed(kind.signature))
    if isinstance(kind, types.Array):
        return kind.copy(dtype=narrowed(kind.dtype))
    return float32 if kind == float64 else kind


def nearest(value: float) -> np.float32:
    """The constant in single precision; thresholds and guards beyond its range become its largest and its smallest number."""
    size = abs(value)
    if np.isfinite(value) and size > 0.0:
        value = np.copysign(min(max(size, TINIEST), LARGEST), value)
    return np.float32(value)


class Narrow(FunctionPass):
    _name = "ravine_single_precision"

    def __init__(self) -> None:  # abstract in the base
        pass

    def run_pass(self, state: Any) -> bool:
        for block in state.func_ir.blocks.values():
            for statement in block.find_insts(ir.Assign):
                value = statement.value
                if isinstance(value, (ir.Const, ir.Global, ir.FreeVar)):
                    if isinstance(value.value, float):
                        value.value = nearest(value.value)
                    elif isinstance(value.value, Dispatcher) and value.value in OURS:
                        value.value = single(value.value)
        return True


register: Any = register_pass
register(mutates_CFG=False, analysis_only=False)(Narrow)


class SinglePrecision(CompilerBase):
    def define_pipelines(self) -> list[PassManager]:
        builder: Any = DefaultPassBuilder
        passes: Any = builder.define_nopython_pipeline(self.state)
        passes.add_pass_after(Narrow, TranslateByteCode)
        passes.finalize()
        return [passes]
