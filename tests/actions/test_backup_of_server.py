"""A centre on PostgreSQL is backed up as one moment and put back whole, into another server's database or into a file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.back_up import back_up
from intake_app.actions.restore import restore
from intake_app.actions.verify_node import verify_node
from intake_app.config import BadSettings, load_settings
from intake_app.locking import SERVE_LOCK
from intake_app.node import DATABASE_FILE
from intake_app.store import crossing, lists, search
from intake_app.store.crossing import fill_file
from intake_app.store.database import Db, open_database
from intake_app.store.postgres import with_driver
from intake_app.store.upstream import load_upstream
from sync.errors import NoDatabase, Refused
from tests.backing_up import backed_up, restored, stopped, with_files
from tests.creators import POSTGRES, SQLITE, Province, make_node, province
from tests.postgres import postgres_address, shared_server

TOWN = "0380"
SECONDS = 60


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path, TOWN, database=POSTGRES) as found:
        with_files(found.centre)
        yield found


def count(address: str) -> int:
    """How many reports there are in a database; -1 where it holds no tables."""
    database = open_database(with_driver(address), durable=False)
    try:
        with database.read() as db:
            return lists.count_reports(db) if db.has_table("report") else -1
    finally:
        database.close()


def files(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if one.name != SERVE_LOCK)


def moved(made: Province, file: Path, address: str | None) -> None:
    """The centre put back out of a backup, on that database or in its folder."""
    folder = made.centre.settings.instance
    made.centre.close()
    restore(file, folder, in_its_place=True, database=address or SQLITE)
    assert load_settings(folder).database_url == address
    made.centre = make_node(folder, "central", "1022", made.clock, address)


class Interrupted:
    """The centre's database, in which something happens after a table has been read."""

    def __init__(self, made: Province, act: Callable[[], object]) -> None:
        self.database, self.act = made.centre.database, act

    @contextmanager
    def read(self) -> Iterator[Any]:
        with self.database.read() as db:
            self.db: Db = db
            yield self

    def copied_out(self, query: str, types: list[str]) -> Iterator[Any]:
        yield from self.db.copied_out(query, types)
        if query.endswith("FROM entity"):
            self.act()


def test_a_backup_made_while_offices_exchange_is_one_moment(made: Province, tmp_path: Path) -> None:
    made.record(TOWN)
    made.sync()
    fill_file(Interrupted(made, lambda: (made.record(TOWN), made.sync())), tmp_path / "copy.db")
    copy = replace(made.centre, database=open_database(f"sqlite:///{tmp_path / 'copy.db'}", durable=False))
    with copy.database.read() as db, made.centre.database.read() as now:
        assert (lists.count_reports(db), lists.count_reports(now)) == (1, 2)
    assert verify_node(copy).problems == []
    copy.close()


