"""What people would pick instead, in turn with ours: PouchDB and Kinto, on the same records, through the same relay.

The packages come from the public registries at the first run (Node.js with npm, a virtual environment of their own) into the
folder that INTAKE_PEERS names. A peer that cannot run here is left out, and said so.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from intake_app.benchmarks import Figure
from tests.benchmarks.peers import kinto, ours, pouch
from tests.benchmarks.peers.packages import NotHere
from tests.benchmarks.peers.step import Step
from tests.processes.province import write_lines

NAME = "peers"
REPORTS = 10_000
ON_REQUEST = True
SLOW_SHARE = 20  # 500 of 10 000 go over the slow line
SLOW = {"kbit": 64.0, "round_trip_seconds": 0.3}


def run(reports: int) -> list[Figure]:
    """Every peer on a quick line, then PouchDB and ours on a slow one."""
    with tempfile.TemporaryDirectory() as name:
        file = write_lines(Path(name) / "lines.jsonl", reports)
        few = write_lines(Path(name) / "few.jsonl", max(1, reports // SLOW_SHARE))
        mine, push = ours.run(file, reports)
        figures = [*mine, *_against_pouch(file, reports, push)]
        for postgresql in (False, True):
            figures += _if_here(lambda on=postgresql: kinto.run(file, reports, postgresql=on))
        figures += _slow(few, max(1, reports // SLOW_SHARE))
    return figures


def _against_pouch(file: Path, reports: int, mine: Step) -> list[Figure]:
    def race() -> list[Figure]:
        figures, push = pouch.run(file, reports)
        ratio = Figure("ours applied and visible, times PouchDB's push", push.seconds / mine.seconds, "", "≥ 2")
        return [*figures, ratio]

    return _if_here(race)


def _slow(file: Path, reports: int) -> list[Figure]:
    figures = [
        Figure(f"slow line, {one.what}", one.value, one.unit) for one in _timed(ours.run(file, reports, **SLOW)[0])
    ]
    figures += [
        Figure(f"slow line, {one.what}", one.value, one.unit)
        for one in _timed(_if_here(lambda: pouch.run(file, reports, **SLOW)[0]))
    ]
    return figures


def _timed(figures: list[Figure]) -> list[Figure]:
    return [one for one in figures if one.unit in ("reports/s", "s", "B")]


def _if_here(race: Callable[[], list[Figure]]) -> list[Figure]:
    try:
        return race()
    except NotHere as missing:
        print(f"left out, not on this machine: {missing}", file=sys.stderr)
        return []
