"""The shape of the database: made at once or brought up step by step, it is the same; an upgrade can be undone by a copy."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from intake_app.store import schema
from intake_app.store.database import Database, open_database
from sync.errors import Refused

HOME = Path(__file__).resolve().parents[2]
SECOND = """
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"

def upgrade() -> None:
    op.create_table("novelty", sa.Column("id", sa.Integer(), primary_key=True))
    {then}
"""
START = """
import sys
from pathlib import Path
from tests.creators import make_node
make_node(Path(sys.argv[1])).close()
make_node(Path(sys.argv[1])).close()
assert "alembic" not in sys.modules
"""


def empty(folder: Path, name: str) -> Database:
    return open_database(f"sqlite:///{folder / name}", durable=False)


def shape(database: Database) -> dict[str, str]:
    """Every table, index and search table by name, with the words that made it."""
    with database.read() as db:
        rows = db.all("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    database.close()
    return {
        row[0]: " ".join(row[1].split()).replace("IF NOT EXISTS ", "") for row in rows if row[0] != "alembic_version"
    }


def with_second_migration(folder: Path, monkeypatch: pytest.MonkeyPatch, then: str = "pass") -> None:
    """Let a copy of the migrations have one more, in which `then` runs last."""
    scripts = Path(shutil.copytree(schema.MIGRATIONS, folder / "migrations"))
    (scripts / "versions" / "0002_novelty.py").write_text(SECOND.format(then=then))
    monkeypatch.setattr(schema, "MIGRATIONS", scripts)
    monkeypatch.setattr(schema, "HEAD", "0002")


def test_a_database_brought_up_from_nothing_equals_one_made_at_once(tmp_path: Path) -> None:
    made, brought = empty(tmp_path, "made.db"), empty(tmp_path, "brought.db")
    schema.create(made)
    schema._migrate(brought)
    assert schema.revision(brought) == schema.HEAD
    assert shape(brought) == shape(made)


def test_the_newest_migration_is_the_one_the_code_expects() -> None:
    files = sorted(file.name[:4] for file in (schema.MIGRATIONS / "versions").glob("*.py"))
    assert files[-1] == schema.HEAD
    assert files == [f"{number:04d}" for number in range(1, len(files) + 1)]


def test_an_upgrade_copies_the_file_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = empty(tmp_path, "old.db")
    schema.create(database)
    with_second_migration(tmp_path, monkeypatch)
    copy = schema.upgrade(database, tmp_path)
    old = empty(tmp_path, f"backups/{Path(str(copy)).name}")
    assert (schema.revision(old), "novelty" in shape(old)) == ("0001", False)
    assert (schema.revision(database), "novelty" in shape(database)) == ("0002", True)


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = empty(tmp_path, "old.db")
    schema.create(database)
    with_second_migration(tmp_path, monkeypatch, "raise ZeroDivisionError")
    with pytest.raises(ZeroDivisionError):
        schema.upgrade(database, tmp_path)
    assert (schema.revision(database), "novelty" in shape(database)) == ("0001", False)


def test_a_migration_may_not_leave_rows_that_point_at_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = empty(tmp_path, "old.db")
    schema.create(database)
    columns = "(no, tracking_code, office, officer, unit, topic, channel, status, urgency, received_ms, summary)"
    orphan = f"op.execute(\"INSERT INTO report {columns} VALUES (9,'','','','','','','','',0,'')\")"
    with_second_migration(tmp_path, monkeypatch, orphan)
    with pytest.raises(RuntimeError, match="point at nothing"):
        schema.upgrade(database, tmp_path)
    assert (schema.revision(database), "novelty" in shape(database)) == ("0001", False)


def test_after_an_upgrade_references_are_checked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = empty(tmp_path, "old.db")
    schema.create(database)
    with_second_migration(tmp_path, monkeypatch)
    schema.upgrade(database, tmp_path)
    with database.read() as db:
        assert db.value("PRAGMA foreign_keys") == 1
    database.close()


def test_a_database_of_a_newer_version_is_refused_untouched(tmp_path: Path) -> None:
    database = empty(tmp_path, "new.db")
    schema.create(database)
    with database.transaction() as db:
        db.run("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Refused, match="newer_database"):
        schema.upgrade(database, tmp_path)
    database.close()
    assert not (tmp_path / "backups").exists()


def test_a_start_that_was_killed_while_making_tables_is_finished(tmp_path: Path) -> None:
    whole, begun = empty(tmp_path, "whole.db"), empty(tmp_path, "begun.db")
    schema.create(whole)
    schema.metadata.tables["journal"].create(begun.engine)
    schema.upgrade(begun, tmp_path)
    assert shape(begun) == shape(whole)


def test_a_normal_start_does_not_load_alembic(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", START, str(tmp_path / "0380")], cwd=HOME, check=True)
