"""Scopes: an office holds its own reports, those of its unit and those routed to it; what leaves keeps nothing readable here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from intake_app.actions.amend_report import amend_report
from intake_app.actions.enroll import enroll, make_enrollment_code
from intake_app.actions.making import make_event
from intake_app.actions.reconcile import reconcile
from intake_app.actions.verify_node import verify_node
from intake_app.node import Node
from intake_app.store import queue
from intake_app.store.finding import find_reports
from intake_app.store.own_events import write_events
from sync.ports import Answer
from tests.creators import InProcess, Province, Recorded, open_conflicts, province, somebody

SECRET = "Bí mật của công dân"
CITIZEN = {"summary": SECRET, "name": "Nguyễn Thị Kín", "phone": "0912 345 678"}


def readable(node: Node) -> bool:
    """Whether any live row of this machine still holds the citizen's words, or any search finds them.

    The search index's own blocks are left out: it drops an entry's words only when it next merges.
    """
    words = [SECRET.encode(), "Nguyễn Thị Kín".encode(), b"912345678"]
    with node.database.read() as db:
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'report_search%'"
        names = [row[0] for row in db.all(tables)]
        cells = [cell for name in names for row in db.all(f"SELECT * FROM {name}") for cell in row]
        hits = [find_reports(db, typed) for typed in ("bi mat", "0912345678", "kin")]
    texts = [cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells]
    return any(word in text for word in words for text in texts) or any(hits)


class Late(InProcess):
    """Its first answer comes only when something else has been done meanwhile."""

    def __init__(self, centre: Node, meanwhile: Callable[[], None]) -> None:
        super().__init__(centre)
        self.meanwhile = meanwhile

    def post(self, data: bytes) -> Answer:
        answer = super().post(data)
        if len(self.seen) == 1:
            self.meanwhile()
        return answer


def routed_to_0381(made: Province) -> Recorded:
    """A report of 0380 about its own unit, which the centre has routed to the other district."""
    report = made.record("0380", **CITIZEN)
    made.sync()
    made.step("1022", report, "route", agency="UBND-381")
    made.sync()
    return report


def test_a_report_of_another_office_is_not_delivered(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = made.record("0380", **CITIZEN)
        made.sync()
        assert [made.holds(office, report) for office in ("0380", "1022", "0381")] == [True, True, False]
        assert not readable(made.node("0381"))


def test_a_report_about_an_offices_unit_is_delivered_wherever_it_was_recorded(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = made.record("0380", unit="2021:14809")
        made.sync("0380", "0381")
        assert made.seen("0381", report) == made.seen("1022", report)


def test_a_report_routed_to_an_agency_is_delivered_to_its_office(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = routed_to_0381(made)
        assert made.seen("0381", report) == made.seen("1022", report)
        assert made.seen("0380", report)["status"] == "routed"


def test_a_supporting_agency_gets_the_report_too(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = made.record("0380")
        made.sync()
        made.step("1022", report, "route", agency="SYT", supporting=("UBND-381",))
        made.sync()
        assert made.holds("0381", report)


def test_what_leaves_a_scope_keeps_nothing_readable(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = routed_to_0381(made)
        assert readable(made.node("0381"))
        made.step("1022", report, "return", reason="Nhầm nơi")
        made.step("1022", report, "route", agency="SYT")
        made.sync()
        assert not made.holds("0381", report)
        assert not readable(made.node("0381"))
        assert made.holds("0380", report) and made.holds("1022", report)
        assert verify_node(made.node("0381")).problems == []


def test_a_late_answer_does_not_bring_back_what_has_left(tmp_path: Path) -> None:
    def leave() -> None:
        made.step("1022", report, "return", reason="Nhầm nơi")
        made.step("1022", report, "route", agency="SYT")
        made.sync("0381")

    with province(tmp_path, "0380", "0381") as made:
        report = routed_to_0381(made)
        made.amend("1022", report, village="Thôn 3")
        reconcile(made.node("0381"), Late(made.centre, leave), ignore_backoff=True)
        assert not made.holds("0381", report) and not readable(made.node("0381"))


def test_a_report_that_comes_back_is_whole_again(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = routed_to_0381(made)
        for agency in ("SYT", "UBND-381"):
            made.step("1022", report, "return", reason="Nhầm nơi")
            made.step("1022", report, "route", agency=agency)
            made.sync()
        assert made.seen("0381", report) == made.seen("1022", report)
        assert verify_node(made.node("0381")).problems == []


def test_what_an_office_still_has_to_say_keeps_the_report_until_it_is_heard(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = routed_to_0381(made)
        made.step("1022", report, "return", reason="Nhầm nơi")
        made.step("1022", report, "route", agency="SYT")
        made.amend("0381", report, village="Thôn 3")
        made.sync()
        assert made.seen("1022", report)["village"] == "Thôn 3"
        made.sync()
        assert not made.holds("0381", report)


def test_an_office_that_records_elsewhere_keeps_what_it_recorded(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = made.record("0381", unit="2021:14758")
        made.sync()
        made.step("1022", report, "route", agency="SYT")
        made.sync()
        assert made.holds("0381", report) and made.holds("0380", report)


def test_a_report_moved_to_another_unit_moves_between_offices(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = made.record("1022", unit="2021:14758", **CITIZEN)
        made.sync()
        amend_report(made.centre, made.actor("1022"), report.id, {"unit": "2021:14809"})
        made.sync()
        assert (made.holds("0380", report), made.holds("0381", report)) == (False, True)
        assert not readable(made.node("0380"))


def test_a_scope_granted_later_is_read_from_its_beginning(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = made.record("0380")
        made.sync()
        office = made.node("0381")
        code = make_enrollment_code(made.centre, somebody(made.centre), "0381", ("2021:380",))
        enroll(office, somebody(office), "http://127.0.0.1:1", code, link=InProcess(made.centre))  # type: ignore[arg-type]
        made.sync()
        assert made.seen("0381", report) == made.seen("1022", report)


def test_a_conflict_reaches_both_offices_it_concerns(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = routed_to_0381(made)
        made.amend("0381", report, summary="Ở thị xã")
        made.amend("0380", report, summary="Ở thành phố")
        made.sync("0381", "0380", "0381")
        rows = [open_conflicts(made.node(office))[0] for office in ("0380", "0381", "1022")]
        assert {(row.current, row.other) for row in rows} == {("Ở thị xã", "Ở thành phố")}


def test_an_event_about_a_person_does_not_change_a_report(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        report, office = made.record("0380"), made.node("0380")
        made.sync()
        before = made.seen("1022", report)
        event = make_event(office, made.actor("0380"), "person.ended", report.id, {})
        with office.database.transaction() as db:
            write_events(office, db, [event])
        made.sync()
        with office.database.read() as db:
            assert [refused.code for refused in queue.refused_events(db)] == ["invalid_event"]
        assert made.seen("1022", report) == made.seen("0380", report) == before
