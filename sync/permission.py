"""Who may do what: one table for the forms and for the centre, which judges every event by it again. Pure.

The centre goes by what it knew of the person when the event was written, and by all that the computer ever held: a report
that has gone elsewhere meanwhile is no reason to refuse what was done about it (docs/verdicts.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sync import returns, workflow
from sync.event import Event
from sync.outcome import Outcome
from sync.routing import Places, scopes_of
from sync.workflow import APPROVER, DISPATCHER, HANDLER, INTAKE

ADMINISTRATOR = frozenset({"administrator"})
WORKING = frozenset(workflow.ROLES) - {"auditor"}  # an auditor reads all and changes nothing
EDITORS = INTAKE | HANDLER | DISPATCHER
EDITORS_OF_LIBRARY = DISPATCHER | ADMINISTRATOR
# What only the centre writes, whoever signs: what it publishes, and what its own clock has said.
CENTRE_ONLY = (
    "article.", "routing_rule.", "calendar.", "deadline_rule.", "report.reminded", "structure.", "unit.", "office.", "agency.",
    "topic.",
)  # fmt: skip
ROLES: Mapping[str, frozenset[str]] = {
    "report.recorded": INTAKE,
    "report.amended": EDITORS,
    "report.noted": WORKING,
    "report.called": INTAKE,
    "report.linked": INTAKE | DISPATCHER,
    "report.informed": INTAKE,
    "report.relayed": INTAKE,
    "report.rated": frozenset({"operator"}),
    "report.publicity_set": DISPATCHER | APPROVER,
    "report.paused": HANDLER | DISPATCHER,
    "report.resumed": HANDLER | DISPATCHER,
    "report.extended": APPROVER | DISPATCHER,
    "conflict.decided": EDITORS | APPROVER,
    "report.queried": DISPATCHER | frozenset({"operator"}),
    "report.query_settled": EDITORS,
    "shift.handed_over": INTAKE,
    "event.dismissed": WORKING,
    "person.added": ADMINISTRATOR,
    "person.changed": ADMINISTRATOR,
    "person.ended": ADMINISTRATOR,
    "article.published": EDITORS_OF_LIBRARY,
    "article.retired": EDITORS_OF_LIBRARY,
    "calendar.published": EDITORS_OF_LIBRARY,
    "calendar.retired": EDITORS_OF_LIBRARY,
    "deadline_rule.published": EDITORS_OF_LIBRARY,
    "deadline_rule.retired": EDITORS_OF_LIBRARY,
    "report.urged": DISPATCHER,
    "report.reminded": ADMINISTRATOR,  # by the centre's own clock; whoever signs it by hand had better be one
    "routing_rule.published": EDITORS_OF_LIBRARY,
    "routing_rule.retired": EDITORS_OF_LIBRARY,
    "topic.published": EDITORS_OF_LIBRARY,
    "topic.retired": EDITORS_OF_LIBRARY,
    "agency.published": EDITORS_OF_LIBRARY,
    "agency.retired": EDITORS_OF_LIBRARY,
    # Units and offices decide who gets to see what.
    **{f"{one}.{what}": ADMINISTRATOR for one in ("structure", "unit", "office") for what in ("published", "retired")},
}


class Person(NamedTuple):
    """What the centre knew of a person when an event was written."""

    roles: frozenset[str]
    office: str
    agency: str
    ended: bool


class Computer(NamedTuple):
    """A computer as its centre knows it: its office and that one's agency, and every scope it was ever granted."""

    office: str
    agency: str
    central: bool
    scopes: frozenset[str]
    places: Places


class Writer(NamedTuple):
    """Who wrote an event, and on what computer."""

    person: Person | None  # None: nobody that the centre has heard of
    office: str
    agency: str
    central: bool
    scopes: frozenset[str]
    places: Places
    records: bool  # may record reports; asked for every one of them, so it is worked out once


def writer_of(person: Person | None, computer: Computer) -> Writer:
    """A person at a computer."""
    records = person is None or (
        not person.ended and person.office == computer.office and bool(person.roles & ROLES["report.recorded"])
    )
    return Writer(person, *computer, records)


def person_of(state: Mapping[str, Any], node: bytes) -> Person:
    """A person's state as the rules see it; ended is who was ended on this very computer, for it cannot but have known."""
    ended = not state.get("active", True) and state.get("ended_by") == node.hex()
    return Person(frozenset(state.get("roles", ())), state.get("office", ""), state.get("agency", ""), ended)


