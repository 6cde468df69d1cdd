"""How long a node takes from the command to its first page, and the memory it holds after a shift's worth of pages."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from intake_app.benchmarks import Figure
from tests.benchmarks.gauges import memory_mib
from tests.benchmarks.visitor import Visitor
from tests.processes.computer import Computer
from tests.processes.province import write_lines

NAME = "start"
REPORTS = 1_000
OFFICE_PAGES = ("/intake", "/reports", "/search?q=khau+trang", "/sync", "/reports?show=mine")
CENTRE_PAGES = ("/centre", "/batches", "/dispatch", "/nodes", "/reports", "/intake")
VISITS = 10


def run(reports: int) -> list[Figure]:
    """Starts an office and a centre that hold this many reports each."""
    with tempfile.TemporaryDirectory() as folder:
        lines = write_lines(Path(folder) / "lines.jsonl", reports)
        office = Computer(Path(folder) / "office", "office", "0380")
        centre = Computer(Path(folder) / "centre", "central", "1022")
        for computer in (office, centre):
            assert computer.call("record", str(lines), "--json").json["recorded"] == reports
        seconds, office_mib = _started(office, OFFICE_PAGES)
        _, centre_mib = _started(centre, CENTRE_PAGES)
    return [
        Figure("warm start to first page", seconds, "s", "≤ 1.5"),
        Figure("memory of an office after 50 pages", office_mib, "MiB", "≤ 90"),
        Figure("memory of the centre after 60 pages", centre_mib, "MiB", "≤ 120"),
    ]


def _started(computer: Computer, pages: tuple[str, ...]) -> tuple[float, float]:
    began = time.perf_counter()
    with computer.serving() as server:
        visitor = Visitor(server.address)
        assert visitor.get("/sign-in").status == 200
        seconds = time.perf_counter() - began
        visitor.sign_in()
        for path in pages * VISITS:
            assert visitor.get(path).status == 200, path
        visitor.close()
        return seconds, memory_mib(server.process.pid)
