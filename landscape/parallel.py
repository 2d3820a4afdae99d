"""The one thread pool of the process: compiled kernels hold no GIL, so Python threads share their work out."""

import os
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import cache

CORES = os.cpu_count() or 1


@cache
def pool() -> Executor:
    """As many threads as cores. What runs in it must not wait for more of its work: that might never begin."""
    return ThreadPoolExecutor(CORES, thread_name_prefix="lanes")
