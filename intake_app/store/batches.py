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
    made_ms: int | None  # by the computer's own clock, when it made the last event
    lines: list[BatchEvent] = field(default_factory=list)


_SELECT = (
    "SELECT s.no, n.id, n.office, s.incarnation, s.received_ms, s.carrier, s.first_seq, s.last_seq, s.counts,"
    " s.clock_offset_ms, s.applied_ms, s.attention, s.ahead,"
    " (SELECT i.event FROM inbox_event i WHERE i.segment_no = s.no ORDER BY i.seq DESC LIMIT 1)"
    " FROM inbox_segment s JOIN node n ON n.no = s.node_no"
)
LINES_MAX = 1000


def _batch(row: Any) -> Batch:
    offset = None if row[9] is None else round(row[9] / 1000)
    made_ms = int.from_bytes(row[13][:6], "big") if row[13] else None  # a UUIDv7 begins with its time
    count = row[7] - row[6] + 1
    return Batch(*row[:8], count, json.loads(row[8]), offset, row[10], bool(row[11]), bool(row[12]), made_ms)


def list_batches(db: Db, attention: bool, node: bytes | None, before: int | None, limit: int = 50) -> list[Batch]:
    """Batches, newest first; `before` is the number of the last one already seen."""
    clauses = ["1 = 1"]
    args: list[object] = []
    if attention:
        clauses.append("(s.attention = 1 OR s.applied_ms IS NULL)")
    if node is not None:
        clauses.append("n.id = ?")
        args.append(node)
    if before is not None:
        clauses.append("s.no < ?")
        args.append(before)
    return [
        _batch(row)
        for row in db.all(f"{_SELECT} WHERE {' AND '.join(clauses)} ORDER BY s.no DESC LIMIT {int(limit)}", *args)
    ]


def load_batch(db: Db, no: int) -> Batch | None:
    """A batch with what became of each event, or None."""
    row = db.one(f"{_SELECT} WHERE s.no = ?", no)
    if row is None:
        return None
    found = db.all(
        "SELECT i.seq, i.event, i.kind, e.id, r.tracking_code, r.summary, i.verdict, i.code, i.params FROM inbox_event i"
        " LEFT JOIN entity e ON e.no = i.entity_no LEFT JOIN report r ON r.no = i.entity_no"
        " WHERE i.segment_no = ? ORDER BY i.seq LIMIT ?",
        no, LINES_MAX,
    )  # fmt: skip
    batch = _batch(row)
    batch.lines.extend(BatchEvent(*line[:8], json.loads(line[8]) if line[8] else {}) for line in found)
    return batch


def count_attention(db: Db) -> int:
    """How many batches need a person or have no verdicts yet."""
    return int(db.value("SELECT count(*) FROM inbox_segment WHERE attention = 1 OR applied_ms IS NULL"))
