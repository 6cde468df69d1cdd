"""Real installations over HTTP, restored from a copy or copied and run twice: nothing lost, nothing doubled, nobody needed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from intake_app.actions.accounts import actor_of
from intake_app.actions.record_report import record_lines
from intake_app.config import load_settings
from intake_app.node import open_node
from intake_app.store.accounts import first_administrator
from tests.benchmarks.generate import make_lines
from tests.processes.computer import Computer, free_port
from tests.processes.province import Province, province


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path) as made:
        yield made


def record(computer: Computer, count: int, start: int) -> None:
    """Record so many reports at once, in this process, which saves a start of Python."""
    with closing(open_node(load_settings(computer.folder))) as node:
        with node.database.read() as db:
            first = first_administrator(db)
        assert first is not None
        assert record_lines(node, actor_of(first), list(enumerate(make_lines(count, start=start)))).recorded == count


def sync(computer: Computer) -> dict[str, object]:
    said = computer.call("sync", "--json")
    assert said.status == 0, said.err
    return said.json


def agreed(centre: Computer, *offices: Computer) -> bool:
    return all(one.confirmed() == centre.confirmed() and one.problems() == [] for one in (centre, *offices))


def codes(computer: Computer) -> list[str]:
    return [row[0] for row in computer.rows("SELECT tracking_code FROM report")]


def test_a_folder_put_back_from_a_copy_loses_nothing_that_the_centre_had(two: Province, tmp_path: Path) -> None:
    office, copy = two.office, tmp_path / "copy"
    record(office, 20, 0)
    sync(office)
    shutil.copytree(office.folder, copy)
    record(office, 5, 20)
    sync(office)
    shutil.rmtree(office.folder)
    copy.rename(office.folder)
    record(office, 3, 25)
    done = sync(office)
    status = office.call("status", "--json").json
    assert (done["waiting"], status["alarms"], status["life"]["reason"]) == (0, [], "fork")
    assert len(codes(two.centre)) == len(set(codes(two.centre))) == 28
    assert agreed(two.centre, office)
    assert two.centre.rows("SELECT count(*) FROM audit WHERE action = 'node.reincarnated'") == [(1,)]


def twin_of(office: Computer, folder: Path) -> Computer:
    """Another machine with the same files; it does not know that it is a copy."""
    shutil.copytree(office.folder, folder)
    twin = object.__new__(Computer)
    twin.folder, twin.office, twin.port = folder, office.office, free_port()
    return twin


def test_two_machines_with_one_identity_in_turn_lose_nothing(two: Province, tmp_path: Path) -> None:
    office = two.office
    record(office, 5, 0)
    sync(office)
    twin = twin_of(office, tmp_path / "twin")
    for turn in range(2):
        for at, machine in enumerate((office, twin)):
            record(machine, 2, 100 * turn + 10 * at + 5)
            sync(machine)
    for machine in (office, twin):
        sync(machine)
    assert len(codes(two.centre)) == len(set(codes(two.centre))) == 13
    assert agreed(two.centre, office, twin)
    assert two.centre.rows("SELECT alarm FROM node WHERE office = '0380'") == [("two_machines",)]
