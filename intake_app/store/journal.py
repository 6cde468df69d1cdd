"""The journal: this node's own events as canonical bytes, gap-free per life, each bound to the one before by its hash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from intake_app.store.database import Db
from intake_app.store.tables import IS_REFUSED
from sync import chain
from sync.errors import BrokenPromise
from sync.event import EVENT_BYTES_MAX, Event, EventBytes, from_bytes, size, to_bytes

RETURNED = 0  # the life of own events that came back from the centre
_IN_MAX = 400


class Head(NamedTuple):
    """Who this node is and how far its journal has come."""

    role: str
    node: bytes
    office: str
    life: int
    incarnation: bytes
    seq: int
    hash: bytes
    epoch: bytes


class Stored(NamedTuple):
    """An event of the journal."""

    seq: int
    event: Event
    verdict: str | None
    code: str | None
    params: str | None


def hold(db: Db) -> None:
    """Let no other worker write this journal before this transaction ends: said before anything that an event rests on is read."""
    if db.postgres:
        db.run(f"SELECT 1 FROM self_node WHERE id = 1{db.for_update}")


def head(db: Db) -> Head:
    """How far the journal has come."""
    row = db.one("SELECT role, node, office, life, incarnation, seq, hash, epoch FROM self_node WHERE id = 1")
    if row is None:
        raise BrokenPromise("this database has no identity")
    return Head(*row)


def append(db: Db, events: Sequence[tuple[Event, int]]) -> Head:
    """Write events, each with its entity's number, as the next of this life; the caller's transaction makes them durable."""
    now = head(db)
    seq, before, rows = now.seq, now.hash, []
    for event, entity_no in events:
        raw = to_bytes(event)
        if size(raw) > EVENT_BYTES_MAX:
            raise BrokenPromise("an event is larger than any segment may carry")
        seq, before = seq + 1, chain.link(before, raw)
        rows.append((now.life, seq, event.id, entity_no, event.kind, raw.header, raw.open, raw.private, before))
    db.many(
        "INSERT INTO journal (life, seq, event, entity_no, kind, header, open, private, hash) VALUES (?,?,?,?,?,?,?,?,?)",
        rows,
    )
    db.run("UPDATE self_node SET seq = ?, hash = ? WHERE id = 1", seq, before)
    return now._replace(seq=seq, hash=before)


def hash_at(db: Db, life: int, incarnation: bytes, node: bytes, seq: int) -> bytes | None:
    """The hash after a seq of a life, or None where the journal lacks it."""
    if seq == 0:
        return chain.genesis(node, incarnation)
    found: bytes | None = db.value("SELECT hash FROM journal WHERE life = ? AND seq = ?", life, seq)
    return found


def gone_after(db: Db, head: Head, seq: int) -> int | None:
    """The last event of a gap that follows a seq of the present life, or None where the next one is there."""
    if seq >= head.seq or db.one("SELECT 1 FROM journal WHERE life = ? AND seq = ?", head.life, seq + 1):
        return None
    following = db.value("SELECT min(seq) FROM journal WHERE life = ? AND seq > ?", head.life, seq)
    return head.seq if following is None else int(following) - 1


def raws_after(db: Db, life: int, seq: int, limit: int) -> list[EventBytes]:
    """The bytes of the next events after a seq."""
    rows = db.all(
        "SELECT header, open, private FROM journal WHERE life = ? AND seq > ? ORDER BY seq LIMIT ?", life, seq, limit
    )
    return [EventBytes(*row) for row in rows]


def pending_of(db: Db, entity_no: int) -> list[Stored]:
    """This node's events about one entity that are not settled, in order; refused ones too."""
    rows = db.all(
        "SELECT seq, header, open, private, verdict, code, params, no FROM journal WHERE entity_no = ?"
        f" AND (verdict IS NULL OR {IS_REFUSED}) AND settled_by IS NULL ORDER BY no",
        entity_no,
    )
    found = [(row[7], Stored(row[0], from_bytes(EventBytes(*row[1:4])), *row[4:7])) for row in rows]
    if any("replaces" in stored.event.open for _, stored in found):
        # A repair stands where the event stood whose place it takes.
        sql = (
            "SELECT settled_by, min(no) FROM journal WHERE entity_no = ? AND settled_by IS NOT NULL"
            " AND (verdict IS NULL OR verdict <> 'again') GROUP BY settled_by"
        )
        places = {row[0]: row[1] for row in db.all(sql, entity_no)}
        found.sort(key=lambda one: places.get(one[1].event.id, one[0]) if "replaces" in one[1].event.open else one[0])
    return [stored for _, stored in found]


