"""Batches as people at the centre see them: one stored segment each, with what became of its events."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from intake_app.store.database import Db


@dataclass(frozen=True)
class BatchEvent:
    """What became of one event of a batch."""

    seq: int
    event_id: bytes
    kind: str
    entity: bytes | None
    tracking_code: str | None
    summary: str | None
    verdict: str
    reason_code: str | None
    params: dict[str, Any]


@dataclass(frozen=True)
class Batch:
    """A received batch; `counts` holds how many events got each verdict and is empty until they are judged."""

    no: int
    node: bytes
    office: str
    incarnation: bytes
    received_ms: int
    carrier: str
    first_seq: int
    last_seq: int
    events: int
    counts: dict[str, int]
    clock_offset_seconds: int | None
    applied_ms: int | None
    attention: bool
    ahead: bool
    looked_ms: int | None  # when somebody saw to what needed attention, and who
    looked_by: bytes | None
    repeats: int  # how often it came again, and when last
    repeated_ms: int | None
    made_ms: int | None  # by the computer's own clock, when it made the last event
    lines: list[BatchEvent] = field(default_factory=list)


_SELECT = (
    "SELECT s.no, n.id, n.office, s.incarnation, s.received_ms, s.carrier, s.first_seq, s.last_seq, s.counts,"
    " s.clock_offset_ms, s.applied_ms, s.attention, s.ahead, s.looked_ms, s.looked_by, s.repeats, s.repeated_ms,"
    " (SELECT i.event FROM inbox_event i WHERE i.segment_no = s.no ORDER BY i.seq DESC LIMIT 1)"
    " FROM inbox_segment s JOIN node n ON n.no = s.node_no"
)
LINES_MAX = 200  # of one page; a batch may hold a thousand
NEEDS_LOOK = "(s.attention = 1 AND s.looked_ms IS NULL)"
# What a person need not look at; the others are offered by themselves.
QUIET = ("applied", "merged", "duplicate")


@dataclass(frozen=True)
class BatchFilter:
    """What the inbox is narrowed to."""

    attention: bool = False
    node: bytes | None = None
    received_from_ms: int | None = None
    received_to_ms: int | None = None
    before: int | None = None  # the number of the last batch already seen


def _batch(row: Any) -> Batch:
    offset = None if row[9] is None else round(row[9] / 1000)
    made_ms = int.from_bytes(row[17][:6], "big") if row[17] else None  # a UUIDv7 begins with its time
    count = row[7] - row[6] + 1
    return Batch(
        *row[:8], count, json.loads(row[8]), offset, row[10], bool(row[11]), bool(row[12]), *row[13:17], made_ms
    )


def list_batches(db: Db, wanted: BatchFilter, limit: int = 50) -> list[Batch]:
    """Batches, newest first."""
    clauses, args = ["1 = 1"], []
    if wanted.attention:
        clauses.append(f"({NEEDS_LOOK} OR s.applied_ms IS NULL)")
    for clause, value in (
        ("n.id = ?", wanted.node),
        ("s.received_ms >= ?", wanted.received_from_ms),
        ("s.received_ms < ?", wanted.received_to_ms),
        ("s.no < ?", wanted.before),
    ):
        if value is not None:
            clauses.append(clause)
            args.append(value)
    return [
        _batch(row)
        for row in db.all(f"{_SELECT} WHERE {' AND '.join(clauses)} ORDER BY s.no DESC LIMIT {int(limit)}", *args)
    ]


def load_batch(db: Db, no: int, after: int = 0, loud: bool = False, limit: int = LINES_MAX) -> Batch | None:
    """A batch with what became of its events after a number, or only of those that were not simply taken; or None."""
    row = db.one(f"{_SELECT} WHERE s.no = ?", no)
    if row is None:
        return None
    quiet = f" AND i.verdict NOT IN ({','.join('?' * len(QUIET))})" if loud else ""
    found = db.all(
        "SELECT i.seq, i.event, i.kind, e.id, r.tracking_code, r.summary, i.verdict, i.code, i.params FROM inbox_event i"
        " LEFT JOIN entity e ON e.no = i.entity_no LEFT JOIN report r ON r.no = i.entity_no"
        f" WHERE i.segment_no = ? AND i.seq > ?{quiet} ORDER BY i.seq LIMIT ?",
        no, after, *(QUIET if loud else ()), limit,
    )  # fmt: skip
    batch = _batch(row)
    batch.lines.extend(BatchEvent(*line[:8], json.loads(line[8]) if line[8] else {}) for line in found)
    return batch


def look_at(db: Db, no: int, person: bytes | None, now_ms: int | None) -> int:
    """Note who saw to a batch and when, or that it needs attention again; returns how many rows that changed."""
    return db.run(
        "UPDATE inbox_segment SET looked_ms = ?, looked_by = ? WHERE no = ? AND attention = 1"
        f" AND looked_ms IS {'NULL' if now_ms is not None else 'NOT NULL'}",
        now_ms, person, no,
    )  # fmt: skip


def count_attention(db: Db) -> int:
    """How many batches need a person or have no verdicts yet."""
    return int(db.value(f"SELECT count(*) FROM inbox_segment s WHERE {NEEDS_LOOK} OR s.applied_ms IS NULL"))
