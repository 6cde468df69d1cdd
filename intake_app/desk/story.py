"""What has happened to a report, told in order, and where it is now. Values in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forms.words import N_
from intake_app.clock import from_iso
from intake_app.store.reports import Report

ENDED = frozenset({"answered", "answered_on_spot", "guided", "rejected", "withdrawn", "closed"})


@dataclass(frozen=True)
class Moment:
    """One thing that happened: when, who, of which kind, and its details."""

    at: int
    by: str
    kind: str
    entry: dict[str, Any]


@dataclass(frozen=True)
class Mark:
    """One line of the delivery ledger: a place on the way, whether it was reached, and when if that is known."""

    text: str
    reached: bool
    at: int | str | None = None
    note: str = ""


LISTS = {"notes": "report.noted", "calls": "report.called", "links": "report.linked", "informed": "report.informed",
         "relayed": "report.relayed", "attachments": "report.attached",
         "reminders": "report.reminded", "urges": "report.urged"}  # fmt: skip


def timeline(state: dict[str, Any]) -> list[Moment]:
    """Everything that happened, the newest first."""
    moments = [Moment(each["at"], each["by"], each["kind"], each) for each in state.get("history", ())]
    for name, kind in LISTS.items():
        moments += [Moment(each["at"], each["by"], kind, each) for each in state.get(name, ())]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def people_in(state: dict[str, Any]) -> list[str]:
    """Everybody whose name a page about this report may have to show."""
    people = {state.get("officer"), state.get("handler"), state.get("answer", {}).get("by")}
    people |= {moment.by for moment in timeline(state)} | {row["by"] for row in state.get("conflicts", ())}
    return sorted(person for person in people if person)


def ledger(report: Report) -> list[Mark]:
    """The way of a report: saved here, at the centre, routed, accepted, answered, told to the citizen."""
    state = report.state
    history = state.get("history", [])
    first = {entry["step"]: entry["at"] for entry in reversed(history) if entry.get("step")}
    told = [each["at"] for each in state.get("informed", ())]
    answered = state.get("answer", {}).get("at") or first.get("approve") or first.get("answer")
    if state["status"] == "answered_on_spot":
        told = told or [answered]
    relayed = [Mark(N_("At the district"), True)] if report.sync_state == "at_relay" else []
    return [
        Mark(N_("Saved"), True, state["received_at"]),
        *relayed,
        Mark(N_("At the centre"), "at_centre" in state or report.version is not None, state.get("at_centre")),
        Mark(N_("Routed to an agency"), "route" in first or bool(state.get("lead_agency")), first.get("route")),
        Mark(N_("Accepted by the agency"), "accept" in first, first.get("accept")),
        Mark(N_("Answered"), bool(answered) or state["status"] in ENDED, answered),
        Mark(N_("Told to the citizen"), bool(told), max(told) if told else None),
    ]


def accepted_at(state: dict[str, Any]) -> int | None:
    """When the agency took the report on, the last time it did."""
    return next((entry["at"] for entry in reversed(state.get("history", [])) if entry.get("step") == "accept"), None)


def counter_ms(state: dict[str, Any]) -> int | None:
    """When it was recorded by the centre's clock, where that of the counter's computer was wrong."""
    offset = state.get("clock_offset_seconds")
    return from_iso(state["received_at"]) - offset * 1000 if offset else None