def refused_event(db: Db, event_id: bytes) -> tuple[int, Stored] | None:
    """An event of this node that the centre refused or holds back and nothing has taken the place of, with its entity's number."""
    row = db.one(
        "SELECT entity_no, seq, header, open, private, verdict, code, params FROM journal"
        f" WHERE {IS_REFUSED} AND settled_by IS NULL AND event = ?",
        event_id,
    )
    return (row[0], Stored(row[1], from_bytes(EventBytes(*row[2:5])), *row[5:])) if row else None


def settle(db: Db, event_id: bytes, by: bytes) -> None:
    """Mark a refused event, and those it took the place of itself, as settled by another."""
    db.run("UPDATE journal SET settled_by = ? WHERE settled_by = ?", by, event_id)
    db.run(f"UPDATE journal SET settled_by = ? WHERE {IS_REFUSED} AND event = ?", by, event_id)


def settle_all(db: Db, entity_no: int, by: bytes) -> None:
    """Mark all that was done to an entity, and is not settled, as given up."""
    db.run(
        "UPDATE journal SET settled_by = ? WHERE entity_no = ? AND settled_by IS NULL AND event <> ?", by, entity_no, by
    )


def laid_over(db: Db, entity_no: int, confirmed: bool) -> list[Event]:
    """This node's events that are laid over an entity's confirmed state: those without a verdict.

    Of what the centre has never confirmed, all of them: a report that it would not take must not vanish from its own office.
    """
    return [stored.event for stored in pending_of(db, entity_no) if stored.verdict is None or not confirmed]


def all_of(db: Db, entity_no: int) -> list[Stored]:
    """Every event of this node about one entity, in order."""
    rows = db.all(
        "SELECT seq, header, open, private, verdict, code, params FROM journal"
        " WHERE entity_no = ? AND (verdict IS NULL OR verdict <> 'again') ORDER BY no",
        entity_no,
    )
    return [Stored(row[0], from_bytes(EventBytes(*row[1:4])), *row[4:]) for row in rows]


def numbers_of(db: Db, events: Sequence[bytes]) -> dict[bytes, tuple[int, int]]:
    """Row and entity of each of these events that the journal has; of one journalled again, the newest row."""
    found: dict[bytes, tuple[int, int]] = {}
    for at in range(0, len(events), _IN_MAX):
        some = events[at : at + _IN_MAX]
        marks = ",".join("?" * len(some))
        # Two questions, for two indexes: a recorded report's event is found by its entity.
        for row in db.all(
            f"SELECT event, no, entity_no FROM journal WHERE kind <> 'report.recorded' AND event IN ({marks})"
            " UNION ALL SELECT j.event, j.no, j.entity_no FROM entity e JOIN journal j ON j.entity_no = e.no"
            f" WHERE j.kind = 'report.recorded' AND e.id IN ({marks}) ORDER BY no",
            *some, *some,
        ):  # fmt: skip
            found[row[0]] = (row[1], row[2])
    return found


def append_returned(
    db: Db, entity_no: int, raw: EventBytes, verdict: str, code: str | None, params: str | None
) -> None:
    """Keep an own event that this database had lost and the centre gave back with its verdict: in life 0, which has no chain."""
    event = from_bytes(raw)
    seq = (db.value("SELECT max(seq) FROM journal WHERE life = ?", RETURNED) or 0) + 1
    db.run(
        "INSERT INTO journal (life, seq, event, entity_no, kind, header, open, private, hash, verdict, code, params)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        RETURNED, seq, event.id, entity_no, event.kind, *raw, chain.payload_hash(raw), verdict, code, params,
    )  # fmt: skip
