"""What is judged after the reply: in its order, once the burst is over, and soon for whoever waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from intake_app import burst
from intake_app.burst import Burst

SECONDS = 20.0


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Burst]:
    made = Burst()
    yield made
    made.stop()


def test_what_came_first_is_judged_first(work: Burst) -> None:
    done: list[int] = []
    over = threading.Event()
    for number in range(5):
        work.later(lambda number=number: done.append(number))  # type: ignore[misc]
    work.later(over.set)
    assert over.wait(SECONDS)
    assert done == [0, 1, 2, 3, 4]


def test_an_act_that_breaks_stops_no_other(work: Burst) -> None:
    over = threading.Event()
    work.later(lambda: 1 / 0)
    work.later(over.set)
    assert over.wait(SECONDS)


def test_whoever_waits_ends_the_quiet_time(work: Burst, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(burst, "QUIET_SECONDS", 10 * SECONDS)
    monkeypatch.setattr(burst, "HOLD_SECONDS", SECONDS)
    judged = threading.Event()
    work.later(judged.set)
    work.hold(judged.is_set)
    assert judged.is_set()


def test_a_burst_that_does_not_end_is_judged_all_the_same(work: Burst, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(burst, "QUIET_SECONDS", 10 * SECONDS)
    judged = threading.Event()
    for _ in range(burst.WAITING_MAX):
        work.later(judged.set)
    assert judged.wait(SECONDS)


def test_nobody_is_held_longer_than_a_moment(work: Burst, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(burst, "HOLD_SECONDS", 0.01)
    work.hold(lambda: False)


def test_only_a_few_are_held_at_a_time(work: Burst, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(burst, "HELD_MAX", 0)
    monkeypatch.setattr(burst, "HOLD_SECONDS", 10 * SECONDS)
    work.hold(lambda: False)


def test_after_its_end_nothing_begins(work: Burst) -> None:
    done: list[int] = []
    work.stop()
    work.later(lambda: done.append(1))
    assert not done
