"""What list rows say of deadlines, how they follow a change of the rules, and what holds where."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.pause_report import extend_report, pause_report, resume_report
from intake_app.actions.publish_deadlines import CALENDAR, RULE, publish, retire, take_over_shipped
from intake_app.actions.rebuild_rows import rebuild_rows
from intake_app.actions.refresh_deadlines import refresh_deadlines
from intake_app.actions.verify_node import verify_node
from intake_app.node import Node
from intake_app.store import deadlines
from intake_app.store.deadlines import COLUMNS, terms_of
from tests.creators import DECEMBER_2021_MS, Province, SetClock, make_node, province, record, somebody

CONTENT: dict[str, Any] = {
    "name": "Ngắn", "unit_of_time": "working_days", "amount": 2, "soon": 1, "source": "Mẫu", "valid_from": "2021-01-01",
}  # fmt: skip


@pytest.fixture
def centre(tmp_path: Path) -> Node:
    return make_node(tmp_path / "centre", "central", "1022")


def row(node: Node, report: Any) -> dict[str, Any]:
    with node.database.read() as db:
        found = db.one(f"SELECT {COLUMNS} FROM report r JOIN entity e ON e.no = r.no WHERE e.id = ?", report.id)
    return dict(zip(COLUMNS.split(", "), found, strict=True))


def names(node: Node) -> list[str]:
    with node.database.read() as db:
        return [rule["name"] for rule in terms_of(db).rules]


def test_a_row_tells_when_it_is_due_and_from_when_it_is_near(centre: Node) -> None:
    found = row(centre, record(centre, received_at="2021-12-05T09:00:00+07:00"))
    assert (found["deadline"], found["soon"]) == ("2021-12-22T17:30:00+07:00", "2021-12-19T17:30:00+07:00")
    assert (found["clock"], found["tell"], found["reminded"]) == ("running", None, 0)  # no agency has it yet


def test_what_stands_still_has_no_deadline_in_the_list(centre: Node) -> None:
    report, who = record(centre), somebody(centre)
    before = row(centre, report)
    pause_report(centre, who, report.id, "Chờ giám định")
    assert row(centre, report) | {"clock": "paused"} == dict.fromkeys(before) | {"clock": "paused", "reminded": 0, "urged": 0}
    resume_report(centre, who, report.id)
    assert row(centre, report)["clock"] == "running"


def test_an_extension_moves_the_row(centre: Node) -> None:
    report = record(centre)
    extend_report(centre, somebody(centre), report.id, "2022-01-20T17:00:00+07:00", "Phức tạp")
    assert row(centre, report)["deadline"] == "2022-01-20T17:00:00+07:00"


def test_the_first_published_rule_takes_the_place_of_all_shipped_ones(centre: Node) -> None:
    assert len(names(centre)) == 3
    rule = publish(centre, somebody(centre), RULE, CONTENT)
    assert names(centre) == ["Ngắn"]
    retire(centre, somebody(centre), RULE, rule, "Sai")
    assert names(centre) == []


def test_shipped_rules_are_taken_over_once_and_then_changed(centre: Node) -> None:
    who = somebody(centre)
    assert [take_over_shipped(centre, who, kind) for kind in (RULE, RULE, CALENDAR, CALENDAR)] == [3, 0, 4, 0]
    assert sorted(names(centre)) == sorted(each["name"] for each in deadlines.shipped(RULE))


def test_rows_follow_a_new_rule_in_chunks(centre: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [record(centre, received_at="2021-12-06T09:00:00+07:00") for _ in range(5)]
    publish(centre, somebody(centre), RULE, CONTENT)
    monkeypatch.setattr(deadlines, "CHUNK", 2)
    assert row(centre, reports[0])["deadline"] == "2021-12-23T17:30:00+07:00"
    assert verify_node(centre).problems == []
    assert refresh_deadlines(centre) is False
    assert {row(centre, each)["deadline"] for each in reports} == {"2021-12-08T17:30:00+07:00"}
    assert verify_node(centre).problems == []


def test_a_refresh_that_was_cut_goes_on_where_it_was(centre: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [record(centre, received_at="2021-12-06T09:00:00+07:00") for _ in range(5)]
    publish(centre, somebody(centre), RULE, CONTENT)
    monkeypatch.setattr(deadlines, "CHUNK", 2)
    with centre.database.transaction() as db:
        assert deadlines.refresh_some(db)
    fresh = [row(centre, each)["deadline"].startswith("2021-12-08") for each in reports]
    assert fresh == [False, False, False, True, True]
    with centre.database.transaction() as db:
        assert db.value("SELECT next_no FROM deadline_stamp") > 0
    assert not refresh_deadlines(centre)
    assert all(row(centre, each)["deadline"].startswith("2021-12-08") for each in reports)


def test_nothing_is_read_again_once_rows_follow(centre: Node) -> None:
    record(centre)
    refresh_deadlines(centre)
    with centre.database.transaction() as db:
        assert deadlines.refresh_some(db) is False


def test_a_published_holiday_moves_what_is_due(centre: Node) -> None:
    report = record(centre, received_at="2021-12-06T09:00:00+07:00")
    sheet = deadlines.shipped(CALENDAR)[1] | {"name": "2021", "holidays": [{"day": "2021-12-23", "name": "Nghỉ"}]}
    publish(centre, somebody(centre), CALENDAR, sheet)
    refresh_deadlines(centre)
    assert row(centre, report)["deadline"] == "2021-12-24T17:30:00+07:00"


def test_rows_made_anew_say_the_same(centre: Node) -> None:
    report = record(centre)
    publish(centre, somebody(centre), RULE, CONTENT)
    refresh_deadlines(centre)
    before = row(centre, report)
    rebuild_rows(centre)
    assert (row(centre, report), verify_node(centre).problems) == (before, [])


def test_a_year_that_no_calendar_has_gives_no_deadline(centre: Node) -> None:
    state = {"received_at": "9999-12-31T08:00:00+07:00", "topic": "price_fraud", "status": "received"}
    with centre.database.read() as db:
        assert deadlines.Clocks(db).columns_of(state) == deadlines.NO_CLOCK


@pytest.fixture
def world(tmp_path: Path) -> Any:
    with province(tmp_path, "0380") as made:
        yield made


def test_an_office_works_with_what_it_has_and_then_with_what_was_published(world: Province) -> None:
    office = world.node("0380")
    report = world.record("0380", received_at="2021-12-06T09:00:00+07:00")
    publish(world.centre, world.actor("1022"), RULE, CONTENT)
    assert row(office, report)["deadline"] == "2021-12-23T17:30:00+07:00"
    world.sync("0380")
    assert names(office) == ["Ngắn"]
    refresh_deadlines(office)
    assert row(office, report) == row(world.centre, report)
    assert row(office, report)["deadline"] == "2021-12-08T17:30:00+07:00"


def test_a_wrong_clock_at_the_counter_is_put_right_on_both_sides(world: Province) -> None:
    office = world.offices["0380"] = replace(world.node("0380"), clock=SetClock(DECEMBER_2021_MS - 40 * 86_400_000))
    report = world.record("0380")
    world.sync("0380")
    assert row(office, report) == row(world.centre, report)
    assert row(office, report)["deadline"] > "2021-12-15"
    assert verify_node(office).problems == verify_node(world.centre).problems == []


def test_verify_finds_a_rule_that_is_not_noted_and_it_is_noted_anew(centre: Node) -> None:
    publish(centre, somebody(centre), RULE, CONTENT)
    with centre.database.transaction() as db:
        db.run("DELETE FROM deadline_source")
    assert [each["what"] for each in verify_node(centre).problems] == ["deadline_row_differs"]
    rebuild_rows(centre)
    assert verify_node(centre).problems == [] and names(centre) == ["Ngắn"]
