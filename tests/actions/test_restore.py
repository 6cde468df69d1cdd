"""A restore puts a proven node in place and keeps what was there; office and centre know that it happened."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.actions.node_status import node_status
from intake_app.actions.restore import restore
from intake_app.actions.verify_node import verify_node
from intake_app.locking import SERVE_LOCK, holding
from intake_app.node import DATABASE_FILE, KEY_FILE, Node
from intake_app.store import journal, lists
from sync.errors import BadMessage, Refused
from tests.backing_up import address_after, backed_up, bare_copy, make_alone, put_back, restored, stopped, with_files
from tests.creators import Province, make_node, province, record

TOWN, COAST = "0380", "0381"


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path, TOWN, COAST) as made:
        with_files(made.centre)
        yield made


def epoch(node: Node) -> bytes:
    with node.database.read() as db:
        return journal.head(db).epoch


def count(node: Node) -> int:
    with node.database.read() as db:
        return lists.count_reports(db)


def test_a_living_node_is_not_overwritten_unless_told(tmp_path: Path) -> None:
    node = make_alone(tmp_path / TOWN)
    file = backed_up(node)
    with pytest.raises(Refused, match="instance_in_use"):
        restore(file, tmp_path / TOWN)
    node.close()


def test_nothing_is_restored_under_a_running_node(tmp_path: Path) -> None:
    node = make_alone(tmp_path / TOWN)
    file = backed_up(node)
    with holding(tmp_path / TOWN / SERVE_LOCK), pytest.raises(Refused, match="serve_runs"):
        restore(file, tmp_path / TOWN, in_its_place=True)
    node.close()


def test_what_was_there_is_kept_aside_with_backups_and_logs_in_place(tmp_path: Path) -> None:
    node = make_alone(tmp_path / TOWN)
    file = backed_up(node)
    record(node)
    node.close()
    done = restore(file, tmp_path / TOWN, in_its_place=True, database=address_after(node))
    assert done.aside is not None and (done.aside / KEY_FILE).exists()
    assert file.exists() and (tmp_path / TOWN / KEY_FILE).exists()
    assert (tmp_path / TOWN / DATABASE_FILE).exists() == (done.aside / DATABASE_FILE).exists() == (not done.server)


@pytest.mark.parametrize("keep", [0.2, 0.9])
def test_a_cut_backup_changes_nothing(tmp_path: Path, keep: float) -> None:
    node = make_alone(tmp_path / TOWN)
    file = backed_up(node)
    node.close()
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * keep)])
    before = sorted(one.name for one in (tmp_path / TOWN).iterdir())
    with pytest.raises(Refused, match="bad_backup"):
        restore(file, tmp_path / TOWN, in_its_place=True)
    assert sorted(one.name for one in (tmp_path / TOWN).iterdir() if one.name != SERVE_LOCK) == before


def test_a_node_can_be_restored_into_an_empty_folder(tmp_path: Path) -> None:
    node = make_alone(tmp_path / TOWN)
    record(node)
    file = backed_up(node)
    node.close()
    address = address_after(node)
    restore(file, tmp_path / "new", database=address)
    again = make_node(tmp_path / "new", node.head.role, node.head.office, address=address)
    assert (again.head.node, count(again), verify_node(again).problems) == (node.head.node, 1, [])
    again.close()


def test_a_restored_centre_begins_a_new_epoch_and_gets_everything_again(both: Province) -> None:
    both.record(TOWN)
    both.sync()
    file, before = backed_up(both.centre), epoch(both.centre)
    for office in (TOWN, COAST, COAST):
        both.record(office)
    both.sync()
    restored(both, file)
    assert (epoch(both.centre) != before, count(both.centre)) == (True, 1)
    both.sync()
    assert count(both.centre) == 4
    assert all(verify_node(node).ok for node in (both.centre, *both.offices.values()))


def test_a_restored_centre_begins_one_epoch_not_one_at_each_start(both: Province) -> None:
    restored(both, backed_up(both.centre))
    first = epoch(both.centre)
    with stopped(both):
        pass
    assert epoch(both.centre) == first


def test_a_bare_copy_put_back_is_noticed_at_the_start(both: Province) -> None:
    both.record(TOWN)
    both.sync()
    before = epoch(both.centre)
    copy = bare_copy(both)
    both.record(TOWN)
    both.sync()
    with put_back(both, copy):
        pass
    assert epoch(both.centre) != before
    assert "epoch_forced" in node_status(both.centre)["alarms"]
    both.sync()
    assert count(both.centre) == 2


def test_a_whole_disk_put_back_is_noticed_by_the_nodes(both: Province, tmp_path: Path) -> None:
    both.record(TOWN)
    both.sync()
    before = epoch(both.centre)
    copy = bare_copy(both)
    shutil.copytree(both.centre.settings.instance, tmp_path / "disk")
    both.record(TOWN)
    both.sync()
    with put_back(both, copy) as folder:
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "disk", folder)
    assert epoch(both.centre) == before
    both.sync()
    assert (epoch(both.centre) != before, count(both.centre)) == (True, 2)
    assert node_status(both.node(TOWN))["waiting"] == 0


def test_a_node_that_the_restored_centre_never_met_is_told_so(both: Province, tmp_path: Path) -> None:
    file = backed_up(both.centre)
    with both.centre.database.transaction() as db:
        db.run("DELETE FROM node WHERE id = ?", both.node(COAST).head.node)
    both.record(COAST)
    with pytest.raises(BadMessage, match="unknown_node"):
        both.sync(COAST)
    assert file.exists() and node_status(both.node(COAST))["last_error"] == "unknown_node"
