"""PouchDB 9 over leveldb against express-pouchdb over leveldb."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from intake_app.benchmarks import Figure
from tests.benchmarks.peers.child import HERE, Child, Relay, Server, peak_memory_mib
from tests.benchmarks.peers.packages import pouch_packages
from tests.benchmarks.peers.step import Step, figures_of, measured
from tests.processes.computer import free_port

BATCH = 1000  # its best; the default of 100 costs six times the requests


def run(file: Path, reports: int, *, kbit: float = 0, round_trip_seconds: float = 0) -> tuple[list[Figure], Step]:
    """Push, pull into a second client, rest, edit on both sides; the figures and the push."""
    env = os.environ | {"PEERS_NODE": str(pouch_packages())}
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "server").mkdir()
        command = ["node", str(HERE / "pouch_server.js"), str(port), f"{name}/server"]
        client = ["node", str(HERE / "pouch_client.js")]
        with (
            Server(command, port, env) as server,
            Relay(port, kbit=kbit, round_trip_seconds=round_trip_seconds) as relay,
            Child(client, Path(name), env) as one,
        ):
            url = f"{relay.url}/reports"
            assert one.order("fill", name="first", file=str(file))["count"] == reports
            push = _step(relay, server, one, "push", reports, name="first", url=url)
            pull = _step(relay, server, one, "pull", reports, name="second", url=url)
            one.order("sync", name="first", url=url, batch=BATCH)
            idle = _step(relay, server, one, "sync", 0, name="first", url=url)
            conflicts = None if kbit else _conflicts(relay, server, one, reports // 10, url)
            peak = Figure("PouchDB: server's peak memory", peak_memory_mib(server.process.pid), "MiB")
    return [*figures_of("PouchDB", reports, push, pull, idle, conflicts), peak], push


def _step(relay: Relay, server: Server, client: Child, order: str, count: int, **values: str) -> Step:
    with measured(relay, server.process.pid) as step:
        answer = client.order(order, batch=BATCH, **values)
        step.seconds = answer["seconds"]
    assert answer["count"] == count, answer
    return step


def _conflicts(relay: Relay, server: Server, client: Child, count: int, url: str) -> Step:
    """Both sides change the same records; each keeps both versions, and shows one of them as if nothing were."""
    direct = f"http://127.0.0.1:{server.port}/reports"
    client.order("edit", name="first", count=count, values={"status": "assigned"})
    client.order("edit", name=direct, count=count, values={"status": "resolved"})
    step = _step(relay, server, client, "sync", 2 * count, name="first", url=url)
    assert client.order("conflicts", name="first")["count"] == count
    return step
