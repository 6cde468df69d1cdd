"""What a node knows of its central: the binding, how far events are stored there, when they last talked."""

from __future__ import annotations

from dataclasses import dataclass

from intake_app.store.database import Db
from sync.cycle import Summary
from sync.protocol import Cursor

TRIES_KEPT = 500


@dataclass(frozen=True)
class Upstream:
    """The binding to central and how it stands."""

    url: str
    central: bytes
    public_key: bytes
    acked: int
    judged: int
    settled: int
    safe: int
    renewing: bool
    failures: int
    next_try_ms: int
    last_try_ms: int | None
    last_contact_ms: int | None
    last_error: str | None
    clock_offset_ms: int | None
    bytes_per_second: int | None
    segment_target: int | None
    alarm: str | None
    run_total: int | None
    run_at_ms: int | None


@dataclass(frozen=True)
class Try:
    """One run of the exchange."""

    at_ms: int
    ok: bool
    error_code: str | None
    sent: int
    received: int
    bytes_up: int
    bytes_down: int
    seconds: float


_COLUMNS = (
    "url, central, public_key, acked, judged, settled, safe, renewing, failures, next_try_ms, last_try_ms, last_contact_ms,"
    " last_error, clock_offset_ms, bytes_per_second, segment_target, alarm, run_total, run_at_ms"
)


def load_upstream(db: Db) -> Upstream | None:
    """The binding to central, or None before enrolment."""
    row = db.one(f"SELECT {_COLUMNS} FROM upstream WHERE id = 1")
    return Upstream(*row) if row else None


def bind(db: Db, url: str, central: bytes, public_key: bytes) -> None:
    """Bind this node to a central; binding to the same one again changes its address only."""
    db.run(
        "INSERT INTO upstream (id, url, central, public_key) VALUES (1,?,?,?) ON CONFLICT (id) DO UPDATE SET"
        " url = excluded.url, central = excluded.central, public_key = excluded.public_key, next_try_ms = 0, failures = 0",
        url, central, public_key,
    )  # fmt: skip


def cursors(db: Db) -> list[Cursor]:
    """How far each granted scope was read."""
    rows = db.all("SELECT scope, position, anew FROM scope_cursor WHERE granted = 1 ORDER BY scope")
    return [Cursor(row[0], row[1], bool(row[2])) for row in rows]


def grant(db: Db, scopes: list[str]) -> None:
    """Take over the scopes that central grants; one that is new, or granted again, is read from its beginning."""
    present = {row[0]: row[1] for row in db.all("SELECT scope, granted FROM scope_cursor")}
    for scope in scopes:
        if scope not in present:
            db.run("INSERT INTO scope_cursor (scope) VALUES (?)", scope)
        elif not present[scope]:
            db.run("UPDATE scope_cursor SET granted = 1, position = 0, anew = 1 WHERE scope = ?", scope)


def leave(db: Db, scopes: list[str]) -> list[int]:
    """Give up the scopes that central grants no more; returns their numbers, for what lay in them has to go too."""
    left = [row for row in db.all("SELECT no, scope FROM scope_cursor WHERE granted = 1") if row[1] not in scopes]
    db.many("UPDATE scope_cursor SET granted = 0 WHERE no = ?", [(row[0],) for row in left])
    return [row[0] for row in left]


def note_try(db: Db, row: Try) -> None:
    """Keep what became of a run; the oldest go."""
    db.run(
        "INSERT INTO sync_try (at_ms, ok, error, sent, received, bytes_up, bytes_down, millis) VALUES (?,?,?,?,?,?,?,?)",
        row.at_ms, int(row.ok), row.error_code, row.sent, row.received, row.bytes_up, row.bytes_down, round(row.seconds * 1000),
    )  # fmt: skip
    db.run("DELETE FROM sync_try WHERE no <= (SELECT max(no) FROM sync_try) - ?", TRIES_KEPT)


def note_run(db: Db, started: int, error: str | None, summary: Summary, seconds: float) -> None:
    """Keep a run on the sync page; one that moved nothing and went well is not worth a line."""
    if error is None and not summary.sent and not summary.received:
        last = tries(db, 1)
        if last and last[0].ok:
            return
    moved = (summary.sent, summary.received, summary.bytes_up, summary.bytes_down)
    note_try(db, Try(started, error is None, error, *moved, seconds))


def tries(db: Db, limit: int = 50) -> list[Try]:
    """The last runs, newest first."""
    rows = db.all(
        "SELECT at_ms, ok, error, sent, received, bytes_up, bytes_down, millis FROM sync_try ORDER BY no DESC LIMIT ?",
        limit,
    )
    return [Try(row[0], bool(row[1]), *row[2:7], row[7] / 1000) for row in rows]
