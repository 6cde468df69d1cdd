"""What waits and what went wrong, from the journal itself: never guessed from whether a cable is plugged in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from intake_app.store import conflicts, journal, upstream
from intake_app.store.database import Db
from intake_app.store.tables import IS_REFUSED
from sync.event import EventBytes, from_bytes
from sync.ingest import REFUSED

RUN_FRESH_MS = 5 * 60 * 1000  # the longest an exchange may take


@dataclass(frozen=True)
class Queue:
    """How a node stands with its central."""

    waiting: int
    oldest_ms: int | None
    conflicts: int
    quarantined: int
    refused: int
    held: int
    last_contact_ms: int | None
    last_try_ms: int | None
    last_error_code: str | None
    next_try_ms: int | None
    clock_offset_seconds: int | None
    enrolled: bool
    central_url: str | None
    alarm: str | None
    safe: int | None  # of this life's events, in two verified backups of the centre
    sending_total: int | None  # while a run is under way that takes more than one exchange


@dataclass(frozen=True)
class RefusedEvent:
    """An event that the centre holds back or does not take, with its reason as a code."""

    event: str
    seq: int
    kind: str
    at: int
    verdict: str
    code: str
    params: dict[str, Any]
    report_id: bytes
    tracking_code: str | None
    summary: str | None


def queue_status(db: Db, now_ms: int | None = None) -> Queue:
    """How the queue stands now; only with the time it can tell whether a run is under way."""
    head = journal.head(db)
    bound = upstream.load_upstream(db)
    acked = head.seq if head.role == "central" else (bound.acked if bound else 0)
    counts = {
        row[0]: row[1]
        for row in db.all(
            f"SELECT verdict, count(*) FROM journal WHERE {IS_REFUSED} AND settled_by IS NULL GROUP BY verdict"
        )
    }
    return Queue(
        waiting=head.seq - acked,
        oldest_ms=oldest_unsent_ms(db, head, acked),
        conflicts=conflicts.count(db),
        quarantined=counts.get("quarantined", 0),
        refused=sum(counts.get(verdict, 0) for verdict in REFUSED),
        held=counts.get("held", 0),
        last_contact_ms=bound.last_contact_ms if bound else None,
        last_try_ms=bound.last_try_ms if bound else None,
        last_error_code=bound.last_error if bound else None,
        next_try_ms=bound.next_try_ms if bound else None,
        clock_offset_seconds=round(bound.clock_offset_ms / 1000)
        if bound and bound.clock_offset_ms is not None
        else None,
        enrolled=bound is not None,
        central_url=bound.url if bound else None,
        alarm=bound.alarm if bound else None,
        safe=bound.safe if bound else None,
        sending_total=_sending(bound, now_ms) if bound else None,
    )


@dataclass(frozen=True)
class WaitingEvent:
    """An event that the centre has not stored yet."""

    kind: str
    at: int
    report_id: bytes
    tracking_code: str | None
    summary: str | None


def waiting_events(db: Db, limit: int = 20) -> list[WaitingEvent]:
    """What waits to be sent, in the order in which it goes."""
    head, bound = journal.head(db), upstream.load_upstream(db)
    rows = db.all(
        "SELECT j.kind, j.header, j.open, j.private, e.id, r.tracking_code, r.summary FROM journal j"
        " JOIN entity e ON e.no = j.entity_no LEFT JOIN report r ON r.no = j.entity_no"
        " WHERE j.life = ? AND j.seq > ? ORDER BY j.seq LIMIT ?",
        head.life, bound.acked if bound else 0, limit,
    )  # fmt: skip
    return [WaitingEvent(row[0], from_bytes(EventBytes(*row[1:4])).at_ms, row[4], row[5], row[6]) for row in rows]


def _sending(bound: upstream.Upstream, now_ms: int | None) -> int | None:
    """How many events the run under way set out to send; a run that was killed is not under way."""
    if bound.run_total is None or bound.run_at_ms is None or now_ms is None:
        return None
    return bound.run_total if 0 <= now_ms - bound.run_at_ms < RUN_FRESH_MS else None


def oldest_unsent_ms(db: Db, head: journal.Head, acked: int) -> int | None:
    """When the oldest event that central has not stored was made."""
    if head.seq <= acked:
        return None
    row = db.one("SELECT header, open, private FROM journal WHERE life = ? AND seq = ?", head.life, acked + 1)
    return None if row is None else from_bytes(EventBytes(*row)).at_ms


def refused_events(db: Db, limit: int = 200) -> list[RefusedEvent]:
    """This node's events that the centre refused or holds back, newest first."""
    rows = db.all(
        "SELECT j.event, j.seq, j.kind, j.header, j.open, j.private, j.verdict, j.code, j.params, e.id, r.tracking_code, r.summary"
        " FROM journal j JOIN entity e ON e.no = j.entity_no LEFT JOIN report r ON r.no = j.entity_no"
        f" WHERE j.no IN (SELECT no FROM journal WHERE {IS_REFUSED} AND settled_by IS NULL) ORDER BY j.no DESC LIMIT ?",
        limit,
    )
    return [
        RefusedEvent(
            row[0].hex(), row[1], row[2], from_bytes(EventBytes(*row[3:6])).at_ms, row[6], row[7] or "",
            json.loads(row[8]) if row[8] else {}, row[9], row[10], row[11],
        )
        for row in rows
    ]  # fmt: skip
