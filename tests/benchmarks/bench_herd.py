"""All nodes of the province call at once, each with 100 reports, as after a power cut; the centre is a process of its own.

`--nodes`, `--events`, `--database postgresql` and `--workers` change what it is about. At the end the centre is checked: every
event stored once and judged, the chain and all that follows from it in order.
"""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from intake_app.actions.verify_node import verify_node
from intake_app.benchmarks import Figure
from intake_app.config import load_settings, write_settings
from intake_app.node import init_node, open_node
from tests.benchmarks.gauges import cpu_seconds, family, peak_memory_mib, percentile
from tests.benchmarks.herd_driver import Drained, let_call
from tests.benchmarks.herd_nodes import SEGMENT_EVENTS, HerdNode, make_herd
from tests.processes.computer import Computer, free_port

NAME = "herd"
REPORTS = 58_700
EVENTS = 100
OPTIONS = ("nodes", "events", "database", "workers")
SEED = 587


def run(
    reports: int, nodes: int | None = None, events: int | None = None, database: str = "sqlite", workers: int = 1
) -> list[Figure]:
    """Lets the herd call, and checks the centre. Several workers serve a centre on PostgreSQL only."""
    events = events or EVENTS
    count = nodes or max(1, reports // events)
    if database == "sqlite":
        return _run(count, events, None, ())
    # The package of PostgreSQL is there for tests and benchmarks only.
    from tests.postgres import server

    with server(durable=True) as postgres:
        return _run(count, events, postgres.new(), ("--workers", str(workers)) if workers > 1 else ())


def _run(count: int, events: int, address: str | None, words: tuple[str, ...]) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        centre = _centre(Path(name), address)
        with closing(open_node(load_settings(centre.folder))) as node:
            herd = make_herd(node, count, events, SEED)
        with centre.serving(*words) as server:
            pids = family(server.process.pid)
            cpu = sum(map(cpu_seconds, pids))
            drained = let_call(herd, centre.port, SEED)
            cpu, memory = sum(map(cpu_seconds, pids)) - cpu, max(map(peak_memory_mib, pids))
        lost, doubled = _compare(centre, herd)
    return _figures(drained, count, count * events, cpu, memory, lost, doubled)


def _centre(folder: Path, address: str | None) -> Computer:
    made = Computer(folder / "centre", "central", "1022")
    if address is not None:
        settings = replace(load_settings(made.folder), database_url=address)
        write_settings(settings)
        init_node(settings)
    made.port = free_port()
    write_settings(replace(load_settings(made.folder), port=made.port))
    return made


def _compare(centre: Computer, herd: list[HerdNode]) -> tuple[int, int]:
    """Events that the centre lacks and events that it has twice; what does not fit together breaks the run."""
    with closing(open_node(load_settings(centre.folder))) as node:
        with node.database.read() as db:
            stored = [row[0] for row in db.all("SELECT event FROM inbox_event WHERE kind = 'report.recorded'")]
            reports = int(db.value("SELECT count(*) FROM report"))
        assert verify_node(node).problems == []
    wanted = sum(len(one.raws) - 1 for one in herd)
    assert reports == len(set(stored)), (reports, len(set(stored)))
    return wanted - len(set(stored)), len(stored) - len(set(stored))


def _figures(
    drained: Drained, count: int, events: int, cpu: float, memory: float, lost: int, doubled: int
) -> list[Figure]:
    many = min(SEGMENT_EVENTS, events // count)
    assert not drained.errors, (drained.seconds, drained.answers, drained.problems[:5])
    return [
        Figure("drained: every node has its acks and verdicts", drained.seconds, "s", "≤ 60"),
        Figure("ingest through HTTP from many nodes", events / drained.seconds, "events/s", "≥ 5000"),
        Figure(f"push of {many} events, p50", percentile(drained.pushes, 0.5) * 1000, "ms"),
        Figure(f"push of {many} events, p99", percentile(drained.pushes, 0.99) * 1000, "ms", "≤ 500"),
        Figure("page for people meanwhile, p95", percentile(drained.pages or [0.0], 0.95) * 1000, "ms"),
        Figure("answers 503", drained.answers["503"], ""),
        Figure("answers that are neither 200 nor 503", drained.errors, "", "≤ 0"),
        Figure("events lost", lost, "", "≤ 0"),
        Figure("events doubled", doubled, "", "≤ 0"),
        Figure("centre's processor time", cpu, "s"),
        Figure("centre's peak memory, of one process", memory, "MiB"),
    ]
