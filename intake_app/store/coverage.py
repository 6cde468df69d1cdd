"""What figures of this moment cannot hold yet: offices that are silent, and what nodes said they have not sent."""

from __future__ import annotations

from dataclasses import dataclass

from intake_app.store.database import Db

SILENT_HOURS = 24  # from then on the list of computers calls a node silent too
HOUR_MS = 3_600_000
# What a node says it has not sent includes what comes with that very message: the two are kept with the same time.
_NODES = (
    "SELECT n.office, n.last_seen_ms, n.unsent - coalesce((SELECT CASE WHEN s.received_ms = n.last_seen_ms"
    " THEN s.last_seq - s.first_seq + 1 ELSE 0 END FROM inbox_segment s WHERE s.node_no = n.no"
    " AND s.incarnation = n.incarnation ORDER BY s.last_seq DESC LIMIT 1), 0)"
    " FROM node n WHERE n.revoked_ms IS NULL AND n.id <> (SELECT node FROM self_node WHERE id = 1)"
)


@dataclass(frozen=True)
class Coverage:
    """Which offices are silent, and about how many entries have not arrived or not been judged."""

    silent: tuple[str, ...]
    missing: int


def coverage(db: Db, now_ms: int) -> Coverage:
    """What is known to be missing at this moment; of a silent office only what it said at its last contact is known."""
    rows = db.all(_NODES)
    waiting = db.value("SELECT sum(last_seq - first_seq + 1) FROM inbox_segment WHERE applied_ms IS NULL")
    bound = now_ms - SILENT_HOURS * HOUR_MS
    heard = {row[0] for row in rows if row[1] is not None and row[1] > bound}
    silent = sorted({row[0] for row in rows} - heard)
    return Coverage(tuple(silent), sum(max(0, row[2] or 0) for row in rows) + int(waiting or 0))
