"""Scheduled backups: made when due, one at a time, with a pause after one that failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intake_app.actions.back_up import back_up
from intake_app.actions.backup_health import backup_health
from intake_app.keeping import AGAIN_SECONDS, LOOK_SECONDS, Keeper
from intake_app.node import Node
from tests import creators
from tests.backing_up import make_alone
from tests.creators import BOTH, SetClock, record

HOUR_MS = 3600 * 1000


class Watch(SetClock):
    """A clock whose seconds are moved by hand too."""

    at = 0.0

    def seconds(self) -> float:
        return self.at


class Process:
    """A backup that is made elsewhere."""

    def __init__(self) -> None:
        self.status: int | None = None

    def poll(self) -> int | None:
        return self.status


class Kept:
    """A keeper and the processes it started."""

    def __init__(self, node: Node, clock: Watch) -> None:
        self.clock, self.begun = clock, []
        self.keeper = Keeper(node, self.begin)  # type: ignore[arg-type]

    def begin(self, _instance: Path) -> Process:
        self.begun.append(Process())
        return self.begun[-1]

    def later(self, seconds: float, hours: float = 0) -> int:
        self.clock.at += seconds
        self.clock.at_ms += round(hours * HOUR_MS)
        self.keeper.look()
        return len(self.begun)


@pytest.fixture(params=BOTH)
def kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Kept]:
    monkeypatch.setattr(creators, "centre_database", request.param)
    clock = Watch()
    node = make_alone(tmp_path / "0380", clock)
    yield Kept(node, clock)
    node.close()


def test_a_new_node_is_backed_up_after_a_day(kept: Kept) -> None:
    assert (kept.later(LOOK_SECONDS, 23), kept.later(LOOK_SECONDS, 2)) == (0, 1)


def test_only_one_backup_is_made_at_a_time(kept: Kept) -> None:
    kept.later(LOOK_SECONDS, 30)
    assert kept.later(LOOK_SECONDS) == 1


def test_after_one_that_failed_there_is_a_pause(kept: Kept) -> None:
    kept.later(LOOK_SECONDS, 30)
    kept.begun[0].status = 2
    assert (kept.later(LOOK_SECONDS), kept.later(LOOK_SECONDS), kept.later(AGAIN_SECONDS)) == (1, 1, 2)


def test_a_fresh_backup_is_enough(kept: Kept) -> None:
    kept.clock.at_ms += 30 * HOUR_MS
    back_up(kept.keeper.node)
    assert (kept.later(LOOK_SECONDS), kept.later(LOOK_SECONDS, 25)) == (0, 1)


def test_zero_hours_means_never(kept: Kept) -> None:
    kept.keeper.node = replace(kept.keeper.node, settings=replace(kept.keeper.node.settings, backup_hours=0))
    assert kept.later(LOOK_SECONDS, 1000) == 0


def test_days_without_a_backup_are_an_alarm_and_a_failed_test_restore_is_another(kept: Kept) -> None:
    node = kept.keeper.node
    kept.clock.at_ms += 100 * HOUR_MS
    with node.database.read() as db:
        assert backup_health(node, db).alarm == "backup_stale"
    record(node)
    with node.database.transaction() as db:
        db.run("UPDATE report SET status = 'closed'")
    back_up(node)
    with node.database.read() as db:
        assert backup_health(node, db).alarm == "drill_failed"
