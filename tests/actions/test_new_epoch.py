"""The centre begins a new epoch: a node goes back to what it really has, sends the rest again, and holds what it holds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake_app.actions.node_status import node_status
from intake_app.actions.verify_node import verify_node
from intake_app.node import DATABASE_FILE, Node
from intake_app.store import lists, upstream
from tests.creators import Province, make_node, province

TOWN, COAST, COAST_UNIT = "0380", "0381", "2021:14809"


@contextmanager
def at_an_earlier_time(made: Province, folder: Path) -> Iterator[None]:
    """What the block does is lost at the centre, which then begins a new epoch."""
    file = folder / "1022" / DATABASE_FILE
    made.centre.database.close()
    shutil.copy(file, folder / "kept.db")
    yield
    made.centre.database.close()
    shutil.copy(folder / "kept.db", file)
    (folder / "1022" / "side").unlink(missing_ok=True)  # that it was rolled back is another test
    shutil.rmtree(folder / "1022" / "log")  # and so is what comes back from the log
    made.centre = make_node(folder / "1022", "central", "1022", made.clock)
    with made.centre.database.transaction() as db:
        db.run("UPDATE self_node SET epoch = ? WHERE id = 1", b"new life")


def count(node: Node) -> int:
    with node.database.read() as db:
        return lists.count_reports(db)


def bound(node: Node) -> upstream.Upstream:
    with node.database.read() as db:
        found = upstream.load_upstream(db)
    assert found is not None
    return found


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path, TOWN, COAST) as made:
        yield made


def everything_fits(made: Province) -> bool:
    return all(verify_node(node).ok for node in (made.centre, *made.offices.values()))


def test_what_the_lost_centre_had_acknowledged_is_sent_again(both: Province, tmp_path: Path) -> None:
    first = both.record(TOWN)
    both.sync()
    with at_an_earlier_time(both, tmp_path):
        second = both.record(TOWN)
        both.amend(TOWN, first, village="Thôn 1")
        both.sync()
    assert count(both.centre) == 1
    both.sync()
    assert both.seen("1022", second) == both.seen(TOWN, second)
    assert both.seen("1022", first)["village"] == "Thôn 1"
    assert (node_status(both.node(TOWN))["waiting"], bound(both.node(TOWN)).renewing) == (0, 0)
    assert everything_fits(both)


def test_the_ack_goes_back_to_what_the_centre_really_has(both: Province, tmp_path: Path) -> None:
    both.record(TOWN)
    both.sync()
    with at_an_earlier_time(both, tmp_path):
        for _ in range(3):
            both.record(TOWN)
        both.sync()
        assert bound(both.node(TOWN)).acked == 4
    done = both.sync(TOWN)
    assert done is not None and (done.sent, done.waiting) == (3, 0)
    assert count(both.centre) == 4


def test_what_nobody_has_any_more_is_swept(both: Province, tmp_path: Path) -> None:
    with at_an_earlier_time(both, tmp_path):
        lost = both.record("1022", unit=COAST_UNIT)
        both.sync()
        assert both.holds(COAST, lost)
    both.sync(COAST)
    assert not both.holds(COAST, lost)
    assert everything_fits(both)


def test_versions_begin_anew_and_are_the_centres(both: Province, tmp_path: Path) -> None:
    first = both.record(TOWN, unit=COAST_UNIT)
    both.sync()
    with at_an_earlier_time(both, tmp_path):
        for village in ("Thôn 1", "Thôn 2", "Thôn 3"):
            both.amend("1022", first, village=village)
        both.sync()
    both.sync()
    assert both.seen(COAST, first) == both.seen("1022", first)
    assert "village" not in both.seen(COAST, first)


def test_a_report_of_another_that_is_not_there_yet_is_still_shown_to_who_worked_on_it(
    both: Province, tmp_path: Path
) -> None:
    with at_an_earlier_time(both, tmp_path):
        found = both.record(TOWN, unit=COAST_UNIT)
        both.sync()
        both.amend(COAST, found, village="Thôn 2")
        both.sync()
    both.sync(COAST)
    assert both.seen(COAST, found)["village"] == "Thôn 2"
    both.sync(TOWN, COAST)
    assert both.seen("1022", found)["village"] == "Thôn 2"
    assert both.seen(COAST, found) == both.seen("1022", found)
    assert everything_fits(both)
