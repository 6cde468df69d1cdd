"""Hours of a serving office on virtual clocks: it never gives up, never pesters, and talks soon when it can."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intake_app.background import Background
from intake_app.node import Node
from intake_app.store import upstream
from sync.backoff import FAILED_TRIES_MAX
from sync.errors import IntakeError, NoNetwork
from sync.ports import Answer
from tests.creators import InProcess, Province, province
from tests.virtual_hours import Hours, virtual_hours

HOUR = 3600.0


class Line:
    """A link that a test breaks; it counts who asked when."""

    def __init__(self, hours: Hours, centre: Node) -> None:
        self.url = "http://127.0.0.1:1"
        self.hours = hours
        self.inner = InProcess(centre)
        self.broken: Callable[[], IntakeError] | None = None
        self.at: list[float] = []

    def post(self, data: bytes) -> Answer:
        self.at.append(self.hours.passed)
        if self.broken:
            raise self.broken()
        return self.inner.post(data)

    def close(self) -> None:
        """Nothing to let go of."""


class Office:
    """A serving office in virtual hours; `reachable` is whether its centre's address takes a connection."""

    def __init__(self, made: Province, hours: Hours) -> None:
        self.made, self.hours = made, hours
        self.node = replace(made.node("0380"), clock=hours)
        self.line = Line(hours, made.centre)
        self.reachable = True
        self.job = Background(self.node, hours.make_schedule, lambda url: self.line, lambda url: self.reachable)
        self.job.keeper.next_look = float("inf")  # a backup is a process of its own and no matter of these hours

    def tries_of(self, seconds: float) -> int:
        before = len(self.line.at)
        self.hours.pass_by(seconds)
        return len(self.line.at) - before

    def waiting(self) -> int:
        with self.node.database.read() as db:
            bound = upstream.load_upstream(db)
            return int(db.value("SELECT seq FROM self_node")) - (bound.acked if bound else 0)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with virtual_hours(monkeypatch) as hours, province(tmp_path) as made:
        yield Office(made, hours)


def no_network() -> IntakeError:
    return NoNetwork("no_network", unreached=True)


def portal() -> IntakeError:
    return NoNetwork("not_central", status=200, unreached=True)


@pytest.mark.parametrize("broken", [no_network, portal])
def test_working_day_without_the_centre_is_a_bounded_number_of_tries_and_never_the_last(
    office: Office, broken: Callable[[], IntakeError]
) -> None:
    office.line.broken = broken
    office.made.record("0380")
    tries = [office.tries_of(HOUR) for _ in range(8)]
    assert max(tries) <= FAILED_TRIES_MAX and min(sum(tries[at : at + 2]) for at in range(7)) >= 1
    office.line.broken = None
    office.hours.pass_by(HOUR)
    assert office.waiting() == 0


def test_portal_that_flaps_is_asked_thirty_times_an_hour_at_most(office: Office) -> None:
    office.line.broken = portal
    for _ in range(3):
        tries = 0
        for _ in range(60):
            office.reachable = not office.reachable
            tries += office.tries_of(60)
        assert tries <= FAILED_TRIES_MAX


def test_network_that_is_back_is_used_within_a_minute(office: Office) -> None:
    office.line.broken, office.reachable = no_network, False
    office.made.record("0380")
    office.hours.pass_by(2 * HOUR)
    office.line.broken, office.reachable = None, True
    office.hours.pass_by(70)
    assert office.waiting() == 0


@pytest.mark.parametrize("years", [-10, -1, 1, 10])
def test_clock_set_by_years_during_a_pause_does_not_stop_the_talk(office: Office, years: int) -> None:
    office.line.broken = no_network
    office.made.record("0380")
    office.hours.pass_by(2 * HOUR)
    office.hours.set(days=365 * years)
    office.line.broken = None
    office.hours.pass_by(HOUR / 2 + 120)
    assert office.waiting() == 0


def test_centre_that_asks_for_ten_minutes_is_left_in_peace_that_long(office: Office) -> None:
    office.line.broken = lambda: NoNetwork("central_busy", status=503, retry_after_seconds=600.0)
    office.made.record("0380")
    office.hours.pass_by(120)
    assert len(office.line.at) == 1
    office.hours.pass_by(4 * HOUR)
    pauses = [later - one for one, later in zip(office.line.at, office.line.at[1:], strict=False)]
    assert all(600 <= pause <= 1300 for pause in pauses) and len(pauses) >= 10


def test_centre_that_asks_for_a_year_is_asked_again_within_half_an_hour(office: Office) -> None:
    office.line.broken = lambda: NoNetwork("central_busy", status=503, retry_after_seconds=3e7)
    office.hours.pass_by(HOUR)
    assert len(office.line.at) >= 2


def test_run_that_hangs_is_given_up_and_what_comes_late_has_no_effect(office: Office) -> None:
    goes_on = threading.Event()
    inner = office.line.post

    def hang(data: bytes) -> Answer:
        goes_on.wait(30)
        return inner(data)

    office.line.post = hang  # type: ignore[method-assign]
    office.job.hung_seconds = 0.05
    office.made.record("0380")
    office.job.run()
    hung, office.line.post = office.job.attempt, inner  # type: ignore[method-assign]
    office.job.hung_seconds = 30
    goes_on.set()
    assert hung is not None and hung.over.wait(30) and office.waiting() == 1
    office.job.now()
    office.job.run()
    assert office.waiting() == 0 and office.made.node("0380").alarms == []
