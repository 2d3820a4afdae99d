"""Work that goes on while the page answers: one job a name, the newest wins, and nobody computes for a tab that has gone.

    job = jobs.start("map", key, lambda report: refine(settings, report))   # at every run of the page: an equal key is the same job
    job.wait(0.15)                                                          # a quick first result is on screen in the same run
    if job.result is not None: draw(job.result)

The work is a generator: it yields results, each better than the one before, and tells its progress. Knows no Streamlit; see waiting.py.
"""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from pages.ui.turns import Turns

State = Literal["waiting", "running", "done", "failed", "cancelled"]
AT_ONCE = max(2, (os.cpu_count() or 1) // 2)  # jobs of all sessions together; the others wait
PATIENCE = 6.0  # s without a question from the page: its tab was closed. Browsers slow the clocks of hidden tabs down to one a second.
_TURNS = Turns(AT_ONCE)
_log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Nobody wants the result any more: work lets it pass."""


@dataclass(frozen=True)
class Report:
    """How work tells its progress, and learns that it is to stop."""

    _job: "Job"

    def progress(self, fraction: float) -> None:
        """0 to 1. Raises Cancelled where the work is no longer wanted."""
        self._job.fraction = min(max(float(fraction), 0.0), 1.0)
        self.check()

    def cancelled(self) -> bool:
        return self._job.unwanted()

    def check(self) -> None:
        if self.cancelled():
            raise Cancelled


Work = Callable[[Report], Iterator[Any]]


@dataclass(eq=False)
class Job:
    """One piece of work in a thread of its own. Whoever looks at it keeps it alive: see `asked`."""

    key: Hashable
    work: Work
    soon_done: bool = False  # it goes before others that wait: see Turns
    state: State = "waiting"
    fraction: float = 0.0
    result: Any = None  # the newest that the work has yielded
    error: str = ""
    began: float = field(default_factory=time.monotonic)
    asked: float = field(default_factory=time.monotonic)
    version: int = 0  # rises with every result and every turn
    seen: int = 0  # the version that the page has asked about last: what it drew is no older
    abandoned: bool = False  # stopped because nobody asked, not because somebody said so
    _stop: threading.Event = field(default_factory=threading.Event)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def start(self) -> None:
        threading.Thread(target=self._run, name="job", daemon=True).start()

    @property
    def busy(self) -> bool:
        return self.state in ("waiting", "running")

    @property
    def seconds(self) -> float:
        """Since it was asked for."""
        return time.monotonic() - self.began

    def ask(self) -> None:
        """Somebody looks."""
        self.asked, self.seen = time.monotonic(), self.version

    @property
    def news(self) -> bool:
        """Whether another look will see more than the last one: it goes on, or has ended since."""
        return self.busy or self.version != self.seen

    def cancel(self) -> None:
        self._stop.set()
        with self._news:
            if self.busy:
                self.state, self.version = "cancelled", self.version + 1
            self._news.notify_all()

    def wait(self, seconds: float, enough: Callable[[Any], bool] = bool) -> None:
        """Until there is a result that is enough, or nothing more to wait for; `seconds` at most."""
        with self._news:
            self._news.wait_for(lambda: not self.busy or (self.result is not None and enough(self.result)), seconds)
            self.seen = self.version

    def finish(self, seconds: float) -> None:
        """Until it is over, however it ends; `seconds` at most."""
        with self._news:
            self._news.wait_for(lambda: not self.busy, seconds)

    def unwanted(self) -> bool:
        if time.monotonic() - self.asked > PATIENCE and self.busy:
            self.abandoned = True
            self.cancel()
        return self._stop.is_set()

    def _run(self) -> None:
        step_back()
        place = _TURNS.join(self.soon_done)
        while not _TURNS.enter(place, 0.05):
            if self.unwanted():
                _TURNS.give_up(place)
                return
        try:
            report = Report(self)
            report.check()  # it may have been cancelled while it waited
            self._turn("running")
            for result in self.work(report):
                self._publish(result)
                report.check()
            self.fraction = 1.0
            self._turn("done")
        except Cancelled:
            self._turn("cancelled")
        except ValueError as error:  # says what to change
            self._fail(str(error))
        except Exception as error:  # noqa: BLE001 - whatever ends the work is told on the page
            if self._stop.is_set():  # an engine says in its own way that it was stopped
                return
            _log.exception("A job failed")
            self._fail(f"The computation stopped with an error ({type(error).__name__}).")
        finally:
            _TURNS.leave()

    def _publish(self, result: Any) -> None:
        with self._news:
            if self.busy:  # a cancelled job's late result is not shown
                self.result, self.version = result, self.version + 1
            self._news.notify_all()

    def _turn(self, state: State) -> None:
        with self._news:
            if self.busy:
                self.state, self.version = state, self.version + 1
            self._news.notify_all()

    def _fail(self, reason: str) -> None:
        self.error = reason
        self._turn("failed")


class Jobs:
    """The jobs of one session, by name."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    def start(self, name: str, key: Hashable, work: Work, soon_done: bool = False) -> Job:
        """The job of that name and key: the one that there is, or a new one in place of the old, which is cancelled.

        A job that somebody cancelled stays cancelled until the key changes; one that lost its page for a while begins anew.
        """
        job = self._jobs.get(name)
        if job is None or job.key != key or job.abandoned:
            if job:
                job.cancel()
            job = self._jobs[name] = Job(key, work, soon_done)
            job.start()
        job.ask()
        return job

    def asked(self, name: str) -> Job | None:
        """The job of that name, if there is one, which somebody looks at again."""
        if job := self._jobs.get(name):
            job.ask()
        return job

    def again(self, name: str) -> None:
        """Forget a job that was cancelled or failed: the next `start` begins anew."""
        self.drop(name)

    def drop(self, *names: str) -> None:
        """What another part of the page had asked for is not looked at any more."""
        for name in names:
            if job := self._jobs.pop(name, None):
                job.cancel()

    def only(self, *names: str) -> None:
        """Drop all but these."""
        self.drop(*(name for name in tuple(self._jobs) if name not in names))


def step_back() -> None:
    """Let this thread give way to those that answer a hand. Linux knows a priority for each thread; elsewhere all stay equal."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
