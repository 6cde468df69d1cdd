"""After a restore: what the centre's own log has and its database has not is let in, journalled and judged again, same ids.

An event about a report that an office has not sent again yet waits in the journal, and is judged when that has come.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from intake_app.store import enrollment, feed, journal, lives, nodes, own_events
from intake_app.store.database import Db
from intake_app.store.own_log import LetIn, OwnEvent, log_of
from sync import chain
from sync.event import Event, EventBytes, from_bytes

if TYPE_CHECKING:
    from intake_app.node import Node

FIRST_KINDS = frozenset({"report.recorded", "person.added", "article.published", "routing_rule.published"})


class Replayed(NamedTuple):
    """What came back from the log."""

    events: int
    nodes: int


def replay(node: Node, db: Db, reason: str) -> Replayed:
    """Bring back what the log has, in the caller's transaction; the present life goes on where the log continues it."""
    found: dict[bytes, OwnEvent] = {}
    let_in: dict[bytes, LetIn] = {}
    for record in log_of(node).read():
        if record.centre != node.head.node:
            continue  # a folder may hold the log of a centre that was here before
        if isinstance(record, LetIn):
            let_in[record.id] = record
        else:
            found[from_bytes(_raw(record)).id] = record
    count = sum(_let_in(db, record) for record in let_in.values())
    known = _known(db, list(found))
    missing = [record for event, record in found.items() if event not in known]
    head = journal.head(db)
    if missing and not _continues(head, missing):
        lives.begin(node, db, reason, common=head.seq)
    for record in missing:
        _again(node, db, from_bytes(_raw(record)))
    return Replayed(len(missing), count)


def _raw(record: OwnEvent) -> EventBytes:
    return EventBytes(record.header, record.open, record.private)


def _known(db: Db, events: Sequence[bytes]) -> set[bytes]:
    """Those of these events that the journal has; a report's first is found by the report, whose id it is."""
    found: set[bytes] = set()
    for at in range(0, len(events), 400):
        some = events[at : at + 400]
        marks = ",".join("?" * len(some))
        found |= {row[0] for row in db.all(f"SELECT event FROM inbox_event WHERE event IN ({marks})", *some)}
        sql = f"SELECT event FROM own_waiting WHERE event IN ({marks})"
        found |= {row[0] for row in db.all(sql, *some)}
    return found


def _continues(head: journal.Head, missing: Sequence[OwnEvent]) -> bool:
    """Whether these are exactly the next events of the present life: then it goes on as if nothing had happened."""
    before = head.hash
    for at, record in enumerate(missing):
        before = chain.link(before, _raw(record))
        if (record.incarnation, record.seq, record.hash) != (head.incarnation, head.seq + 1 + at, before):
            return False
    return True


def _let_in(db: Db, record: LetIn) -> bool:
    """Let a node in again as the log has it, or shut it out; whether that was news."""
    row = db.one("SELECT public_key, revoked_ms FROM node WHERE id = ?", record.id)
    if row is not None and (row[0], row[1]) == (record.public_key, record.revoked_ms):
        return False
    nodes.add_node(db, record.id, record.office, record.public_key, record.scopes, record.enrolled_ms)
    db.run("UPDATE node SET revoked_ms = ? WHERE id = ?", record.revoked_ms, record.id)
    feed.open_scopes(db, record.scopes)
    code = enrollment.find_code(db, record.code) if record.code else None
    if code is not None:
        enrollment.use_code(db, code.no, record.id, record.enrolled_ms)
    return True


def _again(node: Node, db: Db, event: Event) -> None:
    confirmed = db.one("SELECT 1 FROM entity WHERE id = ? AND state IS NOT NULL", event.entity)
    waits = db.one("SELECT 1 FROM own_waiting WHERE entity = ? LIMIT 1", event.entity)
    if event.kind in FIRST_KINDS or (confirmed and not waits):
        own_events.write_events(node, db, [event], logged=False)
    else:
        own_events.keep_waiting(db, event)
