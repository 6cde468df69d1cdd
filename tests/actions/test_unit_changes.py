"""Units that were merged, split or abolished: who took over sees what was filed, and nobody's unsent work is stranded."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake_app.actions.enroll import enroll, make_enrollment_code
from intake_app.actions.verify_node import verify_node
from intake_app.store import queue, reports, stubs
from sync.errors import Refused
from tests.actions.test_digests import agree
from tests.creators import InProcess, Province, Recorded, province

OLD, NEW, OTHER_NEW = (
    "2021:14809",
    "2025:14818",
    "2025:14758",
)  # a commune of Bỉm Sơn, the one that took it over, another


def let_in(made: Province, office: str, *units: str) -> None:
    """Enrol an office's node again, for these units too."""
    code = make_enrollment_code(made.centre, made.actor("1022"), office, units)
    enroll(made.node(office), made.actor(office), "http://127.0.0.1:1", code, link=InProcess(made.centre))  # type: ignore[arg-type]


def test_the_office_of_the_new_unit_sees_what_was_filed_under_the_old_one(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        before = made.record("0381", unit=OLD)
        made.sync()
        let_in(made, "0380", NEW)
        after = made.record("0381", unit=OLD)
        made.sync("0381", "0380")
        assert made.holds("0380", before) and made.holds("0380", after)
        assert made.seen("0380", before)["unit"] == OLD
        assert agree(made) and verify_node(made.centre).ok


def test_the_office_of_the_old_unit_sees_what_is_filed_under_the_new_one(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report, other = made.record("0380", unit=NEW), made.record("0380", unit=OTHER_NEW)
        made.sync("0380", "0381")
        assert made.holds("0381", report) and not made.holds("0381", other)


def test_what_an_abolished_office_wrote_offline_arrives_and_is_seen_by_its_successor(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        known = made.record("0381", unit=OLD)
        made.sync()
        let_in(made, "0380", NEW)
        unsent = made.record("0381", unit=OLD)
        made.amend("0381", known, summary="Sửa khi không có mạng")
        let_in(made, "0381")
        made.sync("0381", "0380")
        assert made.seen("0380", unsent)["unit"] == OLD
        assert made.seen("0380", known)["summary"] == "Sửa khi không có mạng"
        with made.node("0381").database.read() as db:
            assert queue.queue_status(db).refused == 0


def test_units_taken_away_with_edits_pending_lose_nothing_and_deny_nothing(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = made.record("0381", unit=OLD)
        let_in(made, "0380", NEW)
        made.sync("0381", "0380")
        made.amend("0380", report, details="Ghi khi còn phụ trách")
        let_in(made, "0380")
        made.sync("0380")
        assert made.seen("1022", report)["details"] == "Ghi khi còn phụ trách"
        assert not made.holds("0380", report)
        let_in(made, "0380", NEW)
        made.sync("0380", "0381")
        assert made.seen("0380", report) == made.seen("1022", report) and agree(made)


def test_who_takes_part_in_a_conflict_keeps_its_card_until_it_is_decided(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = made.record("0381", unit="2021:14758")
        made.sync("0381", "0380")
        made.amend("0380", report, summary="Theo thành phố")
        made.amend("0381", report, summary="Theo thị xã")
        made.amend("0381", report, unit=OLD)
        made.sync("0381", "0380", "0381")
        assert made.holds("0380", report) and made.seen("0380", report)["conflicts"]
        made.decide("0381", "current")
        made.sync("0381", "0380")
        assert not made.holds("0380", report) and agree(made)


def routed_away(made: Province) -> Recorded:
    """A report about the other district's unit, which the centre files elsewhere and routes to a department."""
    report = made.record("0380", unit=OLD)
    made.sync()
    made.amend("1022", report, unit="2021:14758")
    made.step("1022", report, "route", agency="SYT")
    made.sync()
    return report


def test_of_a_report_that_left_its_code_stays_and_where_it_is(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = routed_away(made)
        with made.node("0381").database.read() as db:
            stub = stubs.of_code(db, report.tracking_code)
            with pytest.raises(Refused, match="report_has_left"):
                reports.the_report(db, report.tracking_code)
        assert stub == (report.id, report.tracking_code, "2021:14758", "SYT")


def test_a_report_that_comes_back_is_no_stub_any_more(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = routed_away(made)
        made.amend("1022", report, unit=OLD)
        made.sync()
        assert made.seen("0381", report) == made.seen("1022", report)
        with made.node("0381").database.read() as db:
            assert db.value("SELECT count(*) FROM moved_report") == 0


def test_what_is_left_when_units_are_taken_away_says_where_it_was(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = made.record("0381", unit=OLD)
        let_in(made, "0380", NEW)
        made.sync("0381", "0380")
        let_in(made, "0380")
        made.sync("0380")
        with made.node("0380").database.read() as db:
            assert stubs.of_report(db, report.id) == (report.id, report.tracking_code, OLD, None)


def test_a_node_that_comes_new_hears_nothing_of_what_has_left(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        routed_away(made)
        with made.node("0381").database.transaction() as db:
            db.run("DELETE FROM moved_report")
            db.run("UPDATE scope_cursor SET position = 0, anew = 1")
        made.sync("0381")
        with made.node("0381").database.read() as db:
            assert db.value("SELECT count(*) FROM moved_report") == 0
