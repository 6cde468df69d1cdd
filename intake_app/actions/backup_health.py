"""How a node stands with its backups: the newest, the last test restore, and what is to be worried about."""

from __future__ import annotations

from typing import NamedTuple

from intake_app.node import Node
from intake_app.store import backups
from intake_app.store.backups import Drill, Kept
from intake_app.store.database import Db

HOUR_MS = 3600 * 1000
# A computer that is off over a long weekend makes its backup when it is on again: until then nobody need be told.
STALE_HOURS_MIN = 96
STALE_TIMES = 3
DRILL_DAYS = 7


class BackupHealth(NamedTuple):
    """What a person should know of the backups of this node; `alarm` is a code or None."""

    newest_ms: int | None
    verified: bool
    off_machine: bool
    drill: Drill | None
    alarm: str | None


def backup_health(node: Node, db: Db) -> BackupHealth:
    """How a node stands with its backups."""
    found, last = backups.kept(db), backups.last_drill(db)
    verified = [one for one in found if one.verified_ms is not None]
    newest = verified[0] if verified else None
    away = any(one.off_machine for one in verified)
    alarm = None
    if last is not None and not last.ok:
        alarm = "drill_failed"
    elif _is_stale(node, db, newest):
        alarm = "backup_stale"
    elif node.settings.backup_off_machine and found and not away:
        alarm = "backup_not_away"
    return BackupHealth(newest.made_ms if newest else None, bool(found) and found[0] == newest, away, last, alarm)


def _is_stale(node: Node, db: Db, newest: Kept | None) -> bool:
    hours = node.settings.backup_hours
    if not hours:
        return False
    since: int = newest.made_ms if newest else db.value("SELECT created_ms FROM self_node WHERE id = 1")
    return node.clock.now_ms() - since > max(hours * STALE_TIMES, STALE_HOURS_MIN) * HOUR_MS


def is_due(node: Node) -> bool:
    """Whether a scheduled backup should be made now; a clock that was set back waits for no year to come round."""
    hours = node.settings.backup_hours
    if not hours:
        return False
    with node.database.read() as db:
        found = [one for one in backups.kept(db) if one.verified_ms is not None]
        created: int = db.value("SELECT created_ms FROM self_node WHERE id = 1")
    since = found[0].made_ms if found else created
    return abs(node.clock.now_ms() - since) >= hours * HOUR_MS
