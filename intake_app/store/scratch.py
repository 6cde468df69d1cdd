"""Values that are put aside for a while, however many: on disk where memory would not do, and gone with the process."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

CACHE_KIB = 16_384


class Scratch:
    """Values by key."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, key: bytes, value: bytes) -> None:
        """Keep a value; it takes the place of the one before."""
        self._connection.execute("INSERT OR REPLACE INTO kept (key, value) VALUES (?,?)", (key, value))

    def get(self, key: bytes) -> bytes | None:
        """The value of a key, or None."""
        row = self._connection.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
        return None if row is None else bytes(row[0])


@contextmanager
def scratch() -> Iterator[Scratch]:
    """A place for values that lasts as long as the block."""
    # An address without a name is a file that SQLite makes when its cache is full, and that nobody else can open.
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{CACHE_KIB}"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE kept (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
        connection.execute("BEGIN")
        yield Scratch(connection)
