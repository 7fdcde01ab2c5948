"""Lanes: who waits for whom, and for nobody else; slots for searches."""

import threading
import time
from collections.abc import Callable

import pytest

from bot.slack.answering.lanes import Lanes
from bot.slack.answering.search_slots import SearchSlots
from bot.slack.sending.patience import Wait, Waiting


def wait_for(predicate: Callable[[], object], timeout: float = 30.0) -> None:
    end = time.monotonic() + timeout
    while not predicate():
        assert time.monotonic() < end
        time.sleep(0.005)


def sending(sent: list[str], name: str, lane: str, *waits: float) -> Callable[[], Waiting[None]]:
    """A job that is limited so many times before it sends."""

    def job() -> Waiting[None]:
        yield Wait(lane=lane)
        for seconds in waits:
            yield Wait(seconds, lane)
        sent.append(name)

    return job


def test_a_lane_keeps_its_order_and_the_others_go_on() -> None:
    lanes, sent = Lanes(1, 10), list[str]()
    lanes.submit(sending(sent, "first", "full", 0.2, 0.2))
    lanes.submit(sending(sent, "second", "full"))
    lanes.submit(sending(sent, "elsewhere", "empty"))
    wait_for(lambda: sent)
    assert sent == ["elsewhere"]
    wait_for(lambda: len(sent) == 3)
    assert sent == ["elsewhere", "first", "second"]
    assert lanes.unfinished == 0


def test_a_lane_that_was_limited_keeps_a_pace_until_it_is_empty() -> None:
    lanes, sent = Lanes(4, 10), list[str]()
    started = time.monotonic()
    lanes.submit(sending(sent, "1", "full", 0.1))
    lanes.submit(sending(sent, "2", "full"))
    wait_for(lambda: len(sent) == 2)
    assert time.monotonic() - started >= 1.0
    lanes.submit(sending(sent, "3", "full"))
    wait_for(lambda: len(sent) == 3)
    assert time.monotonic() - started < 2.0


def test_who_waits_outside_of_the_lane_lets_others_pass() -> None:
    lanes, sent = Lanes(1, 10), list[str]()

    def failing() -> Waiting[None]:
        yield Wait(lane="here")
        yield Wait(0.2)
        yield Wait(lane="here")
        sent.append("late")

    lanes.submit(failing)
    lanes.submit(sending(sent, "meanwhile", "here"))
    wait_for(lambda: len(sent) == 2)
    assert sent == ["meanwhile", "late"]


def test_a_thread_is_held_by_no_wait() -> None:
    lanes, done = Lanes(1, 200), list[int]()

    def job() -> Waiting[None]:
        yield Wait(0.1)
        done.append(1)

    started = time.monotonic()
    assert all(lanes.submit(job) for _ in range(100))
    wait_for(lambda: len(done) == 100)
    assert time.monotonic() - started < 5.0


def test_a_full_place_refuses_and_the_others_do_not() -> None:
    lanes, go_on = Lanes(2, 4, most_in_a_place=2), threading.Event()
    assert lanes.submit(go_on.wait, "full") and lanes.submit(go_on.wait, "full")
    assert not lanes.submit(go_on.wait, "full")
    assert lanes.submit(go_on.wait, "other") and lanes.submit(go_on.wait)
    assert not lanes.submit(go_on.wait, "a third")
    go_on.set()
    assert lanes.drain(30)


def test_at_the_end_what_must_wait_for_long_is_given_up() -> None:
    lanes, ended, sent, limited = Lanes(2, 10), list[str](), list[str](), threading.Event()

    def patient() -> Waiting[None]:
        try:
            yield Wait(lane="full")
            limited.set()
            yield Wait(60, "full")
        finally:
            ended.append("given up")

    lanes.submit(patient)
    lanes.submit(sending(sent, "behind it", "full"))
    lanes.submit(sending(sent, "soon", "other", 0.2))
    assert limited.wait(30)
    started = time.monotonic()
    assert lanes.drain(5)
    assert time.monotonic() - started < 4
    assert (ended, sent) == (["given up"], ["soon"])


def test_at_the_end_nothing_begins_any_more() -> None:
    lanes, sent, go_on = Lanes(1, 10), list[str](), threading.Event()
    lanes.submit(go_on.wait)
    lanes.submit(sending(sent, "never", "one"))
    assert not lanes.drain(0.1)
    go_on.set()
    wait_for(lambda: not lanes.unfinished)
    assert not sent


def test_a_job_that_fails_ends_alone(caplog: pytest.LogCaptureFixture) -> None:
    lanes, sent = Lanes(1, 10), list[str]()

    def failing() -> Waiting[None]:
        yield Wait(lane="one")
        raise ValueError("text that nobody logs")

    lanes.submit(failing)
    lanes.submit(sending(sent, "next", "one"))
    assert lanes.drain(30) and sent == ["next"]
    assert "defect" in caplog.text and "nobody logs" not in caplog.text


def test_searches_that_take_long_hold_no_slot() -> None:
    slots, hanging = SearchSlots(2, long=0.2), threading.Event()

    def search() -> None:
        with slots.taken():
            hanging.wait(30)

    threads = [threading.Thread(target=search) for _ in range(2)]
    for each in threads:
        each.start()
    started = time.monotonic()
    for _ in range(3):
        with slots.taken():
            pass
    assert 0.1 < time.monotonic() - started < 2.0
    hanging.set()
    for each in threads:
        each.join()


def test_no_more_search_at_a_time_than_there_are_slots() -> None:
    slots, lock = SearchSlots(2, long=30), threading.Lock()
    searching, most = 0, 0

    def search() -> None:
        nonlocal searching, most
        with slots.taken():
            with lock:
                searching += 1
                most = max(most, searching)
            time.sleep(0.02)
            with lock:
                searching -= 1

    threads = [threading.Thread(target=search) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert most == 2
