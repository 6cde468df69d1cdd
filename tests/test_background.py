"""What a serving node does by itself: it never ends because of a failure, and talks again when the network is back."""

from __future__ import annotations

import pytest

from intake_app.actions.publish_deadlines import RULE, publish
from intake_app.actions.setup import set_up
from intake_app.actions.step_report import step_report
from intake_app.background import Background
from intake_app.node import open_node
from intake_app.store import upstream
from sync.errors import NoNetwork
from tests.creators import make_node, record, somebody, state_of

URL = "http://127.0.0.1:1"


HOUR = {"name": "x", "unit_of_time": "hours", "amount": 1, "source": "x", "valid_from": "2021-01-01"}


class NoSchedule:
    """A schedule that never runs by itself."""

    def __init__(self, job, every_seconds, phase_seconds, now):
        self.soons = []

    def soon(self, delay_seconds=1.0):
        self.soons.append(delay_seconds)

    def stop(self):
        self.stopped = True


class DeadLink:
    """A link at whose end nobody answers."""

    def __init__(self, url):
        self.url = url
        self.tries = 0

    def post(self, data):
        self.tries += 1
        raise NoNetwork("no_network")

    def close(self):
        self.closed = True


class World:
    """An enrolled node whose network is a switch."""

    def __init__(self, node):
        self.reachable = False
        self.job = Background(node, NoSchedule, DeadLink, lambda url: self.reachable)

    def tries_after_run(self) -> int:
        self.job.run()
        return self.job.link.tries if self.job.link else 0


@pytest.fixture
def node(tmp_path):
    made = open_node(set_up(tmp_path / "n", "office", "0380", "quantri", "Vũ Văn Quản", "một mật khẩu dài"))
    yield made
    made.close()


@pytest.fixture
def world(node):
    with node.database.transaction() as db:
        upstream.bind(db, URL, bytes(16), bytes(32))
    return World(node)


def test_node_that_is_not_enrolled_talks_to_nobody(node):
    assert World(node).tries_after_run() == 0


def test_failure_does_not_end_the_job_and_is_followed_by_a_pause(world):
    assert [world.tries_after_run(), world.tries_after_run(), world.tries_after_run()] == [1, 1, 1]


def test_network_that_is_back_ends_the_pause_once(world):
    world.tries_after_run()
    world.reachable = True
    assert [world.tries_after_run(), world.tries_after_run()] == [2, 2]


def test_centre_that_answers_and_still_fails_is_left_in_peace(world):
    world.reachable = True
    assert [world.tries_after_run(), world.tries_after_run()] == [1, 1]


def test_person_who_asks_does_not_wait_for_the_pause(world):
    world.tries_after_run()
    world.job.now()
    assert world.job.schedule.soons[-1] == 0 and world.tries_after_run() == 2


def test_mistake_in_the_job_is_logged_and_not_raised(world, caplog):
    world.job.make_link = lambda url: 1 / 0
    world.job.run()
    assert "ZeroDivisionError" in caplog.text


def test_end_stops_the_schedule_and_closes_the_link(world):
    world.tries_after_run()
    world.job.stop()
    assert world.job.schedule.stopped and world.job.link.closed


def test_the_job_brings_rows_up_to_the_rules_and_the_centres_reminds(tmp_path):
    centre = make_node(tmp_path / "centre", "central", "1022")
    report = record(centre, received_at="2021-11-01T08:00:00+07:00")
    step_report(centre, somebody(centre), report.id, "route", agency="UBND-380")
    publish(centre, somebody(centre), RULE, HOUR)
    Background(centre, NoSchedule).run()
    with centre.database.read() as db:
        assert tuple(db.one("SELECT deadline, reminded FROM report")) == ("2021-11-01T09:00:00+07:00", 100)
    Background(centre, NoSchedule).run()
    assert len(state_of(centre, report)["reminders"]) == 1
