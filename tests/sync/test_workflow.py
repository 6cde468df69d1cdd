"""The workflow is complete: every status is reached and left, every step and every code is the one in the vocabulary."""

from __future__ import annotations

import pytest

from sync import ingest, limits, workflow
from sync.workflow import ENDED, OPEN, OPENINGS, ROLES, STATUSES, STEPS

# The vocabulary as agreed; a change here is a change of what rests in journals.
TABLE = {
    "verify": ("received", "verifying"),
    "ask": ("received verifying in_progress", "awaiting_info"),
    "supply": ("awaiting_info", None),
    "route": ("received verifying returned reopened", "routed"),
    "accept": ("routed", "in_progress"),
    "return": ("routed in_progress", "returned"),
    "submit": ("in_progress", "pending_approval"),
    "send_back": ("pending_approval", "in_progress"),
    "approve": ("pending_approval", "answered"),
    "answer": ("in_progress received verifying", "answered"),
    "share": (" ".join(sorted(OPEN)), "answered"),
    "reject": ("received verifying", "rejected"),
    "guide": ("received verifying", "guided"),
    "withdraw": ("received verifying awaiting_info routed in_progress returned pending_approval reopened", "withdrawn"),
    "close": ("answered answered_on_spot guided rejected withdrawn", "closed"),
    "reopen": ("answered closed rejected", "reopened"),
}
NEEDS = {
    "ask": "text", "supply": "text", "route": "agency", "return": "reason", "submit": "answer", "send_back": "reason",
    "answer": "answer", "share": "answer same_as",
    "reject": "reason", "guide": "procedure", "withdraw": "reason", "close": "how", "reopen": "reason",
}  # fmt: skip
KINDS = (
    "report.recorded report.amended report.noted report.called report.linked report.stepped report.publicity_set"
    " report.paused report.resumed report.extended report.informed report.rated report.relayed conflict.decided"
    " report.queried report.query_settled"
    " person.added person.changed person.ended shift.handed_over article.published article.retired event.dismissed"
    " report.reminded report.urged calendar.published calendar.retired deadline_rule.published deadline_rule.retired"
    " routing_rule.published routing_rule.retired structure.published structure.retired unit.published unit.retired"
    " office.published office.retired agency.published agency.retired topic.published topic.retired"
)


def test_each_step_leads_where_the_vocabulary_says() -> None:
    found = {name: (set(step.sources), step.target) for name, step in STEPS.items()}
    assert found == {name: (set(sources.split()), target) for name, (sources, target) in TABLE.items()}


def test_each_step_requires_what_the_vocabulary_says() -> None:
    assert {name: " ".join(step.requires) for name, step in STEPS.items() if step.requires} == NEEDS


def test_every_status_is_reached_from_an_opening() -> None:
    reached = set(OPENINGS)
    for _ in STATUSES:
        reached |= {workflow.target_of(step, {}) for status in reached for step in workflow.steps_from(status)}
    assert reached == set(STATUSES)


def test_no_status_is_a_dead_end() -> None:
    assert [status for status in STATUSES if not workflow.steps_from(status)] == []


def test_a_report_is_open_or_ended_and_never_both() -> None:
    assert set(STATUSES) == OPEN | ENDED
    assert not OPEN & ENDED


@pytest.mark.parametrize("status", sorted(OPEN))
def test_a_citizen_may_withdraw_whatever_is_open(status: str) -> None:
    assert "withdraw" in {step.name for step in workflow.steps_from(status)}


def test_every_step_may_be_taken_by_somebody() -> None:
    assert all(step.roles and step.roles <= set(ROLES) for step in STEPS.values())


def test_only_steps_of_the_persons_own_roles_are_allowed() -> None:
    allowed = {step.name for step in workflow.allowed_steps({"status": "pending_approval"}, {"approver"})}
    assert allowed == {"send_back", "approve"}
    assert workflow.allowed_steps({"status": "pending_approval"}, {"auditor"}) == []


def test_a_supplied_report_goes_back_to_where_it_was_asked() -> None:
    assert workflow.target_of(STEPS["supply"], {"asked_from": "in_progress"}) == "in_progress"
    assert workflow.target_of(STEPS["supply"], {}) == "received"


def test_the_closed_sets_are_those_of_the_vocabulary() -> None:
    assert limits.CHANNELS == ("walk_in", "phone", "portal", "email", "facebook", "zalo", "letter", "open311")
    assert limits.KINDS == ("report", "proposal", "question", "support_request")
    assert limits.URGENCIES == ("normal", "urgent", "emergency")
    assert ingest.VERDICTS == ("applied", "merged", "conflict", "duplicate", "held", "quarantined", "denied")


def test_every_kind_of_the_vocabulary_is_known_in_its_first_version() -> None:
    assert dict(ingest.KIND_VERSIONS) == dict.fromkeys(KINDS.split(), 1)
