"""The centre's bad day with real processes: backup, more work, the database destroyed, restore, and everybody equal again."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from intake_app.actions.reconcile import SyncSummary, reconcile
from intake_app.actions.record_report import record_lines
from intake_app.config import load_settings
from intake_app.node import Node, open_node
from sync.transport import HttpLink
from tests.benchmarks.generate import make_lines
from tests.creators import somebody
from tests.processes.computer import Computer

TOWN, COAST = "0380", "0381"


def exchanged(node: Node, centre: Computer) -> SyncSummary | None:
    with closing(HttpLink(centre.url)) as link:
        return reconcile(node, link, ignore_backoff=True)


def worked(computer: Computer, centre: Computer, count: int, start: int) -> None:
    """Reports recorded on this computer and, at an office, sent; in this process, which saves starts of Python."""
    with closing(open_node(load_settings(computer.folder))) as node:
        done = record_lines(node, somebody(node), list(enumerate(make_lines(count, start=start))))
        assert done.recorded == count
        if not node.is_central:
            said = exchanged(node, centre)
            assert said is not None and said.waiting == 0


def test_a_centre_restored_from_a_backup_gets_back_what_came_after_it(tmp_path: Path) -> None:
    centre = Computer(tmp_path / "centre", "central", "1022")
    offices = [Computer(tmp_path / office, "office", office) for office in (TOWN, COAST)]
    with centre.serving():
        for at, office in enumerate(offices):
            office.enroll_at(centre)
            worked(office, centre, 25, at * 1000)
        made = centre.call("backup", "--json").json
        for at, office in enumerate(offices):
            worked(office, centre, 15, at * 1000 + 500)
        worked(centre, centre, 5, 5000)
    for file in centre.folder.glob("intake.db*"):
        file.write_bytes(b"\0" * 4096)
    said = centre.call("restore", made["file"], "--replace", "--json")
    assert (made["verified"], said.status) == (True, 0), said.err
    with centre.serving():
        for office in (*offices, *offices):
            worked(office, centre, 0, 0)
    everything = centre.confirmed()
    assert len(everything) == 2 * 25 + 2 * 15 + 5
    assert all(everything[report] == state for office in offices for report, state in office.confirmed().items())
    assert all(len(office.confirmed()) >= 40 for office in offices)
    assert [computer.problems() for computer in (centre, *offices)] == [[], [], []]
