"""Steps: who may take them, from where, with what; a step taken on old knowledge becomes a row for a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.decide_conflict import decide_conflict
from intake_app.actions.step_report import step_report
from intake_app.node import Node
from sync.errors import InvalidFields, Refused
from sync.workflow import STEPS
from tests.creators import Recorded, make_node, open_conflicts, province, record, somebody, state_of

DETAILS: dict[str, dict[str, Any]] = {
    "ask": {"text": "Xin số nhà"},
    "supply": {"text": "Số 12"},
    "route": {"agency": "UBND-380"},
    "return": {"reason": "Không thuộc thẩm quyền"},
    "submit": {"answer": "Đã kiểm tra."},
    "send_back": {"reason": "Chưa đủ căn cứ"},
    "answer": {"answer": "Đã xử lý."},
    "share": {"answer": "Đã xử lý.", "same_as": "ab" * 16},
    "reject": {"reason": "Trùng"},
    "guide": {"procedure": "Cấp lại thẻ BHYT"},
    "withdraw": {"reason": "Người dân gọi lại"},
    "close": {"how": "Đã gọi"},
    "reopen": {"reason": "Chưa dứt điểm"},
}
WAYS = [
    ("verify ask supply", "verifying"),
    ("route accept submit send_back submit approve close", "closed"),
    ("route return route accept return", "returned"),
    ("route accept ask supply", "in_progress"),
    ("verify answer reopen route", "routed"),
    ("verify reject close reopen", "reopened"),
    ("guide close", "closed"),
    ("withdraw close", "closed"),
]


def take(node: Node, report: Recorded, *steps: str, **details: Any) -> None:
    for step in steps:
        step_report(node, somebody(node), report.id, step, **DETAILS.get(step, {}) | details)


def refusal(node: Node, report: Recorded, step: str, actor: Any = None, **details: Any) -> Refused:
    before = state_of(node, report)
    with pytest.raises(Refused) as refused:
        step_report(node, actor or somebody(node), report.id, step, **DETAILS.get(step, {}) | details)
    assert state_of(node, report) == before
    return refused.value


@pytest.mark.parametrize("role", ["office", "central"])
@pytest.mark.parametrize(("steps", "status"), WAYS)
def test_a_way_through_the_table_is_walked(tmp_path: Path, role: str, steps: str, status: str) -> None:
    node = make_node(tmp_path, role, "1022" if role == "central" else "0380")
    report = record(node)
    agency = {"agency": "STTTT"} if role == "central" else {}
    for step in steps.split():
        take(node, report, step, **(agency if step == "route" else {}))
    state = state_of(node, report)
    node.close()
    assert (state["status"], len(state["history"])) == (status, len(steps.split()))


@pytest.mark.parametrize("step", [name for name in STEPS if "received" not in STEPS[name].sources])
def test_a_step_that_does_not_lead_on_from_here_is_refused(node: Node, step: str) -> None:
    told = refusal(node, record(node), step)
    assert (told.code, told.params["status"]) == ("step_not_possible", "received")


@pytest.mark.parametrize("name", STEPS)
def test_only_the_roles_of_the_table_take_a_step(node: Node, name: str) -> None:
    others = {"intake_officer", "case_handler", "approver", "dispatcher", "administrator", "auditor"} - STEPS[
        name
    ].roles
    for role in sorted(others):
        assert refusal(node, record(node), name, somebody(node, role)).code == "not_allowed"


@pytest.mark.parametrize("name", [name for name, step in STEPS.items() if step.requires])
def test_a_step_asks_for_what_it_requires(node: Node, name: str) -> None:
    report = record(node)
    with pytest.raises(InvalidFields) as refused:
        step_report(node, somebody(node), report.id, name, **dict.fromkeys(DETAILS[name], "  "))
    assert {key: problem.code for key, problem in refused.value.problems.items()} == dict.fromkeys(
        STEPS[name].requires, "required"
    )


@pytest.mark.parametrize(
    ("details", "field", "code"),
    [
        ({"agency": "GOSSIP"}, "agency", "unknown_agency"),
        ({"supporting": ("SYT", "GOSSIP")}, "agency", "unknown_agency"),
        ({"deadline": "mai"}, "deadline", "not_a_time"),
        ({"colour": "xanh"}, "colour", "unknown_key"),
    ],
)
def test_what_does_not_fit_a_step_is_refused_by_field(node: Node, details: Any, field: str, code: str) -> None:
    report = record(node)
    with pytest.raises(InvalidFields) as refused:
        step_report(node, somebody(node), report.id, "route", **DETAILS["route"] | details)
    assert refused.value.problems[field].code == code


def test_routing_sets_agencies_covering_text_and_deadline(node: Node) -> None:
    report = record(node)
    take(node, report, "route", supporting=("SYT",), text="Kính chuyển", deadline="2021-12-20")
    state = state_of(node, report)
    assert (state["lead_agency"], state["supporting"]) == ("UBND-380", ["SYT"])
    assert (state["covering_text"], state["deadline"]) == ("Kính chuyển", "2021-12-20T00:00:00+07:00")


def test_an_office_routes_to_nobody_but_itself(node: Node) -> None:
    officer = somebody(node, "intake_officer")
    assert refusal(node, record(node), "route", officer, agency="SYT").code == "not_allowed"
    report = record(node)
    step_report(node, officer, report.id, "route", agency="UBND-380")
    assert state_of(node, report)["status"] == "routed"


def test_only_the_lead_agencys_handler_goes_on(node: Node) -> None:
    report = record(node)
    take(node, report, "route", agency="SYT")
    assert refusal(node, report, "accept", somebody(node, "case_handler")).code == "not_lead_agency"
    step_report(node, somebody(node, "case_handler", agency="SYT"), report.id, "accept")
    assert state_of(node, report)["status"] == "in_progress"


def test_at_the_centre_another_departments_handler_does_not_act_for_the_lead(tmp_path: Path) -> None:
    centre = make_node(tmp_path, "central", "1022")
    report = record(centre)
    take(centre, report, "route", agency="SYT")
    told = refusal(centre, report, "accept", somebody(centre, "case_handler", agency="SCT"))
    step_report(centre, somebody(centre, "case_handler"), report.id, "accept")
    centre.close()
    assert told.code == "not_lead_agency"


def test_an_approved_answer_is_the_draft_that_was_submitted(node: Node) -> None:
    report = record(node)
    take(node, report, "route", "accept")
    take(node, report, "submit", answer="Đã phạt 5 triệu.", sources="QĐ 12/2021")
    take(node, report, "approve")
    state = state_of(node, report)
    assert (state["answer"]["text"], state["answer"]["sources"]) == ("Đã phạt 5 triệu.", "QĐ 12/2021")
    assert "draft_answer" not in state


def test_a_page_that_showed_another_status_is_stale(node: Node) -> None:
    report = record(node)
    take(node, report, "verify")
    assert refusal(node, report, "reject", seen_status="received").code == "stale"


def test_a_step_that_nobody_knows_is_refused(node: Node) -> None:
    assert refusal(node, record(node), "archive").code == "unknown_step"


def test_steps_taken_apart_become_a_conflict_about_the_status(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        report = made.record("0380")
        made.sync()
        made.step("1022", report, "route", agency="SYT")
        made.step("0380", report, "reject", reason="Trùng")
        made.sync()
        row = open_conflicts(made.node("0380"))[0]
        assert (row.field, row.current, row.other) == ("status", "routed", "rejected")
        assert made.seen("0380", report)["status"] == made.seen("1022", report)["status"] == "routed"


def test_the_same_step_taken_apart_is_no_conflict(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        report = made.record("0380")
        made.sync()
        for office in ("1022", "0380"):
            made.step(office, report, "verify")
        made.sync()
        assert (made.seen("0380", report)["status"], open_conflicts(made.centre)) == ("verifying", [])


def test_a_decided_step_has_the_effects_it_would_have_had(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        report = made.record("0380")
        made.sync()
        made.step("1022", report, "reject", reason="Trùng")
        made.step("0380", report, "answer", answer="Đã xử lý tại huyện.")
        made.sync()
        row = open_conflicts(made.centre)[0]
        decide_conflict(made.centre, made.actor("1022"), [row.id], "other")
        state = made.seen("1022", report)
        assert (state["status"], state["answer"]["text"]) == ("answered", "Đã xử lý tại huyện.")
