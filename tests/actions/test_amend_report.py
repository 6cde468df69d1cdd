"""Amending: only what changed travels; what moved meanwhile becomes a row for a person, never a silent winner."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.amend_report import amend_report
from intake_app.node import Node
from intake_app.store import journal
from sync.conflict import short_hash
from sync.errors import InvalidFields, Refused
from sync.event import Event
from tests.creators import open_conflicts, province, record, somebody, state_of


def amend(node: Node, report: Any, **changes: Any) -> Any:
    return amend_report(node, somebody(node), report.id, changes)


def last_event(node: Node) -> Event:
    with node.database.read() as db:
        return journal.all_of(db, 1)[-1].event


def problems(node: Node, report: Any, changes: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InvalidFields) as refusal:
        amend(node, report, **changes)
    return {name: problem.code for name, problem in refusal.value.problems.items()}


def test_only_what_changed_travels_with_the_hash_of_what_it_replaces(node: Node) -> None:
    report = record(node, summary="Trước", village="Thôn 1")
    amend(node, report, summary="Sau", village="Thôn 1")
    opened = last_event(node).open
    assert opened == {"set": {"summary": "Sau"}, "was": {"summary": short_hash("Trước")}}


def test_who_reported_changes_in_the_private_part(node: Node) -> None:
    report = record(node, name="Nguyễn Văn Mẫu")
    amend(node, report, name="Nguyễn Văn Mậu", village="Thôn 2")
    event = last_event(node)
    assert (set(event.open["set"]), set(event.private["set"])) == ({"village"}, {"name"})
    assert state_of(node, report)["reporter"]["name"] == "Nguyễn Văn Mậu"


def test_the_history_keeps_both_values(node: Node) -> None:
    report = record(node, summary="Trước")
    amend_report(node, somebody(node), report.id, {"summary": "Sau"}, reason="Nghe nhầm")
    entry = state_of(node, report)["history"][-1]
    assert (entry["set"], entry["was"], entry["reason"]) == ({"summary": "Sau"}, {"summary": "Trước"}, "Nghe nhầm")


def test_a_field_can_be_emptied(node: Node) -> None:
    report = record(node, village="Thôn 1", phone="0912 345 678")
    amend(node, report, village="", phone=None)
    state = state_of(node, report)
    assert "village" not in state
    assert "phone" not in state["reporter"] and "phone_typed" not in state["reporter"]


def test_a_phone_is_amended_as_dialled_and_as_typed(node: Node) -> None:
    report = record(node, phone="0912 345 678")
    amend(node, report, phone="0987.654.321")
    assert state_of(node, report)["reporter"] == {"phone": "+84987654321", "phone_typed": "0987.654.321"}


@pytest.mark.parametrize(
    "changes", [{}, {"summary": "Như cũ"}, {"urgency": "normal"}, {"village": None}, {"anonymous": False}]
)
def test_what_changes_nothing_is_refused_and_not_journalled(node: Node, changes: dict[str, Any]) -> None:
    report = record(node, summary="Như cũ")
    with pytest.raises(Refused, match="nothing_changed"):
        amend(node, report, **changes)
    assert last_event(node).kind == "report.recorded"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"summary": ""}, {"summary": "required"}),
        ({"unit": None, "topic": None}, {"unit": "required", "topic": "required"}),
        ({"unit": "2021:1"}, {"unit": "unknown_unit"}),
        ({"channel": "letter"}, {"channel": "fixed"}),
        ({"received_at": "2021-12-05T09:10:00+07:00", "source_id": "b"}, {"received_at": "fixed", "source_id": "fixed"}),
        ({"status": "closed"}, {"status": "unknown_key"}),
        ({"tracking_code": "038000000018"}, {"tracking_code": "unknown_key"}),
        ({"phone": "x", "village": "y"}, {"phone": "bad_phone"}),
        ({"answers": {"colour": "xanh"}}, {"answers.colour": "unknown_question"}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_field(node: Node, changes: dict[str, Any], told: dict[str, str]) -> None:
    report = record(node)
    assert problems(node, report, changes) == told
    assert last_event(node).kind == "report.recorded"


def test_a_new_topic_takes_its_own_answers(node: Node) -> None:
    report = record(node, answers={"goods": "khẩu trang"})
    amend(node, report, topic="fake_news_comms", answers={"medium": "zalo"})
    state = state_of(node, report)
    assert (state["topic"], state["answers"], state["topic_version"]) == ("fake_news_comms", {"medium": "zalo"}, 1)


def test_a_value_that_moved_since_it_was_seen_becomes_a_conflict(node: Node) -> None:
    report, me = record(node, summary="Đầu"), somebody(node)
    seen = {"summary": "Đầu"}
    amend_report(node, me, report.id, {"summary": "Người thứ nhất"}, seen=seen)
    amend_report(node, me, report.id, {"summary": "Người thứ hai"}, seen=seen)
    row = open_conflicts(node)[0]
    assert (row.field, row.current, row.other, row.replaced) == ("summary", "Người thứ nhất", "Người thứ hai", "Đầu")


def test_different_fields_changed_apart_both_apply(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        report = made.record("0380")
        made.sync()
        made.amend("1022", report, village="Thôn 1")
        made.amend("0380", report, address="Cạnh cầu")
        made.sync()
        for office in ("1022", "0380"):
            state = made.seen(office, report)
            assert (state["village"], state["address"], open_conflicts(made.node(office))) == ("Thôn 1", "Cạnh cầu", [])


def test_the_same_change_made_apart_is_no_conflict(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        report = made.record("0380")
        made.sync()
        made.amend("1022", report, village="Thôn 1")
        made.amend("0380", report, village="Thôn 1")
        made.sync()
        assert made.seen("0380", report)["village"] == made.seen("1022", report)["village"] == "Thôn 1"
        assert open_conflicts(made.centre) == []


def test_a_reason_is_kept_as_text_is_kept(node: Node) -> None:
    report = record(node)
    amend_report(
        node, somebody(node), report.id, {"village": "Thôn 1"}, reason=unicodedata.normalize("NFD", "Lỗi\x00 gõ")
    )
    assert state_of(node, report)["history"][-1]["reason"] == "Lỗi gõ"


@pytest.mark.parametrize("role", ["auditor", "approver", "administrator"])
def test_who_may_not_record_may_not_amend(node: Node, role: str) -> None:
    report = record(node)
    with pytest.raises(Refused, match="not_allowed"):
        amend_report(node, somebody(node, role), report.id, {"village": "Thôn 1"})


def test_a_report_that_is_not_here_cannot_be_amended(node: Node) -> None:
    with pytest.raises(Refused, match="no_such_report"):
        amend_report(node, somebody(node), b"\0" * 16, {"village": "Thôn 1"})
