"""How an action makes an event: who, when by this machine's clocks, and a random id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from intake_app.node import Actor, Node
from intake_app.store import journal
from intake_app.store.database import Db
from intake_app.store.entities import Entity, load_entities
from intake_app.store.own_events import write_events
from sync.errors import InvalidFields, Problem, Refused
from sync.event import EVENT_BYTES_MAX, Event, new_id, size, to_bytes
from sync.ingest import REFUSED
from sync.outcome import Outcome


def make_event(
    node: Node,
    actor: Actor,
    kind: str,
    entity: bytes | None,
    opened: Mapping[str, Any],
    private: Mapping[str, Any] | None = None,
) -> Event:
    """An event of this moment; without an entity it makes a new one, whose id is the event's."""
    now = node.clock.now_ms()
    event_id = new_id(now, node.entropy)
    event = Event(
        event_id,
        kind,
        1,
        entity or event_id,
        actor.person,
        now,
        node.clock.boot(),
        node.clock.mono_ms(),
        opened,
        private or {},
    )
    # Lines of a file are checked field by field: without a topic's answers none of them can come near the limit.
    if ("answers" in opened or "set" in opened) and size(to_bytes(event)) > EVENT_BYTES_MAX:
        raise InvalidFields({"details": Problem("too_long", {"max": EVENT_BYTES_MAX})})
    return event


def the_entity(db: Db, report_id: bytes) -> Entity:
    """The report of an id, for an event about it; raises Refused where this machine does not hold it."""
    journal.hold(db)
    found = load_entities(db, [report_id], hold=True).get(report_id)
    if found is None or found.type != "report" or found.seen is None:
        raise Refused("no_such_report", text=report_id.hex())
    return found


def write_one(node: Node, db: Db, event: Event) -> Outcome:
    """Write one event; raises Refused instead if its own rules would not take it, so that nothing is journalled in vain."""
    if size(to_bytes(event)) > EVENT_BYTES_MAX:
        raise InvalidFields({"text": Problem("too_long", {"max": EVENT_BYTES_MAX})})
    return write_all(node, db, [event])[0]


def write_all(node: Node, db: Db, events: Sequence[Event]) -> list[Outcome]:
    """Write some events; raises Refused if one of them would not be taken, so that the transaction undoes them all."""
    outcomes = write_events(node, db, events)
    for one in outcomes:
        if one.verdict in REFUSED or one.verdict == "held":
            raise Refused(one.code or "invalid_event", **one.params)
    return outcomes


def require_role(actor: Actor, *roles: str) -> None:
    """Refuse a person who has none of these roles."""
    if not actor.roles.intersection(roles):
        raise Refused("not_allowed", role=", ".join(roles))
