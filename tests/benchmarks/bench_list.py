"""How long a list takes where an office holds 100,000 reports: the page over HTTP, and its rows in process."""

from __future__ import annotations

import time
from contextlib import closing
from statistics import median

from intake_app.benchmarks import Figure
from intake_app.config import load_settings
from intake_app.node import Node, open_node
from intake_app.store.lists import ListFilter, list_reports
from tests.benchmarks.filled import filled_office
from tests.benchmarks.gauges import percentile
from tests.benchmarks.visitor import Visitor

NAME = "list"
REPORTS = 100_000
DISTRICT = "2021:384"  # one of 27
ASKED = 12  # times each list is opened; the first one of all is left out
PAGES = {
    "newest": "/reports",
    "of a district": f"/reports?unit={DISTRICT}&unit-code={DISTRICT}",
    "of a topic": "/reports?topic=price_fraud",
    "of a status": "/reports?status=received",
    "urgent": "/reports?urgency=emergency",
    "waiting to be sent": "/reports?show=waiting",
    "that need a decision": "/reports?show=conflicts",
    "of a channel with none": "/reports?channel=letter",
}


def run(reports: int) -> list[Figure]:
    """Opens every kind of list in turn."""
    office = filled_office(reports)
    with office.serving() as server, closing(Visitor(server.address).sign_in()) as visitor:
        visitor.get("/reports")
        taken = {name: [_page(visitor, path) for _ in range(ASKED)] for name, path in PAGES.items()}
    with closing(open_node(load_settings(office.folder))) as node:
        rows = {name: [_rows(node, wanted) for _ in range(ASKED)] for name, wanted in _filters(node).items()}
    worst = max(taken, key=lambda name: percentile(taken[name], 0.95))
    every = [seconds for some in taken.values() for seconds in some]
    return [
        Figure("list over HTTP, all kinds: p95", percentile(every, 0.95) * 1000, "ms", "≤ 50"),
        Figure(f"list over HTTP, slowest kind ({worst}): p95", percentile(taken[worst], 0.95) * 1000, "ms", "≤ 50"),
        Figure(
            "newest 50 of a district over HTTP, as a page: median", median(taken["of a district"]) * 1000, "ms", "≤ 3"
        ),
        Figure("newest 50 in process: median", median(rows["newest"]) * 1000, "ms"),
        Figure("newest 50 of a district in process: median", median(rows["of a district"]) * 1000, "ms", "≤ 3"),
    ]


def _page(visitor: Visitor, path: str) -> float:
    answer = visitor.get(path)
    assert answer.status == 200, path
    return answer.seconds


def _filters(node: Node) -> dict[str, ListFilter]:
    return {"newest": ListFilter(), "of a district": ListFilter(units=tuple(node.directory.descendants(DISTRICT)))}


def _rows(node: Node, wanted: ListFilter) -> float:
    started = time.perf_counter()
    with node.database.read() as db:
        page = list_reports(db, wanted)
    assert page.rows
    return time.perf_counter() - started
