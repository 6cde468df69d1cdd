"""Deciding: a person says which value stands; everything that was ever said stays in the history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.decide_conflict import decide_conflict
from intake_app.actions.making import make_event
from intake_app.store.own_events import write_events
from sync.conflict import short_hash
from sync.errors import InvalidFields, Refused
from tests.creators import Province, Recorded, open_conflicts, province, somebody


class Contested:
    """A report whose summary and phone were changed apart, at both ends, and exchanged since."""

    def __init__(self, made: Province) -> None:
        self.made = made
        self.report: Recorded = made.record("0380", summary="Đầu", phone="0912 345 678")
        made.sync()
        made.amend("1022", self.report, summary="Ở trung tâm", phone="0900 000 001")
        made.amend("0380", self.report, summary="Ở huyện", phone="0900 000 002")
        made.sync()

    def ids(self, field: str, office: str = "0380") -> list[str]:
        return [row.id for row in open_conflicts(self.made.node(office)) if row.field == field]

    def decide(self, office: str, field: str, keep: str, value: Any = None, **more: Any) -> Any:
        node = self.made.node(office)
        return decide_conflict(node, self.made.actor(office), self.ids(field, office), keep, value, **more)

    def value(self, office: str, field: str) -> Any:
        state = self.made.seen(office, self.report)
        return state[field] if field in state else state["reporter"][field]


@pytest.fixture
def contested(tmp_path: Path) -> Iterator[Contested]:
    with province(tmp_path) as made:
        yield Contested(made)


@pytest.mark.parametrize("office", ["0380", "1022"])
def test_both_offices_see_both_values(contested: Contested, office: str) -> None:
    rows = {row.field: (row.current, row.other, row.replaced) for row in open_conflicts(contested.made.node(office))}
    assert rows["summary"] == ("Ở trung tâm", "Ở huyện", "Đầu")
    assert rows["phone"][:2] == ("+84900000001", "+84900000002")


@pytest.mark.parametrize(
    ("keep", "value", "stands"),
    [("current", None, "Ở trung tâm"), ("other", None, "Ở huyện"), ("value", "Cả hai", "Cả hai")],
)
@pytest.mark.parametrize("office", ["0380", "1022"])
def test_what_a_person_decides_stands_everywhere(
    contested: Contested, office: str, keep: str, value: str | None, stands: str
) -> None:
    contested.decide(office, "summary", keep, value)
    contested.made.sync()
    assert contested.value("1022", "summary") == contested.value("0380", "summary") == stands
    assert contested.ids("summary", "1022") == contested.ids("summary", "0380") == []
    assert contested.ids("phone", "1022") != []


def test_the_value_not_kept_stays_in_the_history(contested: Contested) -> None:
    contested.decide("0380", "summary", "current")
    contested.made.sync()
    entry = contested.made.seen("1022", contested.report)["history"][-1]
    assert (entry["kind"], entry["others"]) == ("conflict.decided", ["Ở huyện"])


def test_who_reported_is_decided_in_the_private_part(contested: Contested) -> None:
    contested.decide("0380", "phone", "other")
    with contested.made.node("0380").database.read() as db:
        opened, private = db.one("SELECT open, private FROM journal ORDER BY no DESC LIMIT 1")
    assert b"84900000002" in private and b"84900000002" not in opened
    assert contested.value("0380", "phone") == "+84900000002"


def test_two_who_decide_apart_alike_agree(contested: Contested) -> None:
    for office in ("1022", "0380"):
        contested.decide(office, "summary", "other")
    contested.made.sync()
    assert contested.value("1022", "summary") == contested.value("0380", "summary") == "Ở huyện"
    assert contested.ids("summary", "1022") == []


def test_two_who_decide_apart_differently_have_a_new_conflict(contested: Contested) -> None:
    contested.decide("1022", "summary", "value", "Một")
    contested.decide("0380", "summary", "value", "Hai")
    contested.made.sync()
    row = next(row for row in open_conflicts(contested.made.centre) if row.field == "summary")
    assert (row.current, row.other) == ("Một", "Hai")


def test_a_decision_on_a_value_that_has_moved_is_stale(contested: Contested) -> None:
    with pytest.raises(Refused, match="stale"):
        contested.decide("0380", "summary", "other", has_seen=True, seen_current="Đầu")
    contested.decide("0380", "summary", "other", has_seen=True, seen_current="Ở trung tâm")


@pytest.mark.parametrize(
    ("value", "code"), [("x" * 121, "too_long"), (5, "not_text"), ("", "required"), (None, "required")]
)
def test_a_value_of_ones_own_must_fit_the_field(contested: Contested, value: Any, code: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        contested.decide("0380", "summary", "value", value)
    assert refused.value.problems["summary"].code == code
    assert contested.value("0380", "summary") == "Ở trung tâm"


def test_a_way_to_keep_that_nobody_knows_decides_nothing(contested: Contested) -> None:
    with pytest.raises(InvalidFields):
        contested.decide("0380", "phone", "newest")
    assert contested.value("0380", "phone") == "+84900000001"


def test_a_conflict_that_is_decided_is_not_there_any_more(contested: Contested) -> None:
    ids = contested.ids("summary")
    contested.decide("0380", "summary", "other")
    with pytest.raises(Refused, match="no_such_conflict"):
        decide_conflict(contested.made.node("0380"), contested.made.actor("0380"), ids, "current")


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_who_may_not_amend_decides_nothing(contested: Contested, role: str) -> None:
    node = contested.made.node("0380")
    with pytest.raises(Refused, match="not_allowed"):
        decide_conflict(node, somebody(node, role), contested.ids("summary"), "other")


@pytest.mark.parametrize(
    ("field", "value"),
    [("summary", None), ("summary", ""), ("office", None), ("tracking_code", "1"), ("received_at", None)],
)
def test_a_decision_from_elsewhere_cannot_take_a_report_apart(contested: Contested, field: str, value: Any) -> None:
    made, office = contested.made, contested.made.node("0380")
    before = made.seen("1022", contested.report)
    body = {"conflicts": contested.ids("summary"), "field": field, "value": value, "was": short_hash("Ở trung tâm")}
    event = make_event(office, made.actor("0380"), "conflict.decided", contested.report.id, body)
    with office.database.transaction() as db:
        write_events(office, db, [event])
    done = made.sync()
    assert done is not None and done.refused == 1
    assert made.seen("1022", contested.report) == before


def test_a_later_edit_moves_its_side_of_the_row_at_both_ends(contested: Contested) -> None:
    """The office goes on editing what it cannot know to be contested: one row, its newest words, at both."""
    made = contested.made
    made.amend("0380", contested.report, village="Thôn 1")
    made.sync()
    made.amend("1022", contested.report, village="Thôn 2")
    made.amend("0380", contested.report, village="Thôn 3")
    made.amend("0380", contested.report, village="Thôn 4")
    made.sync()
    for office in ("1022", "0380"):
        rows = [row for row in open_conflicts(made.node(office)) if row.field == "village"]
        assert [(row.current, row.other) for row in rows] == [("Thôn 2", "Thôn 4")]


def test_decisions_that_cross_keep_both_values_and_bring_nothing_back(contested: Contested) -> None:
    closed = contested.ids("summary")
    contested.decide("1022", "summary", "value", "Một")
    contested.decide("0380", "summary", "other")
    contested.made.sync()
    for office in ("1022", "0380"):
        rows = [row for row in open_conflicts(contested.made.node(office)) if row.field == "summary"]
        assert [(row.current, row.other) for row in rows] == [("Một", "Ở huyện")]
        assert not {row.id for row in rows} & set(closed)
    contested.decide("0380", "summary", "current")
    contested.made.sync()
    assert contested.ids("summary", "1022") == contested.ids("summary", "0380") == []
    assert "Ở huyện" in str(contested.made.seen("1022", contested.report)["history"])


def test_a_decision_that_comes_after_another_alike_closes_nothing_twice(contested: Contested) -> None:
    contested.decide("1022", "summary", "other")
    contested.decide("0380", "summary", "other")
    contested.made.sync()
    decided = [
        one for one in contested.made.seen("1022", contested.report)["history"] if one["kind"] == "conflict.decided"
    ]
    assert len(decided) == 1


@pytest.mark.parametrize("first", ["1022", "0380"])
def test_a_withdrawal_and_a_step_unseen_by_it_are_for_a_person(contested: Contested, first: str) -> None:
    made, report = contested.made, contested.report
    steps = {"0380": ("withdraw", {"reason": "Đã tự giải quyết"}), "1022": ("route", {"agency": "UBND-380"})}
    for office in (first, *(steps.keys() - {first})):
        name, details = steps[office]
        made.step(office, report, name, **details)
    made.sync()
    rows = [row for row in open_conflicts(made.centre) if row.field == "status"]
    # The centre's own step is judged at once; a withdrawal is a step from any open status, so it applies over it.
    assert made.seen("1022", report)["status"] == "withdrawn" and not rows


def test_nothing_brings_a_withdrawn_report_back_but_a_decision(contested: Contested) -> None:
    made, report = contested.made, contested.report
    made.step("1022", report, "withdraw", reason="Người dân rút")
    made.step("0380", report, "route", agency="UBND-380")
    made.amend("0380", report, village="Thôn 9")
    made.sync()
    assert made.seen("1022", report)["status"] == "withdrawn"
    assert made.seen("1022", report)["village"] == "Thôn 9"
    assert contested.ids("status", "0380") == contested.ids("status", "1022") != []
    contested.decide("0380", "status", "other")
    made.sync()
    assert made.seen("0380", report)["status"] == "routed"
    assert made.seen("1022", report)["lead_agency"] == "UBND-380"


def test_a_conflict_leaves_the_list_of_both_once_it_is_decided(contested: Contested) -> None:
    for office in ("0380", "1022"):
        assert contested.ids("phone", office)
    contested.decide("1022", "phone", "other")
    assert contested.ids("phone", "1022") == []
    contested.made.sync()
    assert contested.ids("phone", "0380") == []
