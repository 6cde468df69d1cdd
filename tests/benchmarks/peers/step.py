"""One measured step of a peer, and the figures that are made of steps; all peers and ours are measured alike."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from intake_app.benchmarks import Figure
from tests.benchmarks.peers.child import Relay, cpu_seconds


@dataclass
class Step:
    """What a step took: seconds as the client says (or as seen from here), the line's counts, the server's processor time."""

    seconds: float = 0.0
    up: int = 0
    down: int = 0
    requests: int = 0
    server_cpu_seconds: float = 0.0


@contextmanager
def measured(relay: Relay, *servers: int) -> Iterator[Step]:
    """Measure what happens in the block."""
    step = Step()
    relay.take()
    cpu, began = cpu_seconds(*servers), time.perf_counter()
    yield step
    step.seconds = step.seconds or time.perf_counter() - began
    step.server_cpu_seconds = cpu_seconds(*servers) - cpu
    counts = relay.take()
    step.up, step.down, step.requests = counts["up"], counts["down"], counts["requests"]


def figures_of(peer: str, reports: int, push: Step, pull: Step, idle: Step, conflicts: Step | None) -> list[Figure]:
    """The rows of one peer."""
    rows = [
        Figure(f"{peer}: push", reports / push.seconds, "reports/s"),
        Figure(f"{peer}: push, bytes a report both ways", (push.up + push.down) / reports, "B"),
        Figure(f"{peer}: push, requests", push.requests, ""),
        Figure(f"{peer}: push, server's processor time", push.server_cpu_seconds, "s"),
        Figure(f"{peer}: pull", reports / pull.seconds, "reports/s"),
        Figure(f"{peer}: idle, seconds", idle.seconds, "s"),
        Figure(f"{peer}: idle, requests", idle.requests, ""),
    ]
    if conflicts is not None:
        rows.append(Figure(f"{peer}: {reports // 10} edited on both sides, seconds", conflicts.seconds, "s"))
    return rows
