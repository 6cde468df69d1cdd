"""This product in the peers' race: the same records, the same relay, the same counting."""

from __future__ import annotations

import tempfile
from pathlib import Path

from intake_app.benchmarks import Figure
from tests.benchmarks.exchanger import Exchanger
from tests.benchmarks.peers.child import Relay, peak_memory_mib
from tests.benchmarks.peers.step import Step, figures_of, measured
from tests.processes.computer import Computer

NAME = "ours"


def run(file: Path, reports: int, *, kbit: float = 0, round_trip_seconds: float = 0) -> tuple[list[Figure], Step]:
    """Push, pull into a second computer of the office, rest; the figures and the push."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        centre = Computer(folder / "centre", "central", "1022")
        with (
            centre.serving() as serving,
            Relay(centre.port, kbit=kbit, round_trip_seconds=round_trip_seconds) as relay,
        ):
            first, second = (_bound(folder / place, centre, relay) for place in ("first", "second"))
            assert first.call("record", str(file), "--json").json["recorded"] == reports
            pid = serving.process.pid
            with Exchanger(first, relay.url) as node:
                with measured(relay, pid) as push:
                    done = node.reconcile()
                    push.seconds = done.seconds
                assert (done.sent, done.waiting) == (reports, 0), done
                with measured(relay, pid) as idle:
                    idle.seconds = node.reconcile().seconds
            with Exchanger(second, relay.url) as node, measured(relay, pid) as pull:
                pull.seconds = node.reconcile().seconds
            assert second.rows("SELECT count(*) FROM report")[0][0] == reports
            peak = Figure(f"{NAME}: server's peak memory", peak_memory_mib(pid), "MiB")
    acked = Figure(f"{NAME}: push, acked and durable", reports / done.acked_seconds, "reports/s")
    return [acked, *figures_of(NAME, reports, push, pull, idle, None), peak], push


def _bound(folder: Path, centre: Computer, relay: Relay) -> Computer:
    made = Computer(folder, "office", "0380")
    made.enroll_at(centre, relay.url)
    with Exchanger(made, relay.url) as node:
        node.reconcile()
    return made