def denial(state: dict[str, Any] | None, event: Event, writer: Writer) -> Outcome | None:
    """Why this event is understood and not allowed; None where it is allowed."""
    if event.kind == "report.recorded" and writer.records:
        return None
    person = writer.person
    if person is not None:
        if person.ended:
            return Outcome("denied", state, "person_ended")
        if person.office != writer.office:
            return Outcome("denied", state, "other_office", {"office": person.office})
        roles = needed(event)
        if roles and not roles & person.roles:
            return Outcome("denied", state, "role_missing", {"role": sorted(roles)})
    if event.kind.startswith(("person.", "shift.")):
        return _of_own_office(state, event, writer)
    if event.kind.startswith(CENTRE_ONLY) and not writer.central:
        return Outcome("denied", state, "centre_only")
    if event.kind == "report.queried" and not writer.central:
        return Outcome("denied", state, "centre_sends_back")
    if state is None or "tracking_code" not in state:
        return None
    if not writer.central and event.kind != "event.dismissed" and not held(state, writer):
        return Outcome("denied", state, "never_held")
    if event.kind == "report.stepped" and event.open.get("step") == "return" and returns.is_kept(state):
        return Outcome("denied", state, "returned_twice", {"agency": str(state.get("lead_agency", ""))})
    if event.kind == "report.stepped" and returns.sets_anew(state, str(event.open.get("step")), event.open):
        return Outcome("denied", state, "deadline_stays")
    if event.kind == "report.publicity_set" and not may_be_public(state, event.open):
        return Outcome("denied", state, "private_by_wish")
    if event.kind == "report.stepped" and person is not None:
        return _step(state, event, writer, person)
    return None


def needed(event: Event) -> frozenset[str]:
    """The roles of which its author has to have one; none for an event that no rule knows."""
    if event.kind != "report.stepped":
        return ROLES.get(event.kind, frozenset())
    step = workflow.STEPS.get(str(event.open.get("step")))
    return step.roles if step else frozenset()


def _of_own_office(state: dict[str, Any] | None, event: Event, writer: Writer) -> Outcome | None:
    """An office says only who works there and hands over only its own shifts; the centre may end anybody."""
    offices = {event.open.get("office", writer.office), (state or {}).get("office", writer.office)}
    if writer.central or offices == {writer.office}:
        return None
    return Outcome(
        "denied", state, "other_office", {"office": sorted(str(one) for one in offices - {writer.office})[0]}
    )


def _step(state: dict[str, Any], event: Event, writer: Writer, person: Person) -> Outcome | None:
    name, agency = event.open.get("step"), event.open.get("agency")
    if name == "route" and not routes_to(person.roles, person.agency, agency):
        return Outcome("denied", state, "other_agency", {"agency": str(agency)[:40]})
    own = person.agency
    if handles(str(name), state) and not (
        leads(own, writer.agency, writer.central, state)
        or any(own == past.get("lead_agency") for past in _pasts(state))
    ):
        return Outcome("denied", state, "not_lead_agency", {"agency": state["lead_agency"]})
    return None


def may_be_public(state: Mapping[str, Any], opened: Mapping[str, Any]) -> bool:
    """Whether a report may be published as it is asked: what its citizen wants to be private needs a reason."""
    return not opened.get("public") or bool(state.get("publish_consent")) or bool(str(opened.get("reason", "")).strip())


def routes_to(roles: frozenset[str], own: str, agency: object) -> bool:
    """Whether somebody may send a report to an agency: a dispatcher to any, an office only to its own."""
    return "dispatcher" in roles or agency == own


def handles(step: str, state: Mapping[str, Any]) -> bool:
    """Whether a step is the lead agency's own."""
    return bool(workflow.STEPS[step].roles <= HANDLER and state.get("lead_agency")) if step in workflow.STEPS else False


def leads(own: str, hotline: str, central: bool, state: Mapping[str, Any]) -> bool:
    """Whether a person of an agency may act as the lead one.

    The hotline's own staff act for an agency that has no account yet; a department's handler only for their own.
    """
    return not own or own == state["lead_agency"] or (central and own == hotline)


def steps_for(
    state: Mapping[str, Any], roles: frozenset[str], own: str, hotline: str, central: bool
) -> list[workflow.Step]:
    """The steps that a person may take now: by the workflow, by their roles, and by whose case it is."""
    return [
        step
        for step in workflow.allowed_steps(state, roles)
        if (step.name != "route" or "dispatcher" in roles or own)
        and not (step.name == "return" and returns.is_kept(state))
        and (not handles(step.name, state) or leads(own, hotline, central, state))
    ]


def held(state: Mapping[str, Any], writer: Writer) -> bool:
    """Whether a computer holds a report, or ever could: its scopes met the report's, as it is or as it was."""
    if state["office"] == writer.office:
        return True
    return any(
        not writer.scopes.isdisjoint(scopes_of("report", each, writer.places)) for each in (dict(state), *_pasts(state))
    )


def _pasts(state: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The report as it stood before each change of what decides where it lies; the history tells them all."""
    for entry in state.get("history", ()):
        if unit := entry.get("was", {}).get("unit"):
            yield dict(state) | {"unit": unit}
        for step in (entry, *entry.get("steps", ())):
            if step.get("step") == "route":
                sent = step["details"]
                yield dict(state) | {"lead_agency": sent["agency"], "supporting": sent.get("supporting", [])}
