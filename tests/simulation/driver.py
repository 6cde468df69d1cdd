"""Carries the statements of a simulated machine straight to its SQLite file.

SQLAlchemy's engine costs ten times what SQLite does for statements as small as these. This has the
few things of an engine that `Database` asks for; `Database` itself, its transactions and everything
above it are the product's. One seed in 32 keeps the real engine.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

WRITES = ("INSERT", "UPDATE", "DELETE")


class Rows:
    """What a statement gave."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor
        self.rowcount = cursor.rowcount

    def first(self) -> Any:
        """The first row, or None."""
        row = self._cursor.fetchone()
        self._cursor.close()
        return row

    def all(self) -> list[Any]:
        """Every row."""
        return self._cursor.fetchall()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)


class _Held:
    """The way from a connection to the driver's own, as SQLAlchemy spells it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.dbapi_connection = connection


class Wired:
    """A connection that is checked out."""

    closed = invalidated = False

    def __init__(self, engine: DirectEngine, connection: sqlite3.Connection) -> None:
        self.engine = engine
        self.dialect = engine.dialect
        self.connection = _Held(connection)

    def __enter__(self) -> Wired:
        return self

    def __exit__(self, *problem: object) -> None:
        self.engine.give_back(self.connection.dbapi_connection)

    def exec_driver_sql(self, sql: str, args: Sequence[Any] = (), execution_options: object = None) -> Rows:
        """Run a statement, once or, for a list of rows, once a row."""
        driver = self.connection.dbapi_connection
        if sql.startswith(WRITES):
            try:
                self.engine.before_write("write")
            except OperationalError as reason:
                if "all undone" in str(reason) and driver.in_transaction:
                    driver.execute("ROLLBACK")
                raise
        try:
            return Rows(driver.executemany(sql, args) if isinstance(args, list) else driver.execute(sql, args))
        except sqlite3.Error as reason:
            raise DBAPIError.instance(sql, args, reason, sqlite3.Error, dialect=self.dialect) from reason

    def commit(self) -> None:
        """Nothing: our transactions are begun and ended by statements."""

    def rollback(self) -> None:
        """Nothing, for the same reason."""


class DirectEngine:
    """Hands out connections that the real engine has prepared."""

    def __init__(self, real: Engine, before_write: Callable[[str], None]) -> None:
        self.real = real
        self.dialect = real.dialect
        self.before_write = before_write
        self._idle: list[tuple[sqlite3.Connection, Any]] = []
        self._out: dict[int, Any] = {}

    def connect(self) -> Wired:
        """A connection, an idle one where there is one."""
        if not self._idle:
            pooled = self.real.raw_connection()
            self._idle.append((pooled.dbapi_connection, pooled))  # type: ignore[arg-type]
        driver, pooled = self._idle.pop()
        self._out[id(driver)] = pooled
        return Wired(self, driver)

    def give_back(self, driver: sqlite3.Connection) -> None:
        """Take a connection back; one in the middle of a transaction is rolled back as a pool would."""
        pooled = self._out.pop(id(driver), None)
        if pooled is None:
            return
        if driver.in_transaction:
            driver.execute("ROLLBACK")
        self._idle.append((driver, pooled))

    def dispose(self) -> None:
        """Close every connection."""
        for _, pooled in self._idle:
            pooled.close()
        self._idle.clear()
        self.real.dispose()
