"""What figures of this moment cannot hold yet: offices that are silent, and what nodes said they have not sent."""

from __future__ import annotations

from dataclasses import dataclass

from intake_app.store.database import Db

HOUR_MS = 3_600_000
_NODES = (
    "SELECT office, last_seen_ms, unsent FROM node"
    " WHERE revoked_ms IS NULL AND id <> (SELECT node FROM self_node WHERE id = 1)"
)


@dataclass(frozen=True)
class Coverage:
    """Which offices are silent, and about how many entries have not arrived or not been judged."""

    silent: tuple[str, ...]
    missing: int


def coverage(db: Db, now_ms: int, silent_hours: int) -> Coverage:
    """What is known to be missing at this moment; of a silent office only what it said at its last contact is known.

    Silent is who has not called for so many hours, the ones after which the list of computers warns.
    """
    rows = db.all(_NODES)
    waiting = db.value("SELECT sum(last_seq - first_seq + 1) FROM inbox_segment WHERE applied_ms IS NULL")
    bound = now_ms - silent_hours * HOUR_MS
    heard = {row[0] for row in rows if row[1] is not None and row[1] > bound}
    silent = sorted({row[0] for row in rows} - heard)
    return Coverage(tuple(silent), sum(row[2] or 0 for row in rows) + int(waiting or 0))
