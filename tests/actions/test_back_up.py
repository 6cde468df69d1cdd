"""A backup is whole and verified or it is not there; what is safe in backups is told to the nodes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intake_app import archive
from intake_app.actions import back_up as module
from intake_app.actions.back_up import back_up
from intake_app.actions.drill import drill
from intake_app.locking import holding
from intake_app.node import Node
from intake_app.store import backups
from sync.errors import Refused
from tests.backing_up import make_alone
from tests.creators import record


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    made = make_alone(tmp_path / "0380")
    for _ in range(3):
        record(made)
    yield made
    made.close()


def files(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []


def with_folders(node: Node, *folders: Path, off: Path | None = None) -> Node:
    names = tuple(map(str, folders))
    return replace(
        node, settings=replace(node.settings, backup_folders=names, backup_off_machine=(str(off),) if off else ())
    )


def test_a_backup_holds_the_node_and_says_how_far_it_had_come(node: Node) -> None:
    done = back_up(node)
    assert (done.problem, done.manifest.seq, done.manifest.counts["reports"]) == (None, 3, 3)
    assert done.manifest.members.keys() >= {"intake.db", "settings.toml", "secret.key", "keys/node.key", "side"}
    assert files(node.settings.instance / "backups") == [done.name]


def test_nobody_else_may_read_a_backup(node: Node) -> None:
    file = Path((done := back_up(node)).folders[0]) / done.name
    assert os.name != "posix" or stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("at", [0.1, 0.5, 0.99])
def test_a_changed_or_cut_backup_is_told_from_a_whole_one(node: Node, tmp_path: Path, at: float) -> None:
    file = Path((done := back_up(node)).folders[0]) / done.name
    whole = file.read_bytes()
    place = int(len(whole) * at)
    for bad in (whole[:place], whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]):
        file.write_bytes(bad)
        assert drill(node, file) == "bad_backup"


def test_a_full_disk_leaves_no_half_file_and_the_old_backups(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    old = back_up(node).name

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "_add", full)
    with pytest.raises(Refused, match="no_room"):
        back_up(node)
    assert files(node.settings.instance / "backups") == [old]


def test_a_damaged_node_is_backed_up_and_not_called_verified(node: Node) -> None:
    with node.database.transaction() as db:
        db.run("UPDATE report SET status = 'closed'")
    assert back_up(node).problem == "row_differs"
    with node.database.read() as db:
        assert [one.verified_ms for one in backups.kept(db)] == [None]


def test_two_backups_at_once_are_not_made(node: Node) -> None:
    with holding(node.settings.instance / module.LOCK_FILE), pytest.raises(Refused, match="backup_runs"):
        back_up(node)


def test_a_folder_that_is_not_plugged_in_is_told_and_stops_no_other(node: Node, tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    first.mkdir()
    done = back_up(with_folders(node, first, second))
    assert (done.folders, done.missing) == ([str(first)], {str(second): "no_backup_folder"})


def test_safe_is_the_older_of_two_of_which_one_is_off_the_machine(node: Node, tmp_path: Path) -> None:
    first, away = tmp_path / "one", tmp_path / "away"
    first.mkdir(), away.mkdir()
    back_up(with_folders(node, first, away, off=away))
    with node.database.read() as db:
        assert backups.pair_of(backups.kept(db)) is None
    back_up(with_folders(node, first))
    with node.database.read() as db:
        newer, older = backups.pair_of(backups.kept(db)) or (None, None)
    assert newer and older and (newer.off_machine, older.off_machine) == (False, True)
