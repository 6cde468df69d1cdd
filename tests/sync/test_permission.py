"""The centre asks again what the forms asked: who may do what, by what the computer ever held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from sync import permission, workflow
from sync.event import Event
from sync.ingest import KIND_VERSIONS, judge
from sync.permission import Computer, Person, writer_of
from sync.routing import Places
from tests.sync.histories import OPEN, REPORT, amendment, history, make, node_of

TREE = {"2021:14758": ["2021:14758", "2021:380"], "2021:14809": ["2021:14809", "2021:381"]}


def ancestors(unit: str) -> Sequence[str]:
    return TREE.get(unit, ())


PLACES = Places(lambda unit: frozenset(f"unit:{code}" for code in ancestors(unit)))
HERE = Computer("0380", "UBND-380", False, frozenset({"office:0380", "unit:2021:380", "agency:UBND-380"}), PLACES)
ELSEWHERE = Computer("0381", "UBND-381", False, frozenset({"office:0381", "unit:2021:381"}), PLACES)
CENTRE = Computer("1022", "TTPVHCC", True, frozenset(), PLACES)
SENT_HERE = {"step": "route", "from": "received", "agency": "UBND-380"}
ACCEPTED = {"step": "accept", "from": "routed"}


def person(*roles: str, office: str = "0380", agency: str = "UBND-380", ended: bool = False) -> Person:
    return Person(frozenset(roles), office, agency, ended)


def code_of(state: dict[str, Any] | None, event: Event, who: Person | None, where: Computer = HERE) -> str:
    """The code of a denial, or nothing where the event is let through."""
    outcome = judge(state, event, node_of("A"), writer=writer_of(who, where))
    return outcome.code if outcome.verdict == "denied" else ""


def state_of(told: str = "A: reported") -> dict[str, Any]:
    return history(told).state


def step(name: str, **details: str) -> Event:
    return make(5, "A", "report.stepped", {"step": name, "from": "received", **details})


@pytest.mark.parametrize("kind", [kind for kind in KIND_VERSIONS if not kind.startswith("person.")])
def test_an_auditor_changes_nothing(kind: str) -> None:
    event = make(5, "A", kind, {"step": "verify", "from": "received"} if kind == "report.stepped" else {})
    assert code_of(state_of(), event, person("auditor")) == "role_missing"


def test_every_kind_has_its_roles() -> None:
    assert set(KIND_VERSIONS) - {"report.stepped"} == set(permission.ROLES)
    assert all(roles < set(workflow.ROLES) for roles in permission.ROLES.values())


@pytest.mark.parametrize("name", workflow.STEPS)
def test_a_step_is_for_those_of_the_table(name: str) -> None:
    for role in set(workflow.ROLES) - {"dispatcher"}:
        allowed = role in workflow.STEPS[name].roles
        assert (code_of(state_of(), step(name, agency="UBND-380"), person(role)) == "") == allowed


def test_an_office_routes_to_its_own_agency_only() -> None:
    officer = person("intake_officer")
    assert code_of(state_of(), step("route", agency="SYT"), officer) == "other_agency"
    assert code_of(state_of(), step("route", agency="UBND-380"), officer) == ""
    assert code_of(state_of(), step("route", agency="SYT"), person("dispatcher")) == ""


def test_the_case_is_handled_by_whoever_leads_it_or_led_it() -> None:
    state = judge(state_of(), make(1, "C", "report.stepped", SENT_HERE), node_of("C")).state
    accept = make(5, "A", "report.stepped", ACCEPTED)
    assert code_of(state, accept, person("case_handler")) == ""
    assert code_of(state, accept, person("case_handler", agency="SYT")) == "not_lead_agency"
    assert code_of(state, accept, person("case_handler", office="1022", agency="TTPVHCC"), CENTRE) == ""
    assert code_of(state, accept, person("case_handler", office="1022", agency="SYT"), CENTRE) == "not_lead_agency"
    moved = (state or {}) | {"lead_agency": "SYT"}
    assert code_of(moved, accept, person("case_handler")) == ""  # it led the case when this may have been written


def test_a_report_that_was_never_with_the_office_is_not_its_to_change() -> None:
    event = amendment(5, "B", {"summary": "x"}, state_of())
    assert code_of(state_of(), event, person("intake_officer", office="0381"), ELSEWHERE) == "never_held"
    assert code_of(state_of(), event, None, ELSEWHERE) == "never_held"


@pytest.mark.parametrize("past", ["unit", "agency", "supporting"])
def test_a_report_that_went_elsewhere_meanwhile_is_taken(past: str) -> None:
    """What a computer held when it wrote counts, not where the report lies now."""
    state = state_of()
    computer = ELSEWHERE if past == "unit" else ELSEWHERE._replace(scopes=frozenset({"agency:UBND-381"}))
    if past == "unit":
        state = judge(state, amendment(1, "C", {"unit": "2021:14809"}, state), node_of("C")).state or {}
        state = judge(state, amendment(2, "C", {"unit": "2021:14758"}, state), node_of("C")).state or {}
    else:
        details = {"agency": "UBND-381"} if past == "agency" else {"agency": "SYT", "supporting": ["UBND-381"]}
        state = judge(state, make(1, "C", "report.stepped", SENT_HERE | details), node_of("C")).state or {}
        state |= {"lead_agency": "UBND-380", "supporting": []}
    event = make(5, "B", "report.noted", {"text": "Đã xem"})
    assert code_of(state, event, person("intake_officer", office="0381"), computer) == ""


def test_who_had_ended_wrote_nothing_that_counts() -> None:
    recorded = Event(REPORT, "report.recorded", 1, REPORT, b"a" * 16, 0, b"boot", 0, OPEN, {})
    assert code_of(None, recorded, person("intake_officer", ended=True)) == "person_ended"
    assert code_of(None, recorded, person("case_handler")) == "role_missing"
    assert code_of(None, recorded, person("intake_officer", office="0381")) == "other_office"
    assert code_of(None, recorded, person("intake_officer")) == ""


def test_a_person_nobody_has_heard_of_strands_no_report() -> None:
    recorded = Event(REPORT, "report.recorded", 1, REPORT, b"a" * 16, 0, b"boot", 0, OPEN, {})
    assert code_of(None, recorded, None) == ""
    assert code_of(state_of(), step("route", agency="SYT"), None) == ""


@pytest.mark.parametrize(
    ("kind", "opened", "state", "code"),
    [
        ("person.added", {"office": "0381"}, None, "other_office"),
        ("person.added", {"office": "0380"}, None, ""),
        ("person.changed", {"office": "0381"}, {"office": "0380", "active": True}, "other_office"),
        ("person.changed", {"name": "B"}, {"office": "0381", "active": True}, "other_office"),
        ("person.ended", {}, {"office": "0380", "active": True}, ""),
    ],
)
def test_an_office_says_only_who_works_there(
    kind: str, opened: dict[str, Any], state: dict[str, Any] | None, code: str
) -> None:
    event = make(5, "A", kind, opened)
    assert code_of(state, event, person("administrator")) == code
    assert code_of(state, event, person("intake_officer")) == "role_missing"
    assert code_of(state, event, person("administrator", office="1022"), CENTRE) == ""
