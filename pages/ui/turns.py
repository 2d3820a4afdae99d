"""Who computes next: so many at once, the others in a line. Those who say that they are soon done go first, then who came first."""

import threading
from bisect import insort
from itertools import count

Place = tuple[bool, int]


class Turns:
    """For threads. `join` the line, `enter` when it is time, `leave` at the end; or `give_up` the place in the line."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._line: list[Place] = []
        self._numbers = count()
        self._news = threading.Condition()

    def join(self, soon_done: bool = False) -> Place:
        with self._news:
            place = (not soon_done, next(self._numbers))
            insort(self._line, place)
            return place

    def enter(self, place: Place, seconds: float) -> bool:
        """Whether the turn has come, after waiting for it as long as that."""
        with self._news:
            come = self._news.wait_for(lambda: self._free > 0 and self._line[0] == place, seconds)
            if come:
                self._line.remove(place)
                self._free -= 1
                self._news.notify_all()  # there may be room for the next one too
            return come

    def give_up(self, place: Place) -> None:
        with self._news:
            self._line.remove(place)
            self._news.notify_all()

    def leave(self) -> None:
        with self._news:
            self._free += 1
            self._news.notify_all()
