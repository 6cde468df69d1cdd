"""A database carried over into another one, PostgreSQL's into an SQLite file or the other way round: one moment, row by row.

All tables go over but the search indexes, which each database has in a form of its own: they are made anew. Memory stays flat,
however much there is.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Table

from intake_app.store import articles, bulk, postgres, reports, schema
from intake_app.store.database import Database, Db, open_database
from intake_app.store.entities import load_numbers
from intake_app.store.tables_central import metadata
from sync.errors import Refused

INDEXED_AT_ONCE = 500
# The file is thrown away where anything goes wrong, and is packed and fsynced afterwards: a journal would only double it.
_FOR_FILLING = ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -32768")


def fill_file(source: Database, target: Path) -> None:
    """Fill a new SQLite file from a PostgreSQL database as it stands at this moment; whoever writes there is not held up."""
    address = URL.create("sqlite", database=str(target)).render_as_string()
    with _disk_told():
        file = open_database(address, durable=False)
        try:
            schema.create(file)
            file.close()
            _pour_into(source, target)
            _index(file)
        finally:
            file.close()


def _pour_into(source: Database, target: Path) -> None:
    with source.read() as db, closing(sqlite3.connect(target, isolation_level=None)) as out:
        for pragma in _FOR_FILLING:
            out.execute(f"PRAGMA {pragma}")
        out.execute("BEGIN")
        for table in metadata.sorted_tables:
            names = [column.name for column in table.columns]
            into = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({','.join('?' * len(names))})"
            out.executemany(into, db.copied_out(_everything_of(table), _types_of(table)))
        out.execute("COMMIT")


def _index(file: Database) -> None:
    with file.read() as db:
        last = db.value("SELECT max(no) FROM entity") or 0
    for start in range(1, last + 1, INDEXED_AT_ONCE):
        with file.transaction() as db:
            _index_some(db, start)


def _index_some(db: Db, start: int) -> None:
    found = load_numbers(db, range(start, start + INDEXED_AT_ONCE)).values()
    reports.index_reports(db, [one for one in found if one.type == "report"], {})
    articles.save_articles(db, found)


def fill_server(source: Database, db: Db) -> None:
    """Fill an empty PostgreSQL database from an SQLite file, as part of a transaction.

    Raises Refused where it holds anything: nothing is ever written over what may be somebody's only copy.
    """
    postgres.check_new(db)
    if postgres.holds_tables(db):
        raise Refused("database_not_empty", database=db.value("SELECT current_database()"))
    schema.make(db)
    with source.read() as rows:
        for table in metadata.sorted_tables:
            names = ", ".join(column.name for column in table.columns)
            db.copied_in(bulk.Bulk(table.name, names, ""), rows.stream(_everything_of(table)))
        last = rows.value("SELECT max(no) FROM entity") or 0
    for table in metadata.sorted_tables:
        postgres.go_on_counting(db, table)
    for start in range(1, last + 1, INDEXED_AT_ONCE):
        _index_some(db, start)


def _everything_of(table: Table) -> str:
    return f"SELECT {', '.join(column.name for column in table.columns)} FROM {table.name}"


def _types_of(table: Table) -> list[str]:
    return [bulk.type_of(column.type) for column in table.columns]


@contextmanager
def _disk_told() -> Iterator[None]:
    """What SQLite says of a full disk, as the system says it."""
    try:
        yield
    except sqlite3.OperationalError as problem:
        if "full" not in str(problem):
            raise
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from problem
