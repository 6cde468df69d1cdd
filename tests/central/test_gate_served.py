"""The gate under the real server: who is turned away hears it, however much was on its way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from cheroot.wsgi import Server

from intake_app.api.gate import Backlog, Gate
from intake_app.serve import HangingUp
from sync.errors import NoNetwork
from sync.transport import HttpLink
from tests.central.test_gate import Ours


@contextmanager
def served(gate: Gate) -> Iterator[str]:
    server = Server(("127.0.0.1", 0), gate, numthreads=2, shutdown_timeout=1)
    server.gateway = HangingUp
    server.prepare()
    threading.Thread(target=server.serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}"
    finally:
        server.stop()


def turned_away(link: HttpLink, length: int) -> NoNetwork:
    with pytest.raises(NoNetwork) as caught:
        link.post(b"x" * length)
    return caught.value


def test_nodes_turned_away_keep_their_connection_and_know_when_to_come() -> None:
    gate = Gate(Ours(), lambda: Backlog(0, 0.0), inside_max=0)
    with served(gate) as url, closing(HttpLink(url)) as link:
        for _ in range(3):
            found = turned_away(link, 200_000)
            assert (found.code, found.params["status"]) == ("central_busy", 503)
            assert found.params["retry_after_seconds"] >= 1.0


def test_node_whose_body_nobody_reads_is_not_kept_waiting() -> None:
    gate = Gate(Ours(), lambda: Backlog(0, 0.0), inside_max=0, polite_max=0)
    with served(gate) as url, closing(HttpLink(url)) as link:
        assert turned_away(link, 100).code == "central_busy"
        # Beyond what the system takes in, the end of the connection may be all that is heard.
        assert turned_away(link, 3_000_000).code in ("central_busy", "no_network")
