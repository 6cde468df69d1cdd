"""How a node stands, in the words of `status --json`."""

from __future__ import annotations

from typing import Any

from intake_app.clock import iso
from intake_app.node import Node
from intake_app.store import journal, lists, lives, upstream
from intake_app.store.queue import queue_status
from intake_app.version import VERSION


def node_status(node: Node) -> dict[str, Any]:
    """Role, identity, counts by sync state, last contact, and whether all is in order."""
    with node.database.read() as db:
        head, queue = journal.head(db), queue_status(db)
        bound = upstream.load_upstream(db)
        reports = lists.count_reports(db)
        broken = db.value("SELECT count(*) FROM broken_promise")
        unjudged = db.value("SELECT count(*) FROM inbox_segment WHERE applied_ms IS NULL")
        states = lists.count_by_sync_state(db)
        life = lives.present(db)
    alarms = [
        *node.alarms, *([life.alarm] if life and life.alarm else []), *([bound.alarm] if bound and bound.alarm else []),
        *(["broken_promise"] if broken else []),
    ]  # fmt: skip
    alarms = list(dict.fromkeys(alarms))
    return {
        "role": head.role,
        "node": head.node.hex(),
        "office": head.office,
        "version": VERSION,
        "enrolled": queue.enrolled or node.is_central,
        "central": queue.central_url,
        "reports": reports,
        "sync_states": states,
        "events": head.seq,
        "waiting": queue.waiting,
        "oldest_waiting": iso(queue.oldest_ms) if queue.oldest_ms else None,
        "conflicts": queue.conflicts,
        "quarantined": queue.quarantined,
        "refused": queue.refused,
        "held": queue.held,
        "unjudged": unjudged,
        "last_contact": iso(queue.last_contact_ms) if queue.last_contact_ms else None,
        "last_error": queue.last_error_code,
        "clock_offset_seconds": queue.clock_offset_seconds,
        "life": _told(life),
        "alarms": alarms,
        "ok": not alarms and not broken,
    }


def _told(life: lives.Life | None) -> dict[str, Any] | None:
    """What happened to this computer's database, where anything did."""
    if life is None or life.reason == lives.FIRST:
        return None
    return {
        "number": life.life,
        "began": iso(life.began_ms),
        "reason": life.reason,
        "missing": life.missing,
        "again": life.again,
        "fetched": life.fetched,
        "reconciled": iso(life.reconciled_ms) if life.reconciled_ms else None,
    }
