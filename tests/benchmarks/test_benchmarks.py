"""The benchmarks are found and say what they promise; what they measure is no test's matter."""

from __future__ import annotations

import http.client
import http.server
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.benchmarks import Figure, find_benchmarks
from tests.benchmarks.gauges import percentile
from tests.benchmarks.proxy import Proxy, lost_reply, portal

FIGURES = Path(__file__).resolve().parents[2] / "docs" / "figures.md"
BODY = b"x" * 4000


class _Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer with as many bytes as came."""
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *parts: object) -> None:
        """Say nothing."""


@pytest.fixture
def target() -> Iterator[int]:
    """The port of a server that gives back what it gets."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def _ask(line: Proxy, times: int = 1) -> list[tuple[int, bytes]]:
    connection = http.client.HTTPConnection("127.0.0.1", line.port, timeout=30)
    answers = []
    for _ in range(times):
        connection.request("POST", "/", BODY)
        answer = connection.getresponse()
        answers.append((answer.status, answer.read()))
    connection.close()
    return answers


def test_every_benchmark_has_a_name_a_size_and_a_run() -> None:
    found = find_benchmarks()
    assert {"start", "save", "list", "search", "exchange", "slow"} <= found.keys()
    for benchmark in found.values():
        assert benchmark.REPORTS > 0 and callable(benchmark.run) and benchmark.__doc__


def test_every_benchmark_stands_in_the_table_of_figures() -> None:
    sections = set(re.findall(r"^## .*`(\w+)`", FIGURES.read_text(encoding="utf-8"), re.MULTILINE))
    assert find_benchmarks().keys() <= sections


def test_goal_is_read_from_its_words() -> None:
    assert Figure("", 15_001, "", "≥ 15000").reached and Figure("", 0.4, "", "≤ 0.4").reached
    assert Figure("", 0.41, "", "≤ 0.4").reached is False and Figure("", 1, "").reached is None


def test_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([3, 1, 2], 0.99) == 3 and percentile(range(1, 101), 0.95) == 95 and percentile([7], 0.5) == 7


def test_line_counts_every_byte_both_ways(target: int) -> None:
    with Proxy(target) as line:
        assert _ask(line, 3) == [(200, BODY)] * 3
        counts = line.take_counts()
    assert (counts.requests, counts.connections) == (3, 1)
    assert 3 * len(BODY) < counts.up < 3 * (len(BODY) + 200) and 3 * len(BODY) < counts.down < 3 * (len(BODY) + 200)


def test_slow_line_is_never_faster_than_it_says(target: int) -> None:
    with Proxy(target, kbit=256, round_trip_seconds=0.1) as line:
        began = time.monotonic()
        assert _ask(line) == [(200, BODY)]
    assert time.monotonic() - began >= 2 * len(BODY) * 8 / 256_000 + 2 * 0.1


def test_portal_answers_by_itself_and_a_lost_reply_was_heard(target: int) -> None:
    with Proxy(target) as line:
        line.fault = portal()
        assert _ask(line)[0][0] == 200 and line.reached == 0
        line.fault = lost_reply()
        with pytest.raises(http.client.RemoteDisconnected):
            _ask(line)
        assert line.reached == 1
