"""What most pages need: the node, its directory and clock as forms want them, and the report an address names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import get_locale

from intake_app.auth import current_actor
from intake_app.desk.sight import may_see, narrowed_to
from intake_app.node import Node
from intake_app.shown import local_time, topic_label
from intake_app.store import stubs
from intake_app.store.directory import Directory, Topic
from intake_app.store.reports import Report, load_report
from sync import tracking_code
from sync.errors import Refused


def the_node() -> Node:
    """The node of this installation."""
    return current_app.extensions["node"]


def the_directory() -> Directory:
    """Units, offices, agencies and topics."""
    return current_app.extensions["directory"]


def now() -> datetime:
    """The time of day on the province's clock."""
    return local_time(the_node().clock.now_ms())


def language() -> str:
    """The language of this page."""
    return str(get_locale())


def topic_names() -> list[tuple[str, str]]:
    """The topics as a select offers them."""
    return [(topic.code, topic_label(topic, language(), short=True)) for topic in the_directory().topics.values()]


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
