"""A test restore: unpack a backup into a folder of its own, look at it as at a node, and compare it with what it says it is.

Nothing of a start happens there: no new life, no new epoch, no exchange.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL
from sqlalchemy.exc import DatabaseError

from intake_app import archive
from intake_app.actions.verify_node import verify_node
from intake_app.archive import Manifest
from intake_app.clock import Clock
from intake_app.config import BadSettings, load_settings
from intake_app.node import DATABASE_FILE, KEY_FILE, SIDE_FILE, Node
from intake_app.store import audits, backups, journal, keys, schema
from intake_app.store.database import Db, open_database
from intake_app.store.directory import Directory
from intake_app.store.reference import Reference
from intake_app.store.shipped import load_directory
from intake_app.store.side_file import SideFile
from sync.errors import IntakeError, Refused

DRILL = ".drill-"


def counts_of(db: Db) -> dict[str, int]:
    """How much a database holds; what a restored one is compared by."""
    tables = {"events": "journal", "entities": "entity", "reports": "report", "stored": "inbox_event", "nodes": "node"}
    return {name: int(db.value(f"SELECT count(*) FROM {table}")) for name, table in tables.items()}


def differs(db: Db, manifest: Manifest) -> str | None:
    """In what a database is not the one that a manifest speaks of, as a word for a log; None where it is."""
    head = journal.head(db)
    tip = (head.seq, head.hash.hex(), head.incarnation.hex(), head.epoch.hex(), head.node.hex())
    if tip != (manifest.seq, manifest.hash, manifest.incarnation, manifest.epoch, manifest.node):
        return "another_tip"
    return None if counts_of(db) == manifest.counts else "other_counts"


@contextmanager
def looked_at(folder: Path, directory: Directory | None = None) -> Iterator[Node]:
    """The node whose files lie in a folder, to be looked at only."""
    settings = replace(load_settings(folder), database_url=None)
    database = open_database(
        URL.create("sqlite", database=str(folder / DATABASE_FILE)).render_as_string(), durable=False
    )
    try:
        schema.upgrade(database, folder)
        with database.read() as db:
            head = journal.head(db)
            reference = Reference(directory or load_directory(), head.office)
            reference.at(db)
        yield Node(
            settings, database, Clock(), reference, keys.load_key(folder / KEY_FILE),
            SideFile(folder / SIDE_FILE), secrets.token_bytes, head,
        )  # fmt: skip
    finally:
        database.close()


def compare(folder: Path, manifest: Manifest, directory: Directory | None = None) -> str | None:
    """What does not fit in unpacked files, as a few words for a log; None where all of it fits."""
    try:
        with looked_at(folder, directory) as node:
            with node.database.read() as db:
                problem = differs(db, manifest)
            if problem:
                return problem
            problems = verify_node(node).problems
            return ", ".join(sorted({str(one["what"]) for one in problems})) or None
    except (DatabaseError, BadSettings, OSError, ValueError) as reason:
        return type(reason).__name__


def restored_for_test(file: Path, temp: Path, directory: Directory | None, prefix: str = DRILL) -> str | None:
    """Restore a backup into a folder under `temp` and compare it; what is wrong with it, or None."""
    with TemporaryDirectory(prefix=prefix, dir=temp, ignore_cleanup_errors=True) as folder:
        try:
            manifest = archive.unpack(file, Path(folder))
        except IntakeError as reason:
            return reason.code
        return compare(Path(folder), manifest, directory)


def drill(node: Node, file: Path, by: bytes | None = None) -> str | None:
    """Restore a backup for a test and keep the result; what is wrong with it, or None. Raises Refused."""
    if not file.is_file():
        raise Refused("no_such_backup", file=str(file))
    started, seconds = node.clock.now_ms(), node.clock.seconds()
    problem = restored_for_test(file, node.settings.instance, node.directory)
    took = node.clock.seconds() - seconds
    with node.database.transaction() as db:
        backups.add_drill(db, backups.Drill(started, file.name, str(file.parent), problem is None, problem, took))
        audits.note(db, started, by, "backup.tested", file.name, problem=problem)
    return problem
