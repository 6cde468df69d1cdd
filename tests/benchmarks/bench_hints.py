"""How long the hints take that are shown while somebody types, where an office holds 100,000 reports of this year."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from intake_app import create_app
from intake_app.actions.hint import Typed, find_caller, find_duplicates
from intake_app.benchmarks import Figure
from intake_app.clock import Clock, from_iso
from intake_app.config import load_settings
from intake_app.node import Node, open_node
from tests.benchmarks.filled import filled_office
from tests.benchmarks.gauges import percentile
from tests.benchmarks.generate import Line, make_lines
from tests.benchmarks.visitor import Visitor
from tests.journeys.served import serving

NAME = "hints"
REPORTS = 100_000
CALLS = 150  # new calls: their words, place and phone are like those of the stored ones, and some are the same matter
STRAIN = ("người dân phản ánh tại thôn", "giá cao", "khu phố có tiếng ồn vào ban đêm", "xã đông")


class LaterClock(Clock):
    """The clock of the day after the newest report: hints look at thirty days and at a year."""

    def __init__(self, at_ms: int) -> None:
        self.at_ms = at_ms

    def now_ms(self) -> int:
        """The same moment as long as it is measured."""
        return self.at_ms


def run(reports: int) -> list[Figure]:
    """Types new calls into the form, in process and over HTTP."""
    office = filled_office(reports)
    lines = list(make_lines(reports + CALLS))
    newest = max(from_iso(str(line["received_at"])) for line in lines[:reports])
    with closing(open_node(load_settings(office.folder))) as opened:
        node = replace(opened, clock=LaterClock(newest + 24 * 3600 * 1000))
        calls = list(_calls(lines, reports))
        taken = [_duplicates(node, call) for call in calls]
        callers = [_caller(node, call.phone) for call in calls]
        with serving(create_app(node.settings, node)) as address, closing(Visitor(address).sign_in()) as visitor:
            over_http = _over_http(visitor, calls)
    return [
        Figure("likely duplicates in process: p50", percentile(taken, 0.5) * 1000, "ms"),
        Figure("likely duplicates in process: p95", percentile(taken, 0.95) * 1000, "ms", "≤ 50"),
        Figure("who called before in process: p95", percentile(callers, 0.95) * 1000, "ms", "≤ 10"),
        Figure("all hints over HTTP: p95", percentile(over_http, 0.95) * 1000, "ms", "≤ 50"),
    ]


def _calls(lines: list[Line], reports: int) -> Iterator[Typed]:
    """Every other call is about a matter that is there already, told in nearly the same words."""
    for number, line in enumerate(lines[reports:]):
        told = lines[(number * 7919) % reports] if number % 2 else line
        words = str(told["summary"]).split()
        yield Typed(str(told["phone"]), " ".join(words[1:] + words[:1]), str(told["unit"]), str(told["address"]))
    for words in STRAIN:
        yield Typed("", words, str(lines[0]["unit"]), "")


def _duplicates(node: Node, call: Typed) -> float:
    started = time.perf_counter()
    find_duplicates(node, call, lambda state: True)
    return time.perf_counter() - started


def _caller(node: Node, phone: str) -> float:
    started = time.perf_counter()
    find_caller(node, phone, lambda state: True)
    return time.perf_counter() - started


def _over_http(visitor: Visitor, calls: list[Typed]) -> list[float]:
    token = visitor.token("/intake")
    taken = []
    for call in calls:
        fields = {"phone": call.phone, "summary": call.summary, "unit": call.unit, "address": call.address}
        answer = visitor.post("/intake/hints", fields | {"csrf_token": token, "turn": "1"})
        assert answer.status == 200, answer.text[:500]
        taken.append(answer.seconds)
    return taken
