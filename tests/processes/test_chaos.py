"""Seconds of chaos between real processes: whatever the lines do, nothing is lost, doubled or out of order."""

from __future__ import annotations

from pathlib import Path

from tests.processes.chaos import OFFICES, Chaos


def test_two_offices_on_broken_lines_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    result = Chaos(tmp_path, seed=22, seconds=5.0, hang_seconds=0.5).run()
    assert (result.lost, result.doubled, result.problems) == (0, 0, [])
    assert result.recorded > len(OFFICES) and len(result.faults) > 5, result
