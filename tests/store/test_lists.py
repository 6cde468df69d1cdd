"""Lists: each filter narrows as it says, and pages follow each other without a gap or a double."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.add_to_report import inform_citizen
from intake_app.actions.making import make_event
from intake_app.actions.step_report import step_report
from intake_app.clock import from_iso
from intake_app.node import Node
from intake_app.store import lists
from intake_app.store.lists import ListFilter, list_reports
from intake_app.store.own_events import write_events
from tests.creators import province, record, somebody

FIELDS = [
    ("unit", "2021:14761", "2021:14758"),
    ("topic", "fake_news_comms", "price_fraud"),
    ("urgency", "urgent", "normal"),
    ("channel", "letter", "phone"),
]


def listed(node: Node, **wanted: Any) -> list[str]:
    with node.database.read() as db:
        return [row.tracking_code for row in list_reports(db, ListFilter(**wanted)).rows]


def pages(node: Node, limit: int, between: Callable[[], object] = lambda: None) -> list[str]:
    """Walk through all pages, doing something after each."""
    codes: list[str] = []
    after: str | None = None
    while True:
        with node.database.read() as db:
            page = list_reports(db, ListFilter(), after, limit)
        codes += [row.tracking_code for row in page.rows]
        after = page.next
        if after is None:
            return codes
        between()


@pytest.mark.parametrize(("field", "value", "other"), FIELDS)
def test_a_list_is_narrowed_to_one_value(node: Node, field: str, value: str, other: str) -> None:
    wanted = record(node, **{field: value})
    record(node, **{field: other})
    assert listed(node, **{field: value}) == [wanted.tracking_code]
    assert len(listed(node, **{field: None})) == 2


def test_a_list_is_narrowed_to_several_units(node: Node) -> None:
    codes = [record(node, unit=unit).tracking_code for unit in ("2021:14758", "2021:14761", "2021:14764")]
    assert listed(node, units=("2021:14758", "2021:14764")) == [codes[2], codes[0]]


def test_a_list_is_narrowed_to_statuses(node: Node) -> None:
    verified, left = record(node), record(node)
    step_report(node, somebody(node), verified.id, "verify")
    assert listed(node, statuses=("verifying",)) == [verified.tracking_code]
    assert listed(node, statuses=("verifying", "received")) == [left.tracking_code, verified.tracking_code]


def test_mine_are_what_i_recorded(node: Node) -> None:
    me = somebody(node, name="Lê Văn Một")
    mine = record(node, me)
    record(node)
    assert listed(node, mine=me.person) == [mine.tracking_code]


def test_a_list_is_narrowed_to_the_lead_agency(node: Node) -> None:
    routed = record(node)
    record(node)
    step_report(node, somebody(node), routed.id, "route", agency="SYT")
    assert listed(node, agency="SYT") == [routed.tracking_code]


def test_a_day_is_a_list_from_its_first_moment_to_the_next_days(node: Node) -> None:
    times = ("2021-12-03T23:59:59+07:00", "2021-12-04T00:00:00+07:00", "2021-12-05T00:00:00+07:00")
    codes = [record(node, received_at=time).tracking_code for time in times]
    first, last = from_iso(times[1]), from_iso(times[2])
    assert listed(node, received_from_ms=first, received_to_ms=last) == [codes[1]]


def test_waiting_are_those_the_centre_has_not_stored(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        sent = made.record("0380")
        made.sync()
        kept = made.record("0380")
        assert listed(made.node("0380"), waiting=True) == [kept.tracking_code]
        made.amend("0380", sent, village="Thôn 3")
        assert len(listed(made.node("0380"), waiting=True)) == 2


def test_what_was_answered_and_not_told_awaits_a_call(node: Node) -> None:
    told, untold = record(node), record(node)
    for report in (told, untold):
        step_report(node, somebody(node), report.id, "answer", answer="Đã xử lý.")
    inform_citizen(node, somebody(node), told.id, "phone")
    assert listed(node, awaiting_call="0380") == [untold.tracking_code]


def test_conflicts_are_a_list(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        contested, _ = made.record("0380"), made.record("0380")
        made.sync()
        made.amend("1022", contested, summary="Ở trung tâm")
        made.amend("0380", contested, summary="Ở huyện")
        made.sync()
        assert listed(made.node("0380"), conflicts=True) == [contested.tracking_code]
        assert listed(made.centre, conflicts=True) == [contested.tracking_code]


def test_what_the_centre_refused_is_a_list(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        refused, _ = made.record("0380"), made.record("0380")
        node = made.node("0380")
        event = make_event(node, made.actor("0380"), "report.called", refused.id, {"direction": "sideways"})
        with node.database.transaction() as db:
            write_events(node, db, [event])
        made.sync()
        assert listed(node, refused=True) == [refused.tracking_code]
        assert listed(made.centre, refused=True) == []


def test_urgent_ones_are_all_but_the_normal(node: Node) -> None:
    codes = [record(node, urgency=urgency).tracking_code for urgency in ("normal", "urgent", "emergency")]
    assert listed(node, urgent=True) == [codes[2], codes[1]]
    assert listed(node, urgent=False) == [codes[0]]


def test_a_queue_is_read_from_its_oldest_end(node: Node) -> None:
    made = [record(node).tracking_code for _ in range(5)]
    with node.database.read() as db:
        first = list_reports(db, ListFilter(), limit=3, sort="oldest")
        rest = list_reports(db, ListFilter(), first.next, 3, sort="oldest")
    assert [row.tracking_code for row in (*first.rows, *rest.rows)] == made
    assert rest.next is None


def test_reports_of_one_office_are_a_list(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        codes = [made.record(office).tracking_code for office in ("0380", "0381")]
        made.sync()
        assert [listed(made.centre, office=office) for office in ("0380", "0381")] == [[code] for code in codes]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
def test_pages_follow_without_gap_or_double(node: Node, limit: int) -> None:
    times = ["2021-12-04T08:00:00+07:00", "2021-12-03T08:00:00+07:00"]
    made = [record(node, received_at=times[at % 2]).tracking_code for at in range(7)]
    walked = pages(node, limit)
    assert sorted(walked) == sorted(made)
    assert walked == made[::2][::-1] + made[1::2][::-1]


def test_reports_that_come_in_while_paging_shift_nothing(node: Node) -> None:
    made = [record(node).tracking_code for _ in range(6)]
    assert pages(node, 2, between=lambda: record(node)) == made[::-1]


def test_a_key_that_makes_no_sense_begins_again(node: Node) -> None:
    made = record(node)
    with node.database.read() as db:
        found = [list_reports(db, ListFilter(), after).rows for after in ("", "x", "1-2-3x", "9e9-1", "--")]
    assert [[row.tracking_code for row in rows] for rows in found] == [[made.tracking_code]] * 5


def test_counting_stops_where_it_tells_no_more(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNT_MAX", 2)
    for _ in range(4):
        record(node)
    with node.database.read() as db:
        assert list_reports(db, ListFilter(), limit=1).total == 3


def test_a_page_is_never_longer_than_the_limit_allows(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "LIST_MAX", 3)
    for _ in range(5):
        record(node)
    with node.database.read() as db:
        assert [len(list_reports(db, ListFilter(), limit=limit).rows) for limit in (-4, 0, 2, 999)] == [1, 1, 2, 3]


def test_a_row_tells_where_its_report_is(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        made.record("0380")
        made.sync()
        made.record("0380")
        with made.node("0380").database.read() as db:
            assert [row.sync_state for row in list_reports(db, ListFilter()).rows] == ["saved", "at_centre"]
            assert lists.count_by_sync_state(db) == {"saved": 1, "at_centre": 1, "conflict": 0, "refused": 0}


UNITS = ("2021:14758", "2021:14761", "2021:14764")


@pytest.mark.parametrize("sort", ["newest", "oldest", "deadline"])
@pytest.mark.parametrize("wanted", [{}, {"units": UNITS}, {"statuses": ("received", "verifying")}, {"waiting": True}])
def test_many_reports_come_in_the_same_order_as_few(
    node: Node, monkeypatch: pytest.MonkeyPatch, sort: str, wanted: dict[str, Any]
) -> None:
    for number in range(9):
        report = record(node, unit=UNITS[number % 3])
        if number % 2:
            step_report(node, somebody(node), report.id, "verify")
        if number % 4 == 3:
            deadline = f"2021-12-{20 - number}T08:00:00+07:00"
            step_report(node, somebody(node), report.id, "route", agency="SYT", deadline=deadline)
    with node.database.read() as db:
        few = list_reports(db, ListFilter(**wanted), sort=sort).rows
        monkeypatch.setattr(lists, "COUNT_MAX", 1)
        many, after = [], None
        while True:
            page = list_reports(db, ListFilter(**wanted), after, 2, sort)
            many, after = many + page.rows, page.next
            if after is None:
                break
    assert [row.no for row in many] == [row.no for row in few]


def test_a_deadline_given_in_another_zone_is_compared_as_the_same_moment(node: Node) -> None:
    report = record(node)
    step_report(node, somebody(node), report.id, "route", agency="SYT", deadline="2021-12-20T02:00:00+00:00")
    nine = from_iso("2021-12-20T09:00:00+07:00")
    assert listed(node, owed_from_ms=nine, owed_to_ms=nine + 1000) == [report.tracking_code]
    assert listed(node, owed_to_ms=nine) == []


def test_counts_beside_the_views_stop_at_what_is_shown(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "VIEW_COUNT_MAX", 2)
    for _ in range(4):
        record(node)
    views = {"all": ListFilter(), "none": ListFilter(conflicts=True)}
    with node.database.read() as db:
        assert lists.count_views(db, views) == {"all": 3, "none": 0}
