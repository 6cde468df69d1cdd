"""Looks at a machine's file from outside, without the machine's code: what is on disk is what counts."""

from __future__ import annotations

import marshal
import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import Any

from intake_app.config import Settings
from intake_app.node import DATABASE_FILE

_HOLDS = (
    "SELECT seq, hash, epoch FROM self_node",
    "SELECT acked, judged, settled FROM upstream",
    "SELECT id, version, state, view FROM entity ORDER BY no",
    "SELECT seq, verdict FROM journal ORDER BY life, seq",
    "SELECT scope, position, granted FROM scope_cursor ORDER BY no",
    "SELECT scope_no, entity_no, feed_seq, removed FROM held_row ORDER BY scope_no, entity_no",
    "SELECT entity FROM wanted ORDER BY entity",
    "SELECT no, tracking_code, status, own_seq, conflicts, refused FROM report ORDER BY no",
)


def eye_of(settings: Settings) -> Eye:
    """A reader of what an installation keeps: its file, or its database on a server."""
    if settings.database_url:
        return ServerEye(settings.database_url)
    return Eye(settings.instance / DATABASE_FILE)


class Eye:
    """A reader of one database file; a statement here costs a tenth of one through the machine's engine."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("PRAGMA query_only = 1")
        self._seen: dict[str, int] = {}
        self._digest = b""

    def all(self, sql: str, *args: Any) -> list[Any]:
        """Every row."""
        return self._connection.execute(sql, args).fetchall()

    def one(self, sql: str, *args: Any) -> Any:
        """The first row, or None."""
        return self._connection.execute(sql, args).fetchone()

    def value(self, sql: str, *args: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.one(sql, *args)
        return None if row is None else row[0]

    def changed(self, who: str) -> bool:
        """Whether anything was committed since this watcher asked last; always true the first time."""
        now = self.value("PRAGMA data_version")
        before, self._seen[who] = self._seen.get(who), now
        return before != now

    def digest(self) -> bytes:
        """All that a machine holds of events, states, cursors and acks, as one hash; read again only after a commit."""
        if not self.changed("digest"):
            return self._digest
        whole = sha256()
        for sql in _HOLDS:
            # Version 2: without references, which depend on how often Python happens to share an object.
            whole.update(marshal.dumps(self._connection.execute(sql).fetchall(), 2))
        self._digest = whole.digest()
        return self._digest

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


class ServerEye(Eye):
    """The same for a database on a server."""

    def __init__(self, address: str) -> None:
        import psycopg

        self._server: Any = psycopg.connect(address.replace("+psycopg", ""), autocommit=True)
        self._seen: dict[str, Any] = {}

    def all(self, sql: str, *args: Any) -> list[Any]:
        """Every row."""
        return list(self._server.execute(sql.replace("?", "%s"), args).fetchall())

    def one(self, sql: str, *args: Any) -> Any:
        """The first row, or None."""
        return self._server.execute(sql.replace("?", "%s"), args).fetchone()

    def changed(self, who: str) -> bool:
        """Whether anything was committed since this watcher asked last; always true the first time."""
        now = self.value("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
        before, self._seen[who] = self._seen.get(who), now
        return bool(before != now)

    def digest(self) -> bytes:
        """All that a machine holds of events, states, cursors and acks, as one hash."""
        return sha256(repr([self.all(sql) for sql in _HOLDS]).encode()).digest()

    def close(self) -> None:
        """Let go of the server."""
        self._server.close()
