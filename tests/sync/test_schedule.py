"""The scheduler's life: whatever is done to the clock, the job goes on, once at a time and not too often."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.virtual_hours import Hours, virtual_hours

EVERY = 60.0


class Job:
    """Counts its runs, and remembers when they were."""

    def __init__(self, hours: Hours) -> None:
        self.hours = hours
        self.at: list[float] = []

    def __call__(self) -> None:
        self.at.append(self.hours.passed)


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hours]:
    with virtual_hours(monkeypatch) as made:
        yield made


@pytest.fixture
def job(hours: Hours) -> Job:
    made = Job(hours)
    hours.make_schedule(made, EVERY, 30.0)
    return made


def test_it_runs_every_minute_from_its_phase_on(hours: Hours, job: Job) -> None:
    hours.pass_by(600)
    assert job.at == [30.0 + EVERY * count for count in range(10)]


def test_two_nodes_keep_the_distance_of_their_phases(hours: Hours) -> None:
    first, second = Job(hours), Job(hours)
    hours.make_schedule(first, EVERY, 10.0)
    hours.pass_by(300)
    hours.passed = 0.0
    hours.make_schedule(second, EVERY, 40.0)
    hours.pass_by(300)
    assert [later - one for one, later in zip(first.at, second.at, strict=True)] == [30.0] * 5


@pytest.mark.parametrize("years", [-10, -1, 1, 10])
def test_a_clock_set_by_years_neither_stops_it_nor_makes_up_for_the_years(hours: Hours, job: Job, years: int) -> None:
    hours.pass_by(100)
    hours.set(days=365 * years)
    before = len(job.at)
    hours.pass_by(300)
    assert 5 <= len(job.at) - before <= 6


def test_a_laptop_that_slept_runs_once_when_it_wakes(hours: Hours, job: Job) -> None:
    hours.pass_by(40)
    hours.set(hours=9)
    hours.pass_by(20)
    assert len(job.at) == 2


def test_a_clock_that_jumps_all_the_time_makes_no_more_runs_than_looks(hours: Hours, job: Job) -> None:
    for _ in range(20):
        hours.set(days=-1)
        hours.pass_by(10)
    assert len(job.at) <= 21


def test_several_wishes_make_one_run_soon(hours: Hours, job: Job) -> None:
    hours.pass_by(30)
    assert hours.schedule is not None
    for _ in range(5):
        hours.schedule.soon()
    hours.pass_by(40)
    assert job.at == [30.0, 40.0]


def test_a_wish_during_a_run_is_followed_by_another_run(hours: Hours) -> None:
    at: list[float] = []

    def work() -> None:
        at.append(hours.passed)
        if len(at) == 1 and hours.schedule is not None:
            hours.schedule.soon(0)

    hours.make_schedule(work, EVERY, 10.0)
    hours.pass_by(40)
    assert at == [10.0, 20.0]


def test_a_job_that_breaks_runs_again(hours: Hours) -> None:
    at: list[float] = []

    def work() -> None:
        at.append(hours.passed)
        raise ValueError("broken")

    hours.make_schedule(work, EVERY, 0.0)
    hours.pass_by(130)
    assert len(at) == 3
