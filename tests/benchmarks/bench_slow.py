"""500 reports over a line of 64 kbit/s with a round trip of 300 ms, there and to a second computer."""

from __future__ import annotations

import tempfile
from pathlib import Path

from intake_app.benchmarks import Figure
from tests.benchmarks.exchanger import Exchanged, Exchanger
from tests.benchmarks.proxy import Counts, Proxy
from tests.processes.computer import Computer
from tests.processes.province import write_lines

NAME = "slow"
REPORTS = 500
KBIT = 64
ROUND_TRIP_SECONDS = 0.3
KNOWN = 40  # reports sent before, so that the node knows how slow its line is


def run(reports: int) -> list[Figure]:
    """Pushes on a line whose speed is not known yet and on one that is; rests; pulls."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        centre = Computer(folder / "centre", "central", "1022")
        with Proxy(centre.port, kbit=KBIT, round_trip_seconds=ROUND_TRIP_SECONDS) as line, centre.serving():
            fresh, known, second = (
                _bound(folder / place, number, centre, line)
                for place, number in (("fresh", "0381"), ("known", "0380"), ("second", "0380"))
            )
            first, _, _ = _exchanged(fresh, line, write_lines(folder / "a.jsonl", reports), reports)
            _exchanged(known, line, write_lines(folder / "b.jsonl", KNOWN, start=20_000), KNOWN)
            _exchanged(second, line, None, 0)
            push, up, idle = _exchanged(known, line, write_lines(folder / "c.jsonl", reports), reports)
            pull, down, _ = _exchanged(second, line, None, 0)
    assert (push.sent, push.waiting, pull.received) == (reports, 0, reports), (push, pull)
    return [
        Figure(f"push of {reports}, speed of the line known", push.seconds, "s", "≤ 10.5"),
        Figure(f"push of {reports}, speed of the line not known yet", first.seconds, "s"),
        Figure("push, bytes a report both ways", (up.up + up.down) / reports, "B", "≤ 150"),
        Figure("push, requests", up.requests, ""),
        Figure(f"pull of {reports} into another computer", pull.seconds, "s", "≤ 10.5"),
        Figure("pull, bytes a report both ways", (down.up + down.down) / reports, "B", "≤ 150"),
        Figure("pull, requests", down.requests, ""),
        Figure("idle exchange on a warm connection", idle.seconds, "s", "≤ 0.4"),
    ]


def _bound(folder: Path, office: str, centre: Computer, line: Proxy) -> Computer:
    made = Computer(folder, "office", office)
    made.enroll_at(centre, line.url)
    return made


def _exchanged(computer: Computer, line: Proxy, file: Path | None, reports: int) -> tuple[Exchanged, Counts, Exchanged]:
    """One exchange of what the file brings and one with nothing to say; the account's event goes first, by itself."""
    with Exchanger(computer, line.url) as node:
        if file is not None:
            node.reconcile()
            assert computer.call("record", str(file), "--json").json["recorded"] == reports
        line.take_counts()
        done = node.reconcile()
        counts = line.take_counts()
        return done, counts, node.reconcile()
