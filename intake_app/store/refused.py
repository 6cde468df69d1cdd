"""At the centre: events that were refused or held back, and what took their place. Their bytes stay as they came."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from intake_app.store import inbox
from intake_app.store.arrived import Arrived, Late
from intake_app.store.database import Db
from intake_app.store.tables import IS_OF_PERSON, IS_REFUSED
from sync import segment
from sync.event import Event, EventBytes, from_bytes
from sync.ingest import KIND_VERSIONS
from sync.outcome import Added, told_offset
from sync.segment import Opened, Segment

# Spelled as in the partial index, or neither database would use it.
UNSETTLED = f"{IS_REFUSED} AND settled_by IS NULL"
# A denied event holds nothing back, but where the first of all was denied there is nothing that later ones could be about.
_BLOCKING = f"{UNSETTLED} AND (verdict <> 'denied' OR kind IN ('report.recorded','person.added'))"


class Standing(NamedTuple):
    """How an event stands that a repair or a dismissal names."""

    event: bytes
    kind: str
    code: str
    root: bytes  # the first refused event of the matter: a repair may itself have been refused


class Told(NamedTuple):
    """An event about a person that was applied."""

    node: bytes
    incarnation: bytes
    seq: int
    event: Event


def blocked(db: Db, node_no: int) -> set[int]:
    """Entities whose later events from this node wait behind one that is held or quarantined."""
    rows = db.all(
        f"SELECT entity_no FROM inbox_event WHERE {_BLOCKING} AND node_no = ? AND entity_no IS NOT NULL",
        node_no,
    )
    return {row[0] for row in rows}


def find(db: Db, node_no: int, entity_no: int, event: bytes) -> Standing | None:
    """A refused event of this node and entity that nothing has taken the place of yet."""
    row = db.one(
        f"SELECT event, kind, code, replaces FROM inbox_event WHERE {UNSETTLED} AND node_no = ? AND entity_no = ?"
        " AND event = ?",
        node_no, entity_no, event,
    )  # fmt: skip
    return Standing(row[0], row[1], row[2] or "", row[3] or row[0]) if row else None


def settle(db: Db, node_no: int, entity_no: int, root: bytes | None, by: bytes) -> list[int]:
    """Mark a refused event, and its repairs that were refused too, as settled; None settles all of the entity's.

    Returns the numbers of the segments they came in.
    """
    matter = " AND (event = ? OR replaces = ?)" if root is not None else ""
    rows = db.all(
        f"UPDATE inbox_event SET settled_by = ? WHERE {UNSETTLED} AND node_no = ? AND entity_no = ? AND event <> ?{matter}"
        " RETURNING segment_no",
        by, node_no, entity_no, by, *((root, root) if root is not None else ()),
    )  # fmt: skip
    return [row[0] for row in rows if row[0] is not None]


def waiting(db: Db, node_no: int, entity_no: int) -> list[Late]:
    """What this node did to this entity and is refused or held back, in the order of its journal."""
    rows = db.all(
        f"SELECT segment_no, seq, verdict, code FROM inbox_event WHERE {_BLOCKING} AND node_no = ? AND entity_no = ?"
        " AND segment_no IS NOT NULL ORDER BY segment_no, seq",
        node_no, entity_no,
    )  # fmt: skip
    opened: dict[int, tuple[Segment, Added, list[Opened]]] = {}
    found = []
    for segment_no, seq, verdict, code in rows:
        if segment_no not in opened:
            opened = {segment_no: _opened(db, segment_no)}
        item, added, events = opened[segment_no]
        found.append(
            Late(Arrived(seq, *events[seq - item.first]), segment_no, item.incarnation, added, verdict, code or "")
        )
    return found


def _opened(db: Db, segment_no: int) -> tuple[Segment, Added, list[Opened]]:
    item = inbox.segment_no(db, segment_no)
    received, offset = db.one("SELECT received_ms, clock_offset_ms FROM inbox_segment WHERE no = ?", segment_no)  # type: ignore[misc]
    assert item is not None
    return item, Added(received, told_offset(offset)), segment.open_segment(item)


def told_of_person(db: Db, entity_no: int) -> Iterator[Told]:
    """What was applied to a person, in the order in which it was."""
    rows = db.all(
        "SELECT i.event, i.segment_no, i.seq, n.id FROM inbox_event i JOIN node n ON n.no = i.node_no"
        f" WHERE i.entity_no = ? AND {IS_OF_PERSON} AND i.verdict = 'applied' ORDER BY i.no",
        entity_no,
    )
    for event_id, segment_no, seq, node in rows:
        if segment_no is None:
            row = db.one(
                "SELECT header, open, private FROM journal WHERE event = ? AND kind <> 'report.recorded'", event_id
            )
            if row is not None:
                yield Told(node, b"", seq, from_bytes(EventBytes(*row)))
        else:
            item, _, events = _opened(db, segment_no)
            yield Told(node, item.incarnation, seq, events[seq - item.first].event)


def understood_now(db: Db) -> list[tuple[int, int]]:
    """Nodes and entities with an event that was not understood because its kind or its report was not known, and is known now."""
    rows = db.all(
        f"SELECT DISTINCT node_no, entity_no, kind, params FROM inbox_event WHERE {UNSETTLED} AND verdict = 'held'"
        " AND code = 'unknown_kind' AND segment_no IS NOT NULL"
    )
    known = [
        (row[0], row[1]) for row in rows if json.loads(row[3] or "{}").get("version", 1) <= KIND_VERSIONS.get(row[2], 0)
    ]
    # A centre restored from a backup gets one office's work on a report before the other office's report.
    there = db.all(
        f"SELECT DISTINCT node_no, entity_no FROM inbox_event i JOIN entity e ON e.no = i.entity_no WHERE {UNSETTLED}"
        " AND code = 'no_such_report' AND segment_no IS NOT NULL AND e.state IS NOT NULL"
    )
    return list(dict.fromkeys([*known, *((row[0], row[1]) for row in there)]))


def recount(db: Db, segments: Iterable[int]) -> None:
    """Bring the counts of segments up to date whose events got another verdict, or are settled."""
    for segment_no in set(segments):
        row = db.one("SELECT counts FROM inbox_segment WHERE no = ? AND applied_ms IS NOT NULL", segment_no)
        if row is None:
            continue
        kept = {name: count for name, count in json.loads(row[0]).items() if name in ("duplicate", "new")}
        told = db.all("SELECT verdict, count(*) FROM inbox_event WHERE segment_no = ? GROUP BY verdict", segment_no)
        open_ones = f"segment_no = ? AND (verdict = 'conflict' OR {UNSETTLED})"
        attention = db.one(f"SELECT 1 FROM inbox_event WHERE {open_ones} LIMIT 1", segment_no) is not None
        db.run(
            "UPDATE inbox_segment SET counts = ?, attention = ? WHERE no = ?",
            json.dumps(kept | dict(tuple(row) for row in told)), int(attention), segment_no,
        )  # fmt: skip
