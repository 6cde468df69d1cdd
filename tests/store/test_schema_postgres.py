"""The shape of a centre's database on PostgreSQL: made at once or brought up, by one of many at once, it is the same."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from intake_app.store import schema
from intake_app.store.database import Database, open_database
from sync.errors import Refused
from tests.postgres import shared_server
from tests.store.test_schema import with_second_migration

SHAPE = (
    (
        "SELECT table_name, column_name, data_type, is_nullable, coalesce(column_default, '') FROM information_schema.columns"
        " WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
    ),
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname",
    (
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
    ),
)


@pytest.fixture
def bare() -> Iterator[Database]:
    """A database without any table."""
    address = shared_server().bare()
    made = open_database(address, durable=False)
    yield made
    made.close()
    shared_server().drop(address)


def shape(database: Database) -> list[tuple[str, ...]]:
    """Every column, index and constraint."""
    with database.read() as db:
        rows = [tuple(row) for sql in SHAPE for row in db.all(sql)]
    return [row for row in rows if "alembic_version" not in row[0]]


def test_a_database_brought_up_from_nothing_equals_one_made_at_once(bare: Database) -> None:
    schema._migrate(bare)
    address = shared_server().new()
    made = open_database(address, durable=False)
    assert (schema.revision(bare), shape(bare)) == (schema.HEAD, shape(made))
    made.close()
    shared_server().drop(address)


def test_workers_that_find_it_empty_at_once_make_it_once(bare: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: schema.create(bare), range(4)))
    with bare.read() as db:
        assert db.all("SELECT version_num FROM alembic_version") == [(schema.HEAD,)]


def test_workers_that_find_it_old_at_once_bring_it_up_once(
    bare: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema.create(bare)
    with_second_migration(tmp_path, monkeypatch)
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda _: schema.upgrade(bare, tmp_path), range(3))) == [None] * 3
    assert (schema.revision(bare), "novelty" in str(shape(bare))) == ("0002", True)


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    bare: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema.create(bare)
    before = shape(bare)
    with_second_migration(tmp_path, monkeypatch, "raise ZeroDivisionError")
    with pytest.raises(ZeroDivisionError):
        schema.upgrade(bare, tmp_path)
    assert (schema.revision(bare), shape(bare)) == ("0001", before)


def test_a_database_that_is_not_in_utf8_is_refused() -> None:
    server = shared_server()
    server.run("CREATE DATABASE kit_ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    database = open_database(server.address("kit_ascii"), durable=False)
    with pytest.raises(Refused, match="database_encoding"):
        schema.create(database)
    database.close()
    server.drop(server.address("kit_ascii"))
