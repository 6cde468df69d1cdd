"""What nodes pushed after they were shut out: signed segments, kept apart, applied to nothing until the node is let in again."""

from __future__ import annotations

from typing import NamedTuple

from intake_app.store.database import Db
from sync.segment import Segment

SEGMENTS_MAX = (
    500  # of one node: whoever stole it shall not fill the disk; it has no ack, so it still holds the rest itself
)
_COLUMNS = (
    "a.no, a.incarnation, a.first_seq, a.last_seq, a.before, a.tip, a.codec, a.raw_length, a.packed, a.signature, a.carrier,"
    " a.received_ms, a.clock_offset_ms"
)


class Kept(NamedTuple):
    """A segment kept apart, and how it came."""

    no: int
    segment: Segment
    carrier: str
    received_ms: int
    clock_offset_ms: int | None


def keep(db: Db, node_no: int, item: Segment, carrier: str, now_ms: int, clock_offset_ms: int) -> bool:
    """Keep a segment; False where it is there already or the node has filled its room."""
    if db.value("SELECT count(*) FROM kept_apart WHERE node_no = ? AND let_in_ms IS NULL", node_no) >= SEGMENTS_MAX:
        return False
    return bool(
        db.run(
            "INSERT INTO kept_apart (node_no, incarnation, first_seq, last_seq, before, tip, signature, codec, raw_length,"
            " packed, carrier, received_ms, clock_offset_ms) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
            " ON CONFLICT (node_no, incarnation, tip) DO NOTHING",
            node_no, item.incarnation, item.first, item.last, item.before, item.tip, item.signature, item.codec,
            item.raw_length, item.packed, carrier, now_ms, clock_offset_ms,
        )
    )  # fmt: skip


def waiting(db: Db, node_no: int, node_id: bytes) -> list[Kept]:
    """What was kept apart of a node and not let in yet, in the order of its seqs."""
    rows = db.all(
        f"SELECT {_COLUMNS} FROM kept_apart a WHERE a.node_no = ? AND a.let_in_ms IS NULL"
        " ORDER BY a.incarnation, a.first_seq, a.last_seq",
        node_no,
    )
    return [
        Kept(
            row[0],
            Segment(node_id, row[1], row[2], row[3] - row[2] + 1, *row[4:10]),
            *row[10:13],
        )
        for row in rows
    ]  # fmt: skip


def let_in(db: Db, no: int, now_ms: int) -> None:
    """Note that a segment has gone its way to the inbox."""
    db.run("UPDATE kept_apart SET let_in_ms = ? WHERE no = ?", now_ms, no)


def counts(db: Db) -> dict[int, int]:
    """How far the events kept apart of each node reach beyond the first of them, summed over its lives."""
    rows = db.all(
        "SELECT node_no, incarnation, max(last_seq) - min(first_seq) + 1 FROM kept_apart WHERE let_in_ms IS NULL"
        " GROUP BY node_no, incarnation"
    )
    found: dict[int, int] = {}
    for node_no, _, events in rows:
        found[node_no] = found.get(node_no, 0) + events
    return found
