"""The shape of the database: made at once for a new one, brought up step by step for an old one, after a copy of the file.

Alembic is loaded only when there is something to bring up: it costs a tenth of a second and 12 MB.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from intake_app.store import articles, postgres, publicity, search
from intake_app.store.database import Database, Db
from intake_app.store.tables_central import metadata
from sync.errors import Refused

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0001"


def create(database: Database) -> None:
    """Make every table of a new database; an existing one stays as it is."""
    if revision(database) is not None:
        return
    with database.transaction() as db:
        if db.postgres:
            postgres.check_new(db)
        make(db)


def make(db: Db) -> None:
    """Make the tables that are not there, as part of a transaction."""
    db.make_tables(metadata)
    search.create(db)
    articles.create(db)
    publicity.create(db)
    db.run("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    if db.one("SELECT 1 FROM alembic_version") is None:
        db.run("INSERT INTO alembic_version (version_num) VALUES (?)", HEAD)


def revision(database: Database) -> str | None:
    """The revision of a database, or None where there are no tables yet."""
    with database.read() as db:
        if not db.has_table("alembic_version"):
            return None
        found: str | None = db.value("SELECT version_num FROM alembic_version")
        return found


def upgrade(database: Database, instance: Path) -> str | None:
    """Bring an old database up to HEAD, after a copy of its file; returns the copy's path if one was made.

    Raises Refused("newer_database") for one that a newer version of the program has brought up already.
    """
    present = revision(database)
    if present == HEAD:
        return None
    if present is None:
        create(database)
        return None
    if present > HEAD:
        raise Refused("newer_database", revision=present, known=HEAD)
    copy = _copy(database, instance, present)
    with postgres.alone(database.engine, postgres.MAKING):
        if revision(database) != HEAD:  # else another worker that was started with this one has done it meanwhile
            _migrate(database)
    return copy


def _copy(database: Database, instance: Path, present: str) -> str | None:
    if database.engine.dialect.name != "sqlite":
        return None
    folder = instance / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"before-{HEAD}-from-{present}.db"
    copy_database(database, target)
    return str(target)


def copy_database(database: Database, target: Path) -> None:
    """Copy an SQLite database as it stands at this moment into a new file; whoever writes meanwhile is not held up."""
    with database.engine.connect() as connection, closing(sqlite3.connect(target)) as out:
        # In one step: with a write-ahead log a reader stops no writer, and a copy in parts would begin anew at each write.
        connection.connection.dbapi_connection.backup(out, pages=-1)  # type: ignore[union-attr]


def _migrate(database: Database) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["engine"] = database.engine
    command.upgrade(config, "head")
