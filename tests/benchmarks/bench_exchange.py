"""10,000 reports from an office to the centre and on to a second computer of that office, each a process, over HTTP; then edits.

The bytes are those on the connection in both directions, heads of HTTP included, without TLS.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from intake_app.benchmarks import Figure
from intake_app.node import DATABASE_FILE
from tests.benchmarks.edits import settle
from tests.benchmarks.exchanger import Exchanger
from tests.benchmarks.floor import write_bare
from tests.benchmarks.gauges import cpu_seconds, peak_memory_mib
from tests.benchmarks.proxy import Counts, Proxy
from tests.processes.computer import Computer, Serving
from tests.processes.province import write_lines

NAME = "exchange"
REPORTS = 10_000
EDITS = 1_000  # of reports that both computers of the office hold
FILL_REPORTS = 10_000  # of one push while the centre is filled
OPTIONS = ("stored",)
UNSEEN_SHARE = 5  # a fifth of the reports is enough for the bytes of unseen prose


def run(reports: int, stored: int = 0) -> list[Figure]:
    """Pushes, rests, pulls, edits on both sides, and pushes once more in words the dictionary was not made of.

    With `stored`, office and centre hold that many reports before the push; the rest is left out then.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        centre = Computer(folder / "centre", "central", "1022")
        with Proxy(centre.port) as line, centre.serving() as server:
            office, second, other = (
                _bound(folder / place, number, centre, line)
                for place, number in (("first", "0380"), ("second", "0380"), ("other", "0381"))
            )
            if stored:
                _fill(office, line, folder, stored)
                return _marked(_pushed(office, line, server, folder, reports), stored)
            figures = _pushed(office, line, server, folder, reports)
            figures.append(_peak("push", server))
            figures += _floor(centre, folder, reports)
            figures += _pulled(second, line, reports)
            figures.append(_peak("pull", server))
            edits = min(EDITS, reports)
            seconds = settle(office, second, line, edits)
            figures.append(Figure(f"{edits} edits on both sides settled by field, none lost", seconds, "s", "≤ 0.3"))
            figures += _unseen(other, line, folder, reports // UNSEEN_SHARE)
    return figures


def _bound(folder: Path, office: str, centre: Computer, line: Proxy) -> Computer:
    made = Computer(folder, "office", office)
    made.enroll_at(centre, line.url)
    with Exchanger(made, line.url) as node:
        node.reconcile()
    return made


def _record(office: Computer, file: Path, reports: int) -> None:
    said = office.call("record", str(file), "--json")
    assert said.json["recorded"] == reports, said.err


def _fill(office: Computer, line: Proxy, folder: Path, stored: int) -> None:
    """Give the office and the centre reports to hold, in pushes of a size that was measured."""
    for start in range(0, stored, FILL_REPORTS):
        count = min(FILL_REPORTS, stored - start)
        _record(office, write_lines(folder / "stored.jsonl", count, start=1_000_000 + start), count)
        with Exchanger(office, line.url) as node:
            node.reconcile()


def _marked(figures: list[Figure], stored: int) -> list[Figure]:
    """The figures of the push with the goal that it has among so many reports; what is no matter of them goes."""
    goals = {"push, acked, durable at both ends": "", "push, applied, visible at both ends": "≥ 5000"}
    kept = [figure for figure in figures if figure.what in goals]
    return [replace(figure, what=f"{figure.what}, {stored} stored", goal=goals[figure.what]) for figure in kept]


def _pushed(office: Computer, line: Proxy, server: Serving, folder: Path, reports: int) -> list[Figure]:
    _record(office, write_lines(folder / "lines.jsonl", reports), reports)
    with Exchanger(office, line.url) as node:
        line.take_counts()
        cpu = cpu_seconds(server.process.pid)
        done = node.reconcile()
        cpu = cpu_seconds(server.process.pid) - cpu
        counts = line.take_counts()
        node.reconcile()
        idle = line.take_counts()
    assert (done.sent, done.waiting) == (reports, 0), done
    return [
        Figure("push, acked, durable at both ends", reports / done.acked_seconds, "reports/s", "≥ 15000"),
        Figure("push, applied, visible at both ends", reports / done.seconds, "reports/s", "≥ 8000"),
        Figure("push, bytes a report both ways", _bytes(counts) / reports, "B", "≤ 185"),
        Figure("push, requests", counts.requests, "", "≤ 45"),
        Figure("push, centre's processor time", cpu, "s", "≤ 1.0"),
        Figure("push, office's processor time", done.cpu_seconds, "s"),
        Figure("idle exchange on a warm connection, requests", idle.requests, "", "≤ 1"),
        Figure("idle exchange on a warm connection, bytes", _bytes(idle), "B", "≤ 1024"),
    ]


def _floor(centre: Computer, folder: Path, reports: int) -> list[Figure]:
    """What of the push is SQLite's alone."""
    segments = centre.rows("SELECT count(*) FROM inbox_segment WHERE last_seq > first_seq")[0][0]
    bare = write_bare(centre.folder / DATABASE_FILE, folder / "bare", segments)
    return [
        Figure("the same rows written by SQLite alone (floor)", reports / bare.seconds, "reports/s"),
        Figure("the same rows written by SQLite alone, processor time", bare.cpu_seconds, "s"),
    ]


def _pulled(second: Computer, line: Proxy, reports: int) -> list[Figure]:
    with Exchanger(second, line.url) as node:
        line.take_counts()
        done = node.reconcile()
        counts = line.take_counts()
    assert second.rows("SELECT count(*) FROM report")[0][0] == reports
    return [
        Figure("pull into an empty computer", reports / done.seconds, "reports/s", "≥ 12000"),
        Figure("pull, bytes a report both ways", _bytes(counts) / reports, "B"),
        Figure("pull, requests", counts.requests, ""),
    ]


def _unseen(other: Computer, line: Proxy, folder: Path, reports: int) -> list[Figure]:
    """The same with prose that has nothing in common with what the dictionary was made of."""
    _record(other, write_lines(folder / "unseen.jsonl", reports, prose="unseen"), reports)
    with Exchanger(other, line.url) as node:
        line.take_counts()
        done = node.reconcile()
        counts = line.take_counts()
    assert (done.sent, done.waiting) == (reports, 0), done
    return [Figure("push of unseen prose, bytes a report both ways", _bytes(counts) / reports, "B")]


def _peak(after: str, server: Serving) -> Figure:
    return Figure(f"centre's peak memory after the {after}", peak_memory_mib(server.process.pid), "MiB", "≤ 120")


def _bytes(counts: Counts) -> int:
    return counts.up + counts.down
