"""The SQLite of a simulated machine: it tells of every write, and lends its connections without a pool's ceremony.

This has the few things of an engine that `Database` asks for; `Database` itself, its transactions and everything
above it are the product's. One seed in 32 keeps the real engine.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, OperationalError

WRITES = ("INSERT", "UPDATE", "DELETE")


class FusedConnection(sqlite3.Connection):
    """The driver's own connection, which tells of each write before it is done; whoever is told may make it fail."""

    before_write: Callable[[str], None]

    def execute(self, sql: str, args: Any = ()) -> sqlite3.Cursor:
        """Run a statement."""
        self._tell(sql)
        return super().execute(sql, args)

    def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:
        """Run a statement once a row."""
        self._tell(sql)
        return super().executemany(sql, rows)

    def _tell(self, sql: str) -> None:
        if not sql.startswith(WRITES):
            return
        try:
            self.before_write("write")
        except OperationalError as reason:
            if "all undone" in str(reason) and self.in_transaction:
                super().execute("ROLLBACK")
            raise


def fuse_writes(engine: Engine, before_write: Callable[[str], None]) -> None:
    """Let an SQLite engine make connections that tell of their writes."""

    def connect(_dialect: Any, _record: Any, args: Any, named: Any) -> FusedConnection:
        made = sqlite3.connect(*args, factory=FusedConnection, **named)
        made.before_write = before_write
        return made

    event.listen(engine, "do_connect", connect)


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

    def exec_driver_sql(self, sql: str) -> Any:
        """Begin or end a transaction; all else goes to the driver anyway."""
        try:
            return self.connection.dbapi_connection.execute(sql)
        except sqlite3.Error as reason:
            raise DBAPIError.instance(sql, (), reason, sqlite3.Error, dialect=self.dialect) from reason

    def commit(self) -> None:
        """Nothing: our transactions are begun and ended by statements."""

    def rollback(self) -> None:
        """Nothing, for the same reason."""


class DirectEngine:
    """Hands out connections that the real engine has prepared."""

    def __init__(self, real: Engine) -> None:
        self.real = real
        self.dialect = real.dialect
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
