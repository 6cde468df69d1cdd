"""How long the hints beside a report take where the answer library has 5,000 articles, and a search among them."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

from intake_app.actions.act_as import act_as
from intake_app.actions.editions import today
from intake_app.actions.publish_article import publish_samples
from intake_app.benchmarks import Figure
from intake_app.config import load_settings
from intake_app.node import Node, open_node
from intake_app.store.articles import hints, list_articles
from intake_app.store.database import Db
from intake_app.store.shipped import DATA_FOLDER
from tests.benchmarks.gauges import percentile
from tests.processes.computer import Computer

NAME = "library"
REPORTS = 5_000  # articles
TEXT_WORDS = 150
ASKED = 200
SPOKEN_WORDS = (2, 5, 8, 12)  # as a summary grows while it is typed


def run(reports: int) -> list[Figure]:
    """Asks with words that nearly every article holds: they are made of the samples' words, thrown together."""
    chance = random.Random(1022)
    lines = (DATA_FOLDER / "sample_articles.jsonl").read_text(encoding="utf-8").splitlines()
    samples = [json.loads(line) for line in lines]
    words = " ".join(sample["short"] for sample in samples).split()
    with tempfile.TemporaryDirectory() as folder:
        centre = Computer(Path(folder) / "centre", "central", "1022")
        with closing(open_node(load_settings(centre.folder))) as node:
            publish_samples(node, act_as(node, None, "bench"), _articles(samples, words, chance, reports))
            asked = [" ".join(chance.choices(words, k=chance.choice(SPOKEN_WORDS))) for _ in range(ASKED)]
            day = today(node)
            beside = _taken(node, asked, lambda db, each: hints(db, day, each, "price_fraud"))
            listed = _taken(node, asked, lambda db, each: list_articles(db, day, each))
    return [
        Figure("hints beside a report: p95", percentile(beside, 0.95) * 1000, "ms", "≤ 50"),
        Figure("hints beside a report: median", median(beside) * 1000, "ms"),
        Figure("search in the library: p95", percentile(listed, 0.95) * 1000, "ms", "≤ 50"),
    ]


def _articles(
    samples: list[dict[str, Any]], words: list[str], chance: random.Random, count: int
) -> Iterator[dict[str, Any]]:
    for number in range(count):
        sample = samples[number % len(samples)]
        question = f"{sample['question'][:150]} {number}"
        yield sample | {"question": question, "text": " ".join(chance.choices(words, k=TEXT_WORDS))}


def _taken(node: Node, asked: list[str], ask: Callable[[Db, str], object]) -> list[float]:
    taken = []
    for each in asked:
        started = time.perf_counter()
        with node.database.read() as db:
            ask(db, each)
        taken.append(time.perf_counter() - started)
    return taken
