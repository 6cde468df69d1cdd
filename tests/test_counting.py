"""A serving centre keeps its counts ready by itself, not more often than it says; an office has none to keep."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.actions.tally_reports import EVERY_MS
from intake_app.background import Background
from intake_app.counting import Counting
from intake_app.store import tally
from tests import creators
from tests.creators import Province


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Province]:
    with creators.province(tmp_path) as province:
        yield province


def counted(made: Province) -> int:
    with made.centre.database.read() as db:
        return sum(tally.totals_ever(db).values())


def test_counts_follow_when_the_pause_is_over_and_not_before(made: Province) -> None:
    counting = Counting(made.centre)
    counting.look()
    made.record("0380")
    made.sync()
    counting.look()
    assert counted(made) == 0
    made.clock.at_ms += EVERY_MS
    counting.look()
    assert counted(made) == 1


def test_only_the_centre_counts(made: Province) -> None:
    assert Background(made.offices["0380"]).counting is None
    assert Background(made.centre).counting is not None


def test_a_server_that_ends_does_not_count_on(made: Province) -> None:
    made.record("0380")
    made.sync()
    counting = Counting(made.centre)
    counting.stop()
    counting.look()
    assert counted(made) == 0
    Counting(made.centre).look()
    assert counted(made) == 1