def test_a_disk_that_fills_up_meanwhile_is_told_and_nothing_stays(
    made: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        made.record("1022", details="Chi tiết. " * 200)
    monkeypatch.setattr(crossing, "_FOR_FILLING", (*crossing._FOR_FILLING, "max_page_count = 1"))
    with pytest.raises(Refused, match="no_room"):
        back_up(made.centre)
    assert files(made.centre.settings.instance / "backups") == []


def test_nothing_is_restored_into_a_database_that_holds_anything(made: Province) -> None:
    file, other = backed_up(made.centre), postgres_address()
    with stopped(made) as folder:
        before = files(folder)
        for address in (None, other):
            with pytest.raises(Refused, match="database_not_empty"):
                restore(file, folder, in_its_place=True, database=address)
        assert files(folder) == before
    assert made.centre.head.seq == 0


def test_a_server_that_does_not_answer_leaves_the_folder_as_it_was(made: Province) -> None:
    file = backed_up(made.centre)
    with stopped(made) as folder:
        before = files(folder)
        with pytest.raises(NoDatabase, match="database_away"):
            restore(file, folder, in_its_place=True, database="postgresql://kit@127.0.0.1:1/kit")
        assert files(folder) == before


def test_a_database_of_no_known_kind_is_refused_without_its_password(made: Province, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="bad_setting") as refusal:
        restore(backed_up(made.centre), tmp_path / "new", database="mysql://kit:geheim@127.0.0.1/kit")
    assert "geheim" not in str(refusal.value.params)


@pytest.mark.parametrize("begins", [SQLITE, POSTGRES])
def test_a_centre_moves_from_one_database_to_the_other(tmp_path: Path, begins: str) -> None:
    with province(tmp_path, TOWN, database=begins) as made:
        with_files(made.centre)
        early = made.record(TOWN, summary="Ống nước vỡ")
        made.sync()
        moved(made, backed_up(made.centre), shared_server().bare() if begins == SQLITE else None)
        late, own = made.record(TOWN), made.record("1022")
        made.sync()
        assert made.centre.database.postgres == (begins == SQLITE)
        assert all(made.holds("1022", one) for one in (early, late, own)) and made.holds(TOWN, own)
        with made.centre.database.read() as db:
            assert len(search.find_numbers(db, "ong nuoc vo", 9)) == 1
        assert [verify_node(node).problems for node in (made.centre, made.node(TOWN))] == [[], []]


def test_every_number_goes_on_after_a_restore(made: Province) -> None:
    made.record(TOWN)
    made.sync()
    restored(made, backed_up(made.centre))
    with made.centre.database.transaction() as db:
        for table in ("entity", "inbox_event", "inbox_segment", "journal", "audit", "node", "backup"):
            newest = db.value(f"SELECT max(no) FROM {table}") or 0
            assert db.next_numbers(table, 1)[0] > newest, table


def test_an_office_is_told_what_is_safe_in_two_backups(made: Province, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    folders = {"backup_folders": (str(away),), "backup_off_machine": (str(away),)}
    made.centre = replace(made.centre, settings=replace(made.centre.settings, **folders))
    told = []
    for _ in range(3):
        made.record(TOWN)
        made.sync()
        back_up(made.centre)
        made.record(TOWN)
        made.sync()
        with made.node(TOWN).database.read() as db:
            told.append(load_upstream(db).safe)
    assert told == [0, 1, 3]


DIES = """
import os, sys
from pathlib import Path
from intake_app import archive
from intake_app.actions import back_up, restore
from intake_app.config import load_settings
from intake_app.node import open_node
from intake_app.store import crossing

what, folder, file, address = sys.argv[1:]
def die(*_args, **_more):
    os.kill(os.getpid(), 9)
if what == "backup":
    archive.write_archive = die
    back_up.back_up(open_node(load_settings(Path(folder))))
elif what == "filling":
    crossing.postgres.go_on_counting = die
else:
    restore._mark = die
restore.restore(Path(file), Path(folder), in_its_place=True, database=address)
"""


def dies(what: str, folder: Path, file: Path, address: str = "") -> None:
    command = [sys.executable, "-c", DIES, what, str(folder), str(file), address]
    assert subprocess.run(command, timeout=SECONDS, check=False).returncode == -9


def test_a_killed_backup_leaves_nothing_behind_once_the_next_is_made(made: Province) -> None:
    folder = made.centre.settings.instance
    dies("backup", folder, folder)
    left = list((folder / "backups").iterdir())
    file = backed_up(made.centre)
    assert [one.name[:8] for one in left] == [".making-"]
    assert list((folder / "backups").iterdir()) == [file]


@pytest.mark.parametrize(("moment", "there"), [("filling", -1), ("filled", 1)])
def test_a_killed_restore_leaves_the_node_as_it_was_and_can_be_repeated(
    made: Province, moment: str, there: int
) -> None:
    made.record(TOWN)
    made.sync()
    file, address = backed_up(made.centre), shared_server().bare()
    made.record(TOWN)
    made.sync()
    with stopped(made) as folder:
        dies(moment, folder, file, address)
    assert (count(address), count(str(made.centre.settings.database_url))) == (there, 2)
    moved(made, file, address)
    made.sync()
    assert count(address) == 2 and not list(made.centre.settings.instance.glob(".restoring-*"))
    assert not (made.centre.settings.instance / DATABASE_FILE).exists()


def test_a_database_that_went_on_after_a_restore_is_not_taken_for_its_beginning(made: Province) -> None:
    file, address = backed_up(made.centre), shared_server().bare()
    moved(made, file, address)
    with stopped(made) as folder, pytest.raises(Refused, match="database_not_empty"):
        restore(file, folder, in_its_place=True, database=address)
