"""Reminders of deadlines: told when their time has come, once, by the centre, to whoever it concerns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.pause_report import pause_report
from intake_app.actions.publish_deadlines import RULE, publish
from intake_app.actions.refresh_deadlines import refresh_deadlines
from intake_app.actions.remind import remind_all, urge_report, urge_several
from intake_app.actions.verify_node import verify_node
from intake_app.node import Node
from intake_app.store.lists import ListFilter, list_reports
from intake_app.store.overdue import due_by_agency
from sync.errors import InvalidFields, Refused
from tests.creators import BOTH, Province, province, record, somebody, state_of

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
RULE_OF_A_DAY: dict[str, Any] = {
    "name": "Ngắn", "unit_of_time": "working_hours", "amount": 8, "soon": 4, "escalate_at": [100, 200], "source": "Mẫu",
    "valid_from": "2021-01-01",
}  # fmt: skip


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    with province(tmp_path, "0380", database=request.param) as made:
        publish(made.centre, made.actor("1022"), RULE, RULE_OF_A_DAY)
        refresh_deadlines(made.centre)
        yield made


def routed(world: Province) -> Any:
    """A report received on Monday at eight and routed to an agency."""
    report = record(world.centre, received_at="2021-12-06T08:00:00+07:00")
    world.step("1022", report, "route", agency="UBND-380")
    return report


def at(world: Province, days: float) -> None:
    """So long after that Monday began."""
    world.clock.at_ms = 1_638_723_600_000 + round(days * DAY_MS)


def levels(node: Node, report: Any) -> list[tuple[int, str]]:
    return [(each["level"], each.get("agency", "")) for each in state_of(node, report).get("reminders", ())]


def test_the_agency_is_told_when_it_is_due_soon_and_its_leaders_at_each_step(world: Province) -> None:
    report = routed(world)
    for days, told in ((0.4, []), (0.7, [1]), (1.5, [1, 100]), (1.6, [1, 100]), (4.5, [1, 100, 200])):
        at(world, days)
        remind_all(world.centre)
        assert levels(world.centre, report) == [(level, "UBND-380") for level in told]
    assert remind_all(world.centre) == 0
    assert verify_node(world.centre).problems == []


def test_what_one_report_was_told_of_says_nothing_of_others_of_its_day(world: Province) -> None:
    publish(world.centre, world.actor("1022"), RULE, RULE_OF_A_DAY | {"unit_of_time": "calendar_days", "amount": 5})
    record(world.centre, received_at="2021-12-06T09:00:00+07:00")
    told = routed(world)
    at(world, 9)
    remind_all(world.centre)
    record(world.centre, received_at="2021-12-06T09:00:00+07:00")
    with world.centre.database.read() as db:
        assert [row.id for row in list_reports(db, ListFilter(told_from=1)).rows] == [told.id]


def test_of_what_no_agency_has_nobody_is_told(world: Province) -> None:
    report = record(world.centre, received_at="2021-12-06T08:00:00+07:00")
    at(world, 9)
    assert (remind_all(world.centre), levels(world.centre, report)) == (0, [])


def test_nobody_is_told_twice_whoever_looks(world: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    report = routed(world)
    at(world, 0.7)
    monkeypatch.setattr("intake_app.store.deadlines.due_now", lambda *_: [report.id, report.id])
    assert [remind_all(world.centre), remind_all(world.centre)] == [1, 0]
    assert levels(world.centre, report) == [(1, "UBND-380")]


def test_a_step_that_was_missed_is_not_made_up_for(world: Province) -> None:
    report = routed(world)
    at(world, 9)
    remind_all(world.centre)
    assert levels(world.centre, report) == [(200, "UBND-380")]


def test_what_stands_still_is_told_of_by_nobody(world: Province) -> None:
    report = routed(world)
    pause_report(world.centre, world.actor("1022"), report.id, "Chờ giám định")
    at(world, 9)
    assert remind_all(world.centre) == 0


def test_an_answered_report_is_told_of_no_more(world: Province) -> None:
    report = routed(world)
    at(world, 0.7)
    remind_all(world.centre)
    world.step("1022", report, "accept")
    world.step("1022", report, "answer", answer="Xong.")
    at(world, 9)
    assert remind_all(world.centre) == 0


def test_the_agencys_office_sees_offline_that_it_was_reminded_and_urged(world: Province) -> None:
    report = routed(world)
    at(world, 1.5)
    remind_all(world.centre)
    urge_report(world.centre, world.actor("1022"), report.id, "Đề nghị trả lời ngay.")
    world.sync("0380")
    seen = world.seen("0380", report)
    assert [each["level"] for each in seen["reminders"]] == [100]
    assert [(each["agency"], each["text"]) for each in seen["urges"]] == [("UBND-380", "Đề nghị trả lời ngay.")]
    with world.centre.database.read() as db:
        owed = due_by_agency(db, world.clock.now_ms())
        assert [tuple(one)[:3] + tuple(one)[4:] for one in owed] == [("UBND-380", 0, 1, 1, 1)]
        near = ListFilter(near_ms=world.clock.now_ms(), agency="UBND-380", told_from=100)
        assert [row.id for row in list_reports(db, near, sort="deadline").rows] == [report.id]
    with world.node("0380").database.read() as db:
        assert tuple(db.one("SELECT reminded, urged FROM report")) == (100, 1)


def test_urging_needs_words_a_dispatcher_and_an_agency(world: Province) -> None:
    report, new = routed(world), record(world.centre)
    with pytest.raises(InvalidFields):
        urge_report(world.centre, world.actor("1022"), report.id, " ")
    with pytest.raises(Refused, match="not_allowed"):
        urge_report(world.centre, somebody(world.centre, "operator"), report.id, "Gấp")
    with pytest.raises(Refused, match="not_routed_yet"):
        urge_report(world.centre, world.actor("1022"), new.id, "Gấp")
    assert urge_several(world.centre, world.actor("1022"), [report.id, new.id], "Gấp") == 1
