"""How a node stands, in the words of `status --json`."""

from __future__ import annotations

from typing import Any

from intake_app.actions.backup_health import BackupHealth, backup_health
from intake_app.clock import iso
from intake_app.node import Node
from intake_app.store import epochs, holdings, journal, lists, lives, upstream
from intake_app.store.queue import queue_status
from intake_app.version import VERSION

FORCED_TOLD_MS = 7 * 24 * 3600 * 1000


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
        backup, read_anew_ms = backup_health(node, db), holdings.last_read_anew(db)
        own_waiting = db.value("SELECT count(*) FROM own_waiting")
        forced = node.is_central and epochs.forced_since(db, node.clock.now_ms() - FORCED_TOLD_MS)
    told = (
        life.alarm if life and not node.is_central else None, bound.alarm if bound else None, backup.alarm,
        "broken_promise" if broken else None, "epoch_forced" if forced else None,
    )  # fmt: skip
    alarms = list(dict.fromkeys([*node.alarms, *(alarm for alarm in told if alarm)]))
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
        "last_read_anew": iso(read_anew_ms) if read_anew_ms else None,
        "last_error": queue.last_error_code,
        "clock_offset_seconds": queue.clock_offset_seconds,
        "own_waiting": own_waiting,
        "safe": bound.safe if bound else None,
        "backup": _of_backups(backup),
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


def _of_backups(found: BackupHealth) -> dict[str, Any]:
    """The newest backup and the last test restore."""
    return {
        "newest": iso(found.newest_ms) if found.newest_ms else None,
        "verified": found.verified,
        "off_machine": found.off_machine,
        "last_drill": iso(found.drill.at_ms) if found.drill else None,
        "drill_ok": found.drill.ok if found.drill else None,
        "drill_problem": found.drill.problem if found.drill else None,
    }
