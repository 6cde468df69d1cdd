"""The inbox of the centre: signed segments as they came, which is what an ack stands for."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, NamedTuple

from intake_app.store.database import Db
from intake_app.store.postgres import is_judging
from sync.segment import Segment

_COLUMNS = (
    "s.no, n.id, s.incarnation, s.first_seq, s.last_seq, s.before, s.tip, s.codec, s.raw_length, s.packed, s.signature"
)


class Todo:
    """A stored segment that has no verdicts yet."""

    def __init__(self, row: Any) -> None:
        self.no: int = row[0]
        self.segment = _segment(row)
        self.node_no: int = row[11]
        self.received_ms: int = row[12]
        self.clock_offset_ms: int | None = row[13]
        self.ahead: bool = bool(row[14])


def _segment(row: Any) -> Segment:
    return Segment(row[1], row[2], row[3], row[4] - row[3] + 1, row[5], row[6], row[7], row[8], row[9], row[10])


def store_segment(
    db: Db, node_no: int, segment: Segment, *, ahead: bool, carrier: str, now_ms: int, clock_offset_ms: int | None
) -> int:
    """Keep a segment; the ack may be given once this is committed."""
    number: int = db.value(
        "INSERT INTO inbox_segment (node_no, incarnation, first_seq, last_seq, before, tip, signature, codec, raw_length,"
        " packed, ahead, carrier, received_ms, clock_offset_ms) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING no",
        node_no, segment.incarnation, segment.first, segment.last, segment.before, segment.tip, segment.signature,
        segment.codec, segment.raw_length, segment.packed, int(ahead), carrier, now_ms, clock_offset_ms,
    )  # fmt: skip
    return number


class Waiting(NamedTuple):
    """The oldest segment of an origin that has no verdicts yet."""

    node_no: int
    segment_no: int


def next_waiting(db: Db, without: Collection[int] = (), of: int | None = None) -> Waiting | None:
    """The oldest segment without verdicts, or None; `without` names origins that are left to others, `of` the only one wanted."""
    own = "" if of is None else " AND node_no = ?"
    others = f" AND node_no NOT IN ({','.join('?' * len(without))})" if without else ""
    row = db.one(
        f"SELECT node_no, no FROM inbox_segment WHERE applied_ms IS NULL{others}{own} ORDER BY no LIMIT 1",
        *without, *(() if of is None else (of,)),
    )  # fmt: skip
    return None if row is None else Waiting(*row)


def is_ours(db: Db, node_no: int) -> bool:
    """Whether this transaction may judge what an origin sent; it is the only one that may, until it ends."""
    return not db.postgres or is_judging(db, node_no)


def claim(db: Db, waiting: Waiting) -> Todo | None:
    """That segment, for this transaction alone to judge; None where another worker is at its origin, or was first.

    It is the oldest of its origin still: they are stored one after the other, so none with a lower number can appear.
    """
    if not is_ours(db, waiting.node_no):
        return None
    row = db.one(
        f"SELECT {_COLUMNS}, s.node_no, s.received_ms, s.clock_offset_ms, s.ahead FROM inbox_segment s"
        " JOIN node n ON n.no = s.node_no WHERE s.no = ? AND s.applied_ms IS NULL",
        waiting.segment_no,
    )
    return None if row is None else Todo(row)


def mark_applied(db: Db, segment_no: int, counts: dict[str, int], now_ms: int) -> None:
    """Note what became of a segment."""
    attention = any(counts.get(verdict) for verdict in ("conflict", "held", "quarantined", "denied"))
    db.run(
        "UPDATE inbox_segment SET applied_ms = ?, counts = ?, attention = ? WHERE no = ?",
        now_ms, json.dumps(counts), int(attention), segment_no,
    )  # fmt: skip


def segment_at(db: Db, node_no: int, incarnation: bytes, seq: int) -> Segment | None:
    """The stored segment that holds a seq, or None."""
    row = db.one(
        f"SELECT {_COLUMNS} FROM inbox_segment s JOIN node n ON n.no = s.node_no WHERE s.node_no = ? AND s.incarnation = ?"
        " AND s.last_seq >= ? AND s.ahead = 0 ORDER BY s.last_seq LIMIT 1",
        node_no, incarnation, seq,
    )  # fmt: skip
    return _segment(row) if row is not None and row[3] <= seq else None


def segment_no(db: Db, no: int) -> Segment | None:
    """The stored segment of a number, or None."""
    row = db.one(f"SELECT {_COLUMNS} FROM inbox_segment s JOIN node n ON n.no = s.node_no WHERE s.no = ?", no)
    return None if row is None else _segment(row)


def ahead_known(db: Db, node_no: int, incarnation: bytes, seq: int) -> bool:
    """Whether an urgent event that rode ahead is stored already."""
    return bool(
        db.one(
            "SELECT 1 FROM inbox_segment WHERE node_no = ? AND incarnation = ? AND last_seq = ? AND ahead = 1",
            node_no,
            incarnation,
            seq,
        )  # fmt: skip
    )


def backlog(db: Db) -> tuple[int, int | None]:
    """How many segments wait for their verdicts, and when the oldest of them came."""
    row = db.one("SELECT count(*), min(received_ms) FROM inbox_segment WHERE applied_ms IS NULL")
    return (0, None) if row is None else (int(row[0]), row[1])


def note_repeat(db: Db, node_no: int, item: Segment, now_ms: int) -> int:
    """Note that stored segments came again, as after a lost reply; it changes nothing else. Returns how many they were."""
    return db.run(
        "UPDATE inbox_segment SET repeats = repeats + 1, repeated_ms = ? WHERE node_no = ? AND incarnation = ? AND ahead = 0"
        " AND last_seq >= ? AND last_seq <= ?",
        now_ms, node_no, item.incarnation, item.first, item.last,
    )  # fmt: skip
