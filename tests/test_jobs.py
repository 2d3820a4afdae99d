"""Background jobs without a browser: the newest wins, closed tabs stop, errors become words."""

import threading
import time

import pytest

from pages.ui import jobs
from pages.ui.jobs import Jobs
from pages.ui.turns import Turns


def until(fact, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)


class Endless:
    """Work that goes on until it is told to stop, and remembers that it did."""

    def __init__(self):
        self.began, self.ended = threading.Event(), threading.Event()

    def __call__(self, report):
        self.began.set()
        try:
            yield "coarse"
            while True:
                report.progress(0.5)
                time.sleep(0.002)
        finally:
            self.ended.set()


@pytest.fixture
def session():
    mine = Jobs()
    yield mine
    mine.only()


def test_results_come_one_after_the_other_and_the_last_one_stays(session):
    gate = threading.Event()

    def work(report):
        yield "coarse"
        gate.wait(5)
        report.progress(0.5)
        yield "fine"

    job = session.start("map", 1, work)
    job.wait(5)
    assert job.result == "coarse" and job.busy
    gate.set()
    job.finish(5)
    assert (job.result, job.state, job.fraction) == ("fine", "done", 1.0)


def test_an_equal_key_is_the_same_job_and_another_key_cancels_it(session):
    first, second = Endless(), Endless()
    one = session.start("map", ("lr", 1), first)
    assert session.start("map", ("lr", 1), second) is one
    first.began.wait(5)
    other = session.start("map", ("lr", 2), second)
    assert first.ended.wait(5) and second.began.wait(5)
    assert one.state == "cancelled" and other.busy


def test_jobs_of_other_names_and_other_sessions_go_on(session):
    here, there = Endless(), Endless()
    session.start("map", 1, here)
    other = Jobs()
    other.start("map", 2, there)
    assert here.began.wait(5) and there.began.wait(5)
    assert not here.ended.is_set() and not there.ended.is_set()
    session.only("map")
    assert not here.ended.is_set()
    session.only()
    assert here.ended.wait(5) and not there.ended.is_set()
    other.only()
    assert there.ended.wait(5)


def test_a_closed_tab_stops_its_work_and_a_tab_that_comes_back_begins_anew(session, monkeypatch):
    monkeypatch.setattr(jobs, "PATIENCE", 0.1)
    work = Endless()
    job = session.start("map", 1, work)
    assert work.ended.wait(5)
    until(lambda: job.state == "cancelled")
    assert job.abandoned
    assert session.start("map", 1, Endless()) is not job


def test_who_asks_keeps_a_job_alive(session, monkeypatch):
    monkeypatch.setattr(jobs, "PATIENCE", 0.2)
    work = Endless()
    job = session.start("map", 1, work)
    for _ in range(40):
        job.ask()
        time.sleep(0.01)
    assert job.busy and not work.ended.is_set()


def test_a_job_that_somebody_cancelled_stays_cancelled_until_it_is_wanted_again(session):
    work = Endless()
    job = session.start("map", 1, work)
    job.wait(5)
    job.cancel()
    assert work.ended.wait(5) and session.start("map", 1, work) is job
    assert job.state == "cancelled" and job.result == "coarse"  # what was there by then may stay on screen
    session.again("map")
    assert session.start("map", 1, Endless()) is not job


def test_only_so_many_run_at_once_and_a_waiting_job_can_be_cancelled(session):
    works = [Endless() for _ in range(jobs.AT_ONCE + 2)]
    running = [session.start(f"job {i}", i, work) for i, work in enumerate(works)]
    until(lambda: sum(work.began.is_set() for work in works) == jobs.AT_ONCE)
    time.sleep(0.1)
    waiting = [job for job in running if job.state == "waiting"]
    assert len(waiting) == 2 and sum(work.began.is_set() for work in works) == jobs.AT_ONCE
    waiting[0].cancel()
    for job in running:
        if job.state == "running":
            job.cancel()
    until(lambda: waiting[1].state == "running")  # the places are given back
    assert waiting[0].state == "cancelled" and not works[running.index(waiting[0])].began.is_set()


def test_what_is_wrong_is_said_in_words(session, caplog):
    def asks_too_much(report):
        raise ValueError("65,536 x 65,536 runs need 100 GB: choose fewer.")
        yield

    def broken(report):
        yield "coarse"
        raise RuntimeError("secret")

    refused, failed = session.start("a", 1, asks_too_much), session.start("b", 1, broken)
    refused.finish(5), failed.finish(5)
    assert refused.state == "failed" and refused.error == "65,536 x 65,536 runs need 100 GB: choose fewer."
    assert failed.error == "The computation stopped with an error (RuntimeError)." and failed.result == "coarse"
    assert "secret" in caplog.text  # for whoever runs the server


def test_a_result_that_came_after_the_look_is_news(session):
    gate = threading.Event()

    def work(report):
        yield "coarse"
        gate.wait(5)
        yield "fine"

    job = session.start("map", 1, work)
    job.wait(5)
    gate.set()
    job.finish(5)  # between the page's look and its question whether to look again
    assert not job.busy and job.news
    session.start("map", 1, work)
    assert not job.news and job.result == "fine"


def test_waiting_ends_with_the_first_result_or_when_time_is_up(session):
    silent = threading.Event()

    def work(report):
        silent.wait(5)
        yield "late"

    job = session.start("map", 1, work)
    job.wait(0.05)
    assert job.result is None and job.busy
    silent.set()
    job.wait(5)
    assert job.result == "late"


def test_those_who_wait_take_turns_the_soon_done_first_then_who_came_first():
    turns, order = Turns(1), []
    turns.enter(turns.join(), 1)

    def wait(place, name):
        assert turns.enter(place, 5)
        order.append(name)
        turns.leave()

    places = [turns.join(), turns.join(), turns.join(soon_done=True), turns.join()]
    threads = [threading.Thread(target=wait, args=pair) for pair in zip(places[:3], ("first", "second", "soon done"), strict=True)]
    for thread in threads:
        thread.start()
    assert not turns.enter(places[3], 0.05) and order == []
    turns.give_up(places[3])
    turns.leave()
    for thread in threads:
        thread.join(5)
    assert order == ["soon done", "first", "second"]
    assert turns.enter(turns.join(), 1)  # the turn that was given up blocks nobody
