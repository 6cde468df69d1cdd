"""How long people of the centre wait where it holds a province's reports of three years, while more are coming in.

`--reports` says how many (200,000; a quick look: 5000), `--database postgresql` where. The centre is filled first
(`fill_centre.py`), then served; a sender pushes segments of 50 over HTTP all the time while pages are opened and all reports are
exported by a process of its own, as from the page of exports.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from intake_app.actions.accounts import add_account
from intake_app.actions.make_export import ask_export
from intake_app.actions.tally_reports import tally_reports
from intake_app.benchmarks import Figure
from intake_app.config import load_settings
from intake_app.node import Actor, Node, open_node
from intake_app.store.accounts import list_accounts
from tests.benchmarks.bench_herd import _centre
from tests.benchmarks.fill_centre import fill_instance
from tests.benchmarks.gauges import peak_memory_mib, percentile
from tests.benchmarks.herd_nodes import HerdNode, make_herd
from tests.benchmarks.visitor import Visitor
from tests.processes.computer import PASSWORD, RUN, USERNAME, Computer

NAME = "centre"
REPORTS = 200_000
OPTIONS = ("database",)
ON_REQUEST = True
ASKED = 20  # times each page is opened
PAUSE_SECONDS = 0.25  # between two segments of 50: some 200 reports a second, ten times the busiest hour of a province
PUSHED = 20_000
COMMUNE = 300  # an office that holds little: what it reads back is not what is measured
PAGES = {
    "inbox": ("/batches", "/batches?show=all"),
    "list": ("/reports", "/reports?unit=2021%3A384&unit-code=2021%3A384", "/reports?status=received", "/dispatch"),
    "search": ("/search?q=mat+nuoc", "/search?q=nguy%E1%BB%85n+v%C4%83n", "/search?q=rac+thai"),
    "dashboard": ("/figures", "/figures?days=365&map=2025", "/figures?days=7"),
}
GOALS = {"inbox": "", "list": "≤ 150", "search": "≤ 150", "dashboard": "≤ 150"}


@dataclass
class Pushed:
    """What came in meanwhile, and how long each push took."""

    events: int = 0
    seconds: float = 0.0


def run(reports: int, database: str = "sqlite") -> list[Figure]:
    """Fills a centre and measures it."""
    if database == "sqlite":
        return _run(reports, None)
    # The package of PostgreSQL is there for tests and benchmarks only.
    from tests.postgres import server

    with server(durable=True) as postgres:
        return _run(reports, postgres.bare())


def _run(reports: int, address: str | None) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        centre = _centre(Path(name), address)
        began = time.perf_counter()
        events = fill_instance(centre.folder, reports, tell=_tell)
        filled = Figure("filled by bulk", events / (time.perf_counter() - began), "events/s")
        return [filled, *measure_filled(centre, reports)]


def measure_filled(centre: Computer, reports: int) -> list[Figure]:
    """Serves a filled centre and measures it."""
    with closing(open_node(load_settings(centre.folder))) as node:
        _employ(node)
        counted = _timed(lambda: tally_reports(node))
        herd = make_herd(node, 1, min(PUSHED, 10 * reports), node.clock.now_ms(), first=COMMUNE)
    with centre.serving() as server, closing(Visitor(server.address).sign_in()) as visitor:
        with _pushing(centre, herd[0]) as pushed:
            taken = {
                kind: [_page(visitor, path) for _ in range(ASKED) for path in paths] for kind, paths in PAGES.items()
            }
            export = _export(centre)
        memory = peak_memory_mib(server.process.pid)
    counting = Figure("all days counted for the first time", counted, "s")
    return [counting, *_figures(reports, taken, export, pushed, memory)]


def _employ(node: Node) -> None:
    """An account to look at the pages with; that of a set-up stands in the file that a server's database took the place of."""
    with node.database.read() as db:
        known = list_accounts(db)
    if not known:
        add_account(node, None, USERNAME, "Vũ Văn Quản", ("administrator", "dispatcher"), PASSWORD)


def _tell(done: int) -> None:
    if done % 10_000 < 20:
        print(f"  {done} reports filled", file=sys.stderr)


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _page(visitor: Visitor, path: str) -> float:
    answer = visitor.get(path)
    assert answer.status in (200, 302), (path, answer.status)
    return answer.seconds


@contextmanager
def _pushing(centre: Computer, node: HerdNode) -> Iterator[Pushed]:
    """A computer that goes on sending as long as the block lasts."""
    pushed, ended = Pushed(), threading.Event()
    thread = threading.Thread(target=_push, args=(centre.port, node, pushed, ended), daemon=True)
    thread.start()
    try:
        yield pushed
    finally:
        ended.set()
        thread.join(60)


def _push(port: int, node: HerdNode, pushed: Pushed, ended: threading.Event) -> None:
    chance, began = random.Random(1), time.perf_counter()
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    while not ended.wait(PAUSE_SECONDS) and node.acked < len(node.raws):
        before = node.acked
        line.request("POST", "/api/v1/exchange", node.ask(chance)[0], {"Content-Type": "application/x-1022"})
        answer = line.getresponse()
        data = answer.read()
        if answer.status == 200:
            node.take(data)
        pushed.events += node.acked - before
        pushed.seconds = time.perf_counter() - began
    line.close()


def _export(centre: Computer) -> tuple[float, float, int]:
    """How long an export of all takes, its peak memory in MiB, and its bytes."""
    with closing(open_node(load_settings(centre.folder))) as node:
        who = Actor(bytes(16), "bench", "bench", frozenset({"administrator"}), "1022", "")
        number = ask_export(node, who, "csv", "vi", None)
        # The serving centre has it made within seconds; the process is watched from its own words in the database.
        began, peak = time.perf_counter(), 0.0
        process = subprocess.Popen(
            [sys.executable, "-m", "intake_app.exporter", str(centre.folder), str(number)], cwd=RUN.parent
        )
        while process.poll() is None:
            peak = max(peak, _peak(process.pid))
            time.sleep(0.2)
        seconds = time.perf_counter() - began
        with node.database.read() as db:
            size = int(db.value("SELECT bytes FROM export WHERE no = ?", number) or 0)
    return seconds, peak, size


def _peak(pid: int) -> float:
    try:
        return peak_memory_mib(pid)
    except StopIteration:  # it has just ended
        return 0.0


def _figures(
    reports: int, taken: dict[str, list[float]], export: tuple[float, float, int], pushed: Pushed, memory: float
) -> list[Figure]:
    figures = []
    for what, seconds in taken.items():
        figures.append(Figure(f"{what}: p50", percentile(seconds, 0.5) * 1000, "ms"))
        figures.append(Figure(f"{what}: p95", percentile(seconds, 0.95) * 1000, "ms", GOALS[what]))
    figures += [
        Figure("export of all, CSV", reports / export[0], "reports/s"),
        Figure("export of all, CSV: size", export[2] / 1e6, "MB"),
        Figure("export of all: peak memory of its process", export[1], "MiB", "≤ 150"),
        Figure("reports that came in meanwhile", pushed.events / max(pushed.seconds, 0.001), "reports/s"),
        Figure("centre's peak memory", memory, "MiB"),
    ]
    return figures
