"""Transactions: nothing is lost between writers, nothing is half done, readers see one moment."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from intake_app.store.database import Database, Db, open_database

HOME = Path(__file__).resolve().parents[2]
ADD_IN_A_PROCESS = """
import sys
from intake_app.store.database import open_database
database = open_database(sys.argv[1], durable=False)
for _ in range(150):
    with database.transaction() as db:
        value = db.value("SELECT value FROM counter")
        db.run("UPDATE counter SET value = ?", value + 1)
database.close()
"""


def add_one(database: Database) -> None:
    """Read, think, write: what loses updates where a transaction begins as a reader's."""
    with database.transaction() as db:
        db.run("UPDATE counter SET value = ?", value_of(db) + 1)


def value_of(db: Db) -> int:
    return int(db.value("SELECT value FROM counter"))


def count(database: Database) -> int:
    with database.read() as db:
        return value_of(db)


def test_eight_threads_adding_a_hundred_times_each_lose_nothing(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: add_one(database), range(800)))
    assert count(database) == 800


def test_two_processes_writing_at_once_lose_nothing(database: Database) -> None:
    url = str(database.engine.url)
    running = [subprocess.Popen([sys.executable, "-c", ADD_IN_A_PROCESS, url], cwd=HOME) for _ in range(2)]
    for _ in range(50):
        add_one(database)
    assert [process.wait(60) for process in running] == [0, 0]
    assert count(database) == 350


def test_a_reader_sees_one_moment_while_others_write(database: Database) -> None:
    with database.read() as db:
        before = value_of(db)
        add_one(database)
        assert (value_of(db), count(database)) == (before, before + 1)


def test_a_writer_holds_the_write_lock_from_its_first_moment(database: Database) -> None:
    other = open_database(str(database.engine.url), durable=False)
    with database.transaction(), other.read() as waiting:
        waiting.run("PRAGMA busy_timeout=0")
        with pytest.raises(OperationalError, match="locked"):
            waiting.run("UPDATE counter SET value = 9")
    other.close()


def test_what_fails_leaves_nothing_behind(database: Database) -> None:
    with suppress(ZeroDivisionError), database.transaction() as db:
        db.run("UPDATE counter SET value = 7")
        raise ZeroDivisionError
    assert count(database) == 0


def test_a_failed_writer_does_not_stop_the_next(database: Database) -> None:
    with pytest.raises(OperationalError), database.transaction() as db:
        db.run("UPDATE nowhere SET value = 7")
    add_one(database)
    assert count(database) == 1


def test_nothing_written_in_a_readers_block_is_kept(database: Database) -> None:
    with database.read() as db:
        db.run("UPDATE counter SET value = 7")
    assert count(database) == 0


def test_a_transaction_inside_a_transaction_is_refused(database: Database) -> None:
    with database.transaction() as db:
        with pytest.raises(RuntimeError, match="open already"), database.transaction():
            pass
        db.run("UPDATE counter SET value = 3")
    assert count(database) == 3


def test_what_was_to_follow_the_commit_follows_only_a_commit(database: Database) -> None:
    done: list[str] = []
    with suppress(ZeroDivisionError), database.transaction() as db:
        db.after_commit(lambda: done.append("failed"))
        raise ZeroDivisionError
    with database.transaction() as db:
        db.run("UPDATE counter SET value = 5")
        db.after_commit(lambda: done.append(f"durable {count(database)}"))
    assert done == ["durable 5"]


def test_a_real_database_waits_for_the_disk_and_checks_references(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'real.db'}")
    with database.read() as db:
        found = {name: db.value(f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "foreign_keys")}
    database.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_closing_leaves_one_file_to_copy(database: Database, tmp_path: Path) -> None:
    add_one(database)
    database.close()
    assert [file.name for file in tmp_path.glob("some.db*") if file.stat().st_size] == ["some.db"]
