"""The horizon: the centre forgets in time what has left a scope; a node that was away for longer reads the scope anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from intake_app.actions.purge_feed import purge_feed
from intake_app.actions.verify_node import verify_node
from intake_app.store import feed, upstream
from tests.actions.test_digests import agree, kept
from tests.creators import Province, Recorded, open_conflicts, province

DAY_MS = 24 * 3600 * 1000
NAMES = ["unit:2021:381"]


def moved_away(made: Province) -> Recorded:
    """A report about the other district's unit, which both hold; then it is filed here, and years go by without that office."""
    report = made.record("0380", unit="2021:14809")
    made.sync()
    made.amend("0380", report, unit="2021:14758")
    made.sync("0380")
    centre = replace(made.centre, settings=replace(made.centre.settings, horizon_days=30))
    purge_feed(centre)
    made.clock.at_ms += 31 * DAY_MS
    assert purge_feed(centre) == 1
    return report


def test_who_was_away_for_longer_than_the_horizon_reads_the_scope_anew(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        stays = made.record("0381")
        report = moved_away(made)
        assert made.holds("0381", report)
        made.sync("0381")
        assert not made.holds("0381", report) and made.holds("0381", stays) and made.holds("0380", report)
        assert agree(made) and verify_node(made.node("0381")).ok and verify_node(made.centre).ok


def test_own_work_on_a_report_that_has_left_is_sent_before_it_is_forgotten(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = moved_away(made)
        made.amend("0381", report, summary="Viết khi vắng mặt")
        made.sync("0381")
        assert made.seen("1022", report)["summary"] == "Viết khi vắng mặt"
        made.sync("0380")
        assert not made.holds("0381", report) and agree(made)


def test_a_scope_is_not_read_anew_twice_for_one_purge(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        moved_away(made)
        made.sync("0381")
        with made.node("0381").database.read() as db:
            before = {cursor.scope: cursor.position for cursor in upstream.cursors(db)}
        with made.centre.database.read() as db:
            assert all(before[name] >= scope.purged > 0 for name, scope in feed.kept_of(db, NAMES).items())
        done = made.sync("0381")
        assert done is not None and (done.received, done.requests) == (0, 1)


def test_a_node_that_comes_new_reads_past_what_was_purged_once(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        moved_away(made)
        damaged = kept(made.node("0381"))
        with made.node("0381").database.transaction() as db:
            db.run("UPDATE scope_cursor SET position = 0, anew = 1")
        made.sync("0381")
        done = made.sync("0381")
        assert done is not None and done.requests == 1 and kept(made.node("0381")) != damaged and agree(made)


def test_a_verdict_is_kept_until_its_node_has_read_it(tmp_path: Path) -> None:
    with province(tmp_path, "0380") as made:
        report = made.record("0380")
        made.sync()
        made.amend("1022", report, summary="Của trung tâm")
        made.amend("0380", report, summary="Của huyện")
        made.sync()
        assert len(open_conflicts(made.node("0380"))) == 1
        centre = replace(made.centre, settings=replace(made.centre.settings, horizon_days=1))
        purge_feed(centre)
        made.clock.at_ms += 3 * DAY_MS
        assert purge_feed(centre) == 0
        made.sync()
        assert purge_feed(centre) == 1
