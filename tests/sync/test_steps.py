"""Steps: what each requires and sets, and what happens when the report has moved meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from sync.conflict import short_hash
from sync.workflow import STEPS
from tests.sync.histories import fold, history, make, recorded
from tests.sync.test_report_rules import after

ANSWERED = "A: reported; C: routed; A: accepted; A: submitted; C: approved"


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("A: reported; C: routed", "routed"),
        ("A: reported; C: routed; A: accepted", "in_progress"),
        (ANSWERED, "answered"),
        (f"{ANSWERED}; A: closed", "closed"),
        (f"{ANSWERED}; A: closed; C: reopened", "reopened"),
        ("A: reported; A: rejected; A: closed", "closed"),
        ("A: reported; A: guided", "guided"),
        ("A: reported; C: routed; A: returned; C: routed", "routed"),
        ("A: reported; A: asked; A: supplied", "received"),
        ("A: reported; C: routed; A: accepted; A: asked; A: supplied", "in_progress"),
        ("A: reported; C: routed; A: accepted; A: submitted; C: sent back; A: answered", "answered"),
        ("A: reported; C: routed; A: withdrawn", "withdrawn"),
    ],
)
def test_a_report_goes_its_way(told: str, status: str) -> None:
    end = history(told)
    assert set(end.verdicts) == {"applied"}
    assert end.state["status"] == status


@pytest.mark.parametrize("name", [name for name, step in STEPS.items() if step.requires])
def test_a_step_without_what_it_requires_is_quarantined(name: str) -> None:
    step = {"step": name, "from": sorted(STEPS[name].sources)[0]}
    outcome = after(make(1, "A", "report.stepped", step))
    assert (outcome.verdict, outcome.code) == ("quarantined", "step_needs")


@pytest.mark.parametrize(
    "opened",
    [
        {},
        {"step": "verify"},
        {"step": "vanish", "from": "received"},
        {"step": "verify", "from": "nowhere"},
        {"step": "verify", "from": "received", "answer": "x"},
        {"step": "route", "from": "received", "agency": "?!"},
        {"step": "route", "from": "received", "agency": "SYT", "supporting": "SCT"},
        {"step": "route", "from": "received", "agency": "SYT", "supporting": ["SCT"] * 21},
        {"step": "route", "from": "received", "agency": "SYT", "deadline": "mai"},
    ],
    ids=str,
)
def test_a_step_that_does_not_fit_is_quarantined(opened: dict[str, Any]) -> None:
    assert after(make(1, "A", "report.stepped", opened)).verdict == "quarantined"


def test_routing_sets_who_leads_who_helps_and_until_when() -> None:
    details = {"agency": "SYT", "supporting": ["SCT"], "text": "Kính chuyển", "deadline": "2021-12-10T17:00:00+07:00"}
    state = after(make(1, "C", "report.stepped", {"step": "route", "from": "received", **details})).state or {}
    found = (state["lead_agency"], state["supporting"], state["covering_text"], state["deadline"])
    assert found == ("SYT", ["SCT"], "Kính chuyển", "2021-12-10T17:00:00+07:00")


def test_a_draft_becomes_the_answer_when_it_is_approved() -> None:
    before, state = history(ANSWERED).outcomes[3].state or {}, history(ANSWERED).state
    assert before["draft_answer"]["answer"] == state["answer"]["text"] == "Về việc answer"
    assert "draft_answer" not in state


def test_an_answer_given_on_the_spot_is_kept_when_a_later_one_takes_its_place() -> None:
    opening = recorded(opening="answered_on_spot", answer_text="Mở cửa 7 giờ")
    steps = [("close", {"how": "x"}), ("reopen", {"reason": "x"}), ("route", {"agency": "SYT"}), ("accept", {})]
    steps += [("answer", {"answer": "Mở cửa 8 giờ"})]
    froms = ("answered_on_spot", "closed", "reopened", "routed", "in_progress")
    made = [
        make(at, "A", "report.stepped", {"step": name, "from": froms[at], **details})
        for at, (name, details) in enumerate(steps)
    ]
    state = fold([("A", event) for event in (opening, *made)])[-1].state or {}
    assert state["answer"]["text"] == "Mở cửa 8 giờ"
    assert state["history"][-1]["was"]["answer"]["text"] == "Mở cửa 7 giờ"


def test_a_step_that_no_longer_leads_on_becomes_a_conflict_about_the_status() -> None:
    told = history("A: reported; C: rejected; A~1: answered")
    assert (told.verdicts[-1], told.state["status"]) == ("conflict", "rejected")
    row = told.state["conflicts"][0]
    assert (row["field"], row["other"], row["replaced"], row["step"]) == ("status", "answered", "received", "answer")


def test_a_step_that_still_leads_on_applies_although_the_report_moved() -> None:
    told = history("A: reported; C: routed; A~1: withdrawn")
    assert told.verdicts[-1] == "applied"
    assert told.state["history"][-1]["from"] == "routed"


def test_the_same_step_from_two_sides_is_one() -> None:
    assert history("A: reported; C: verified; A~1: verified").verdicts[-1] == "merged"


def test_two_answers_from_two_sides_are_a_conflict_and_none_is_lost() -> None:
    told = history("A: reported; C: answered; A~1: answered")
    assert told.verdicts[-1] == "conflict"
    assert told.state["conflicts"][0]["details"]["answer"] == "Về việc answer"


def test_deciding_for_the_other_status_takes_its_step() -> None:
    told = history("A: reported; C: rejected; A~1: answered; C: decided status=answered")
    assert (told.state["status"], told.state["answer"]["text"]) == ("answered", "Về việc answer")


def test_deciding_against_a_step_keeps_its_words() -> None:
    told = history("A: reported; C: rejected; A~1: answered; C: decided status=rejected")
    assert told.state["status"] == "rejected"
    assert told.state["history"][-1]["steps"][0]["details"] == {"answer": "Về việc answer"}


def test_nothing_resurrects_a_withdrawn_report_by_itself() -> None:
    told = history("A: reported; A: withdrawn; C~1: routed")
    assert (told.verdicts[-1], told.state["status"]) == ("conflict", "withdrawn")
    assert short_hash("withdrawn") != short_hash("routed")
