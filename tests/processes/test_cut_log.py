"""A log that a power cut left half written: whole reports or nothing, and the person is told when the disk had lied."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake_app.actions.verify_node import verify_node
from tests.processes.cut_log import Logged, faults, reopened, write_reports


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Logged:
    """Three reports in a log that nobody has folded into the file."""
    return write_reports(tmp_path_factory.mktemp("log"), 3)


def test_cut_at_every_border_of_a_page_leaves_whole_reports(logged: Logged, tmp_path: Path) -> None:
    assert faults(logged, logged.borders(), tmp_path / "cut") == []


def test_cut_at_every_byte_of_the_last_commit_leaves_the_reports_before(logged: Logged, tmp_path: Path) -> None:
    last = len(logged.log) - logged.frame_bytes
    assert faults(logged, range(last, len(logged.log), 5), tmp_path / "cut") == []


def test_node_starts_from_every_cut_log_and_its_books_are_in_order(logged: Logged, tmp_path: Path) -> None:
    for length in (*logged.commits, *(end - 1 for end in logged.commits[1:]), len(logged.log) // 2):
        with reopened(logged, length, tmp_path / "cut") as node:
            # The side file lies elsewhere and remembers: that something is missing is all that may be said.
            assert {problem["what"] for problem in verify_node(node).problems} <= {"rolled_back"}


def test_flipped_byte_in_the_log_costs_no_report_before_it(logged: Logged, tmp_path: Path) -> None:
    at = logged.commits[2] + logged.frame_bytes // 2
    bent = logged.log[:at] + bytes([logged.log[at] ^ 8]) + logged.log[at + 1 :]
    damaged = Logged(logged.folder, bent, logged.commits[:3], logged.first_seq)
    assert faults(damaged, [len(bent)], tmp_path / "cut") == []
