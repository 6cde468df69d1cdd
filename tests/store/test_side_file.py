"""The side file: it remembers the furthest the journal has come, whatever happens to one of its halves."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake_app.actions.node_status import node_status
from intake_app.node import Node, open_node
from intake_app.store import lives
from intake_app.store.side_file import SLOT_BYTES, Mark, SideFile
from tests.creators import make_node, record

LIFE, OTHER_LIFE = b"\1" * 8, b"\2" * 8


def mark(seq: int, life: bytes = LIFE) -> Mark:
    return Mark(life, seq, bytes([seq % 256]) * 32)


@pytest.fixture
def side(tmp_path: Path) -> SideFile:
    return SideFile(tmp_path / "side")


def torn(side: SideFile, slot: int) -> None:
    """Overwrite the middle of a slot, as a power cut in a write does."""
    data = bytearray(side.path.read_bytes())
    data[slot * SLOT_BYTES + 120 : slot * SLOT_BYTES + 140] = b"\0" * 20
    side.path.write_bytes(bytes(data))


def test_where_nothing_was_written_there_is_no_mark(side: SideFile) -> None:
    assert side.read() is None


def test_the_newest_mark_is_read(side: SideFile) -> None:
    for seq in (1, 2, 7):
        side.write(mark(seq))
    assert side.read() == mark(7)


def test_an_older_mark_of_the_same_life_is_ignored(side: SideFile) -> None:
    side.write(mark(7))
    side.write(mark(6))
    assert side.read() == mark(7)


@pytest.mark.parametrize("slot", [0, 1])
def test_a_torn_slot_leaves_the_other(side: SideFile, slot: int) -> None:
    side.write(mark(1))
    side.write(mark(2))
    torn(side, slot)
    assert side.read() == (mark(2), mark(1))[slot]


def test_a_torn_slot_is_written_again(side: SideFile) -> None:
    side.write(mark(1))
    side.write(mark(2))
    torn(side, 0)
    side.write(mark(3))
    torn(side, 1)
    assert side.read() == mark(3)


def test_a_new_life_begins_again_at_a_lower_seq(side: SideFile) -> None:
    for seq in (8, 9):
        side.write(mark(seq))
    side.write(mark(1, OTHER_LIFE))
    assert side.read() == mark(1, OTHER_LIFE)


def test_a_file_of_something_else_is_no_mark(side: SideFile) -> None:
    side.path.write_bytes("giấy tờ".encode() * 100)
    assert side.read() is None
    side.write(mark(4))
    assert side.read() == mark(4)


def test_every_saved_report_moves_the_mark(node: Node) -> None:
    record(node)
    record(node)
    found = node.side_file.read()
    assert found is not None
    assert (found.incarnation, found.seq) == (node.head.incarnation, 2)


def reason_of(node: Node) -> str | None:
    """Why the present life of a node began."""
    with node.database.read() as db:
        found = lives.present(db)
    return found and found.reason


def test_a_database_behind_its_side_file_begins_another_life(node: Node, tmp_path: Path) -> None:
    node.side_file.write(Mark(node.head.incarnation, 5, b"\5" * 32))
    again = make_node(tmp_path / "0380")
    found = again.side_file.read()
    assert (again.head.life, reason_of(again)) == (2, "rolled_back")
    assert found is not None and found.incarnation == again.head.incarnation != node.head.incarnation


def test_a_database_with_another_history_begins_another_life(node: Node, tmp_path: Path) -> None:
    for _ in range(3):
        record(node)
    node.side_file.path.unlink()
    node.side_file.write(Mark(node.head.incarnation, 2, b"\7" * 32))
    assert reason_of(make_node(tmp_path / "0380")) == "rolled_back"


def test_a_database_from_before_the_life_of_its_side_file_begins_another(node: Node, tmp_path: Path) -> None:
    record(node)
    node.side_file.write(mark(1, OTHER_LIFE))
    assert reason_of(make_node(tmp_path / "0380")) == "rolled_back"


def test_a_side_file_of_a_life_that_ended_here_is_brought_up(node: Node, tmp_path: Path) -> None:
    before = node.side_file.path.read_bytes()
    node.side_file.write(mark(9, OTHER_LIFE))
    second = make_node(tmp_path / "0380")
    second.side_file.path.write_bytes(before)
    third = make_node(tmp_path / "0380")
    assert (third.head.life, third.head.incarnation) == (2, second.head.incarnation)


def test_another_machine_begins_another_life_and_raises_no_alarm(node: Node) -> None:
    record(node)
    moved = open_node(node.settings, clock=node.clock, directory=node.directory, machine=b"\1" * 16)
    again = open_node(node.settings, clock=node.clock, directory=node.directory, machine=b"\1" * 16)
    assert (moved.head.life, again.head.life, reason_of(moved)) == (2, 2, "machine_changed")
    assert node_status(again)["alarms"] == []
    moved.close()
    again.close()


@pytest.mark.parametrize("lost", ["the whole file", "the last mark"])
def test_a_side_file_that_lags_behind_is_brought_up(node: Node, tmp_path: Path, lost: str) -> None:
    record(node)
    before = node.side_file.path.read_bytes()
    record(node)
    node.side_file.path.unlink() if lost == "the whole file" else node.side_file.path.write_bytes(before)
    again = make_node(tmp_path / "0380")
    again.close()
    found = again.side_file.read()
    assert (again.head.life, found and found.seq) == (1, 2)
