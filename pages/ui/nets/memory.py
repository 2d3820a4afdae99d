"""What has been computed, by what decides on it: the newest, up to a limit."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Memory(Generic[Kept]):
    """No more than `limit` in all, as `size` measures each; the oldest go first. Safe between threads."""

    def __init__(self, limit: float, size: Callable[[Kept], float] = lambda kept: 1.0) -> None:
        self._limit, self._size = limit, size
        self._held: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Kept | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: Hashable, value: Kept) -> None:
        with self._lock:
            self._held[key] = value
            while len(self._held) > 1 and sum(map(self._size, self._held.values())) > self._limit:
                self._held.popitem(last=False)
