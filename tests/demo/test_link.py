"""The links of the demo carry, are cut and carry again."""

from __future__ import annotations

import http.client
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from intake_app.demo.link import Link, Network


class Centre(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "300000")
        self.end_headers()
        self.wfile.write(b"x" * 300_000)

    def log_message(self, *_):
        pass


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def network():
    centre = HTTPServer(("127.0.0.1", 0), Centre)
    threading.Thread(target=centre.serve_forever, daemon=True).start()
    made = Network([Link("0380", free_port(), centre.server_port), Link("3042", free_port(), centre.server_port)])
    made.start()
    yield made
    made.stop()
    centre.shutdown()
    centre.server_close()


def get(network: Network, name: str = "0380") -> int:
    line = http.client.HTTPConnection("127.0.0.1", network.links[name].port, timeout=5)
    try:
        line.request("GET", "/")
        return len(line.getresponse().read())
    finally:
        line.close()


def test_open_link_carries_everything(network):
    assert get(network) == 300_000


def test_cut_link_carries_nothing_and_leaves_the_others(network):
    network.cut("0380")
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        get(network)
    assert get(network, "3042") == 300_000


def test_restored_link_carries_again(network):
    network.cut("0380")
    network.restore("0380")
    assert get(network) == 300_000


def test_cut_breaks_a_connection_that_is_open(network):
    line = socket.create_connection(("127.0.0.1", network.links["0380"].port), timeout=5)
    line.sendall(b"GET / HTTP/1.1\r\n")
    while not network.links["0380"].ends:
        pass
    network.cut("0380")
    with line:
        assert read_or_reset(line) == b""


def read_or_reset(line: socket.socket) -> bytes:
    try:
        return line.recv(1)
    except ConnectionError:
        return b""


def test_link_to_a_centre_that_does_not_run_is_no_network():
    network = Network([Link("0380", free_port(), free_port())])
    network.start()
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        get(network)
    network.stop()
