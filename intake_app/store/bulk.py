"""How PostgreSQL is handed many values at once: lists as arrays, rows by COPY. One statement a row costs ten times as much.

SQLite needs none of it: there a statement is a call in the same process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, Integer, LargeBinary, MetaData, SmallInteger, Text
from sqlalchemy.exc import DBAPIError

ROWS_MIN = 2  # below this, one statement is as quick
_LIST = re.compile(r"\b(NOT )?IN \((\?(?:\s*,\s*\?)+)\)")
_INSERT = re.compile(r"INSERT INTO (\w+) \(([\w, ]+)\) VALUES \(\?(?:\s*,\s*\?)*\)( ON CONFLICT .+)?", re.DOTALL)
_TYPES = (
    (BigInteger, "bigint"),
    (SmallInteger, "smallint"),
    (Integer, "integer"),
    (LargeBinary, "bytea"),
    (Text, "text"),
)


class Spelling(NamedTuple):
    """A statement as the driver wants it; `takes` says of each of its parameters how many of ours go into it (0: one, alone)."""

    sql: str
    takes: tuple[int, ...]
    plain: bool  # every parameter takes one

    def arguments(self, args: Sequence[Any]) -> tuple[Any, ...]:
        """Our parameters as its own."""
        if self.plain:
            return tuple(args)
        found, at = [], 0
        for count in self.takes:
            found.append(list(args[at : at + count]) if count else args[at])
            at += count or 1
        return tuple(found)


@lru_cache(maxsize=2048)
def spelled(sql: str) -> Spelling:
    """The statement with `= ANY(array)` for each list: a list of another length is the same statement then, known and planned."""
    takes: list[int] = []
    parts, done = [], 0
    for found in _LIST.finditer(sql):
        before = sql[done : found.start()]
        count = found[2].count("?")
        takes += [0] * before.count("?") + [count]
        parts += [before, "<> ALL(?)" if found[1] else "= ANY(?)"]
        done = found.end()
    rest = sql[done:]
    takes += [0] * rest.count("?")
    text = "".join([*parts, rest]).replace("%", "%%").replace("?", "%s")
    return Spelling(text, tuple(takes), not any(takes))


class Bulk(NamedTuple):
    """An INSERT taken apart: table, columns, and what follows the values."""

    table: str
    columns: str
    tail: str


@lru_cache(maxsize=512)
def bulk_of(sql: str) -> Bulk | None:
    """The parts of a plain INSERT of parameters; None for any other statement."""
    found = _INSERT.fullmatch(sql)
    return Bulk(found[1], found[2], found[3] or "") if found else None


def copy_rows(connection: Connection, into: Bulk, rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows as one stream; raises what a statement would raise."""
    statement = f"COPY {into.table} ({into.columns}) FROM STDIN"
    with _copying(connection, statement) as out:
        for row in rows:
            out.write_row(row)


def rows_copied_out(connection: Connection, query: str, types: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Every row of a query as one stream: a cursor that fetches so many rows at once keeps them all, however long they are."""
    with _copying(connection, f"COPY ({query}) TO STDOUT (FORMAT BINARY)") as source:
        source.set_types(types)
        yield from source.rows()


@contextmanager
def _copying(connection: Connection, statement: str) -> Iterator[Any]:
    import psycopg  # an office has no need of it

    driver: Any = connection.connection.dbapi_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as stream:
            yield stream
    except psycopg.Error as problem:
        raise DBAPIError.instance(statement, None, problem, psycopg.Error, dialect=connection.dialect) from problem


@lru_cache(maxsize=128)
def unnested(metadata: MetaData, into: Bulk) -> str:
    """The INSERT of rows that come as one array a column."""
    columns = metadata.tables[into.table].columns
    arrays = ",".join(f"%s::{type_of(columns[name.strip()].type)}[]" for name in into.columns.split(","))
    return f"INSERT INTO {into.table} ({into.columns}) SELECT * FROM unnest({arrays}){into.tail}"


def type_of(found: Any) -> str:
    """What PostgreSQL calls the type of a column."""
    return next(name for kind, name in _TYPES if isinstance(found, kind))
