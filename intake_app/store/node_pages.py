"""What the centre knows of one node beside its line in the list: its scopes, its lives, what of its segments waits here."""

from __future__ import annotations

import json
from dataclasses import dataclass

from intake_app.store.database import Db
from sync.routing import node_scope


@dataclass(frozen=True)
class NodeLife:
    """One life of a node's database as the centre heard of it."""

    incarnation: bytes
    began_ms: int | None
    ack: int
    judged: int
    reason: str | None
    after: bytes | None
    after_seq: int | None
    hole: int
    is_newest: bool


@dataclass(frozen=True)
class NodeDetails:
    """A node: what it may see, what it was, what waits."""

    scopes: tuple[str, ...]
    earlier_scopes: tuple[str, ...]  # granted once, and no more
    lives: list[NodeLife]
    segments_waiting: int
    segments: int
    last_batch: int | None
    alarm_ms: int | None
    open_refusals: int  # entries of it that the centre would not take and nobody has settled


def load_details(db: Db, node_no: int, node_id: bytes) -> NodeDetails:
    """What is known of a node that exists."""
    scopes, newest, alarm_ms = db.one("SELECT scopes, incarnation, alarm_ms FROM node WHERE no = ?", node_no) or (
        "[]",
        None,
        None,
    )
    own = tuple(scope for scope in json.loads(scopes) if scope != node_scope(node_id))
    ever = {row[0] for row in db.all("SELECT scope FROM node_grant WHERE node_no = ?", node_no)}
    waiting, every, last = db.one(
        "SELECT count(*) - count(applied_ms), count(*), max(no) FROM inbox_segment WHERE node_no = ?", node_no
    ) or (0, 0, None)
    refused = db.value(
        "SELECT count(*) FROM inbox_event WHERE (verdict = 'held' OR verdict = 'quarantined' OR verdict = 'denied')"
        " AND settled_by IS NULL AND node_no = ?",
        node_no,
    )
    return NodeDetails(
        own, tuple(sorted(ever - set(own))), _lives(db, node_no, newest), waiting, every, last, alarm_ms, refused
    )


def _lives(db: Db, node_no: int, newest: bytes | None) -> list[NodeLife]:
    rows = db.all(
        "SELECT incarnation, began_ms, ack, judged, reason, after_incarnation, after_seq, hole FROM node_life"
        " WHERE node_no = ? ORDER BY coalesce(began_ms, 0) DESC LIMIT 50",
        node_no,
    )
    return [NodeLife(*row, is_newest=row[0] == newest) for row in rows]
