"""SQLite's statements on the way straight to its driver: as small as they are here, SQLAlchemy's engine costs as much again.

The engine still makes, prepares and lends the connections, and what goes wrong is told in its exceptions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


class Rows:
    """What a statement gave, in the words of SQLAlchemy's results."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        """How many rows the statement touched."""
        return self._cursor.rowcount

    def first(self) -> Any:
        """The first row, or None; the statement is over with it."""
        row = self._cursor.fetchone()
        self._cursor.close()
        return row

    def all(self) -> list[Any]:
        """Every row."""
        return self._cursor.fetchall()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)


class Straight:
    """The driver's own connection under one of the engine's; raises sqlalchemy.exc.DBAPIError as that would."""

    def __init__(self, connection: Connection) -> None:
        self._dialect = connection.dialect
        self._driver: Any = connection.connection.dbapi_connection

    def run(self, sql: str, args: tuple[Any, ...]) -> Rows:
        """Run a statement."""
        try:
            return Rows(self._driver.execute(sql, args))
        except sqlite3.Error as reason:
            raise self._told(sql, args, reason) from reason

    def many(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run a statement once a row."""
        try:
            self._driver.executemany(sql, rows)
        except sqlite3.Error as reason:
            raise self._told(sql, tuple(rows[:1]), reason) from reason

    def _told(self, sql: str, args: tuple[Any, ...], reason: sqlite3.Error) -> Any:
        return DBAPIError.instance(sql, args, reason, sqlite3.Error, dialect=self._dialect)
