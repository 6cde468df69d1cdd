"""What most pages need: the node, its directory and clock as forms want them, and the report an address names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _

from intake_app.auth import current_actor
from intake_app.desk.sight import may_see, narrowed_to
from intake_app.node import Node
from intake_app.shown import local_time, topic_label
from intake_app.store import stubs
from intake_app.store.directory import Agency, Directory, Topic, holds
from intake_app.store.reference import Reference
from intake_app.store.reports import Report, load_report
from sync import permission, tracking_code
from sync.errors import Refused
from sync.workflow import Step


def the_node() -> Node:
    """The node of this installation."""
    return current_app.extensions["node"]


def the_directory() -> Directory:
    """Units, offices, agencies and topics."""
    reference: Reference = current_app.extensions["reference"]
    return reference.directory


def now() -> datetime:
    """The time of day on the province's clock."""
    return local_time(the_node().clock.now_ms())


def today() -> str:
    """The day on the province's calendar, as validity dates spell it."""
    return now().date().isoformat()


def language() -> str:
    """The language of this page."""
    return str(get_locale())


def topic_names() -> list[tuple[str, str]]:
    """Every topic as a select names it; those that hold today first, the others marked."""
    held = the_directory().topics_on(today())
    ended = [topic for topic in the_directory().topics.values() if topic.code not in held]
    named = [(topic.code, _("%(name)s (no longer used)", name=_short(topic))) for topic in ended]
    return [(topic.code, _short(topic)) for topic in held.values()] + named


def topics_offered(also: str = "") -> list[tuple[str, str]]:
    """The topics of today, for what is recorded; `also` is the one that a report has already."""
    known = the_directory().topics
    return [(code, _short(topic)) for code, topic in known.items() if code == also or holds(topic, today())]


def still_asking(topic: Topic, answers: Mapping[str, Any]) -> Topic:
    """The topic with those of its former questions that a report answers: nothing answered is lost by an edit."""
    answered = tuple(question for question in topic.former if question.code in answers)
    return replace(topic, questions=topic.questions + answered)


def _short(topic: Topic) -> str:
    return topic_label(topic, language(), short=True)


def agencies_offered() -> list[Agency]:
    """The agencies to which a report may be routed today."""
    return list(the_directory().agencies_on(today()).values())


def topic_of(code: str | None) -> Topic | None:
    """The topic of a code typed or known."""
    return the_directory().topics.get(code or "")


def surroundings() -> dict[str, Any]:
    """What forms with places and times are made with."""
    return {"now": now(), "places": the_directory()}


def find_report(report_id: str) -> Report:
    """The report an address names; refuses an address that names none, and what is not this person's to see."""
    try:
        wanted = bytes.fromhex(report_id)
    except ValueError:
        raise Refused("no_such_report", text=report_id[:40]) from None
    with the_node().database.read() as db:
        found = load_report(db, wanted)
        stub = stubs.of_report(db, wanted) if found is None else None
    if stub is not None:
        raise Refused("report_has_left", code=tracking_code.show(stub.code), place=_place_of(stub))
    if found is None:
        raise Refused("no_such_report", text=report_id[:40])
    if not may_see(sight(), found.state):
        raise Refused("not_allowed", role="dispatcher")
    return found


def _place_of(stub: stubs.Stub) -> str:
    """Where a report is that has left: with its agency, else with whoever looks after its unit."""
    agency = the_directory().agencies.get(stub.agency or "")
    return agency.name if agency else the_directory().unit_label(stub.unit)


def require_whole_sight() -> None:
    """Refuse what shows all reports of an office to whoever sees only those of one agency."""
    if sight() is not None:
        raise Refused("not_allowed", role="dispatcher")


def sight() -> str | None:
    """The agency that the signed-in person's sight is narrowed to, if it is."""
    return narrowed_to(the_node(), current_actor())


def steps_of(state: Mapping[str, Any]) -> list[Step]:
    """The steps of a report that the signed-in person may take now."""
    node, actor = the_node(), current_actor()
    hotline = node.directory.offices[node.head.office].agency or ""
    return permission.steps_for(state, actor.roles, actor.agency, hotline, node.is_central)
