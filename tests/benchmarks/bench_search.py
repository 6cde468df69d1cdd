"""How long the search box takes where an office holds 100,000 reports, typed with and without accents."""

from __future__ import annotations

import time
from contextlib import closing
from statistics import median
from urllib.parse import quote

from intake_app.benchmarks import Figure
from intake_app.config import load_settings
from intake_app.node import Node, open_node
from intake_app.store.finding import find_reports
from tests.benchmarks.filled import filled_office
from tests.benchmarks.gauges import percentile
from tests.benchmarks.visitor import Visitor

NAME = "search"
REPORTS = 100_000
ASKED = 4  # times each is asked
WITH_ACCENTS = (
    "khẩu trang",
    "mất nước",
    "tiếng ồn",
    "nguyễn văn",
    "đường lê lợi",
    "thôn đông",
    "rác thải",
    "chó thả rông",
)
WITHOUT = ("khau trang", "mat nuoc", "tieng on", "nguyen van", "duong le loi", "thon dong", "rac thai", "cho tha rong")
HALF_TYPED = ("kh", "nguyen v", "0912", "duong l", "phuong dong tho kha")


def run(reports: int) -> list[Figure]:
    """Asks for words that many, some and no reports hold."""
    office = filled_office(reports)
    figures = []
    with office.serving() as server, closing(Visitor(server.address).sign_in()) as visitor:
        for name, words in (("with accents", WITH_ACCENTS), ("without accents", WITHOUT), ("half typed", HALF_TYPED)):
            taken = [_page(visitor, each) for each in words * ASKED]
            figures.append(Figure(f"search {name} over HTTP: p95", percentile(taken, 0.95) * 1000, "ms", "≤ 50"))
            if name == "without accents":
                goal = "≤ 15"
                figures.append(Figure(f"search {name} over HTTP: median", median(taken) * 1000, "ms", goal))
    with closing(open_node(load_settings(office.folder))) as node:
        taken = [_found(node, each) for each in (WITHOUT + WITH_ACCENTS) * ASKED]
    figures.append(Figure("search in process: median", median(taken) * 1000, "ms", "≤ 6"))
    figures.append(Figure("search in process: p95", percentile(taken, 0.95) * 1000, "ms"))
    return figures


def _page(visitor: Visitor, words: str) -> float:
    answer = visitor.get(f"/search?q={quote(words)}")
    assert answer.status in (200, 302), words
    return answer.seconds


def _found(node: Node, words: str) -> float:
    started = time.perf_counter()
    with node.database.read() as db:
        find_reports(db, words)
    return time.perf_counter() - started
