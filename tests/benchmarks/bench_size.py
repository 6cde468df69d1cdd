"""Bytes of a report in small batches, as a slow line carries them: what an office with little to say pays for each."""

from __future__ import annotations

import statistics
import tempfile
from contextlib import closing
from pathlib import Path

from intake_app.actions.reconcile import Port
from intake_app.actions.record_report import record_lines
from intake_app.benchmarks import Figure
from intake_app.store import journal
from sync import chain, segment
from sync.event import EventBytes
from tests.benchmarks.generate import make_lines
from tests.creators import make_node, province, somebody

NAME = "size"
REPORTS = 200
# (reports in a batch, goal for generated text, goal for prose that the dictionary was not made of)
BATCHES = ((1, 210, 300), (10, 190, 260), (50, 165, 220))
NODE, LIFE = b"n" * 16, b"l" * 8


def run(reports: int) -> list[Figure]:
    """Packs the same reports in batches of several sizes, and weighs a request that carries none."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generated, unseen = (_events(folder / prose, reports, prose) for prose in ("generated", "unseen"))
        figures = []
        for batch, goal, unseen_goal in BATCHES:
            for what, events, most in (("generated text", generated, goal), ("unseen prose", unseen, unseen_goal)):
                figures.append(
                    Figure(f"{what}, batches of {batch}, bytes a report", _packed(events, batch), "B", f"≤ {most}")
                )
        figures.append(Figure("an idle request of an office", _idle(folder / "province"), "B", "≤ 250"))
    return figures


def _events(folder: Path, reports: int, prose: str) -> list[EventBytes]:
    with closing(make_node(folder)) as node:
        record_lines(node, somebody(node), list(enumerate(make_lines(reports, prose=prose))))
        with node.database.read() as db:
            return journal.raws_after(db, journal.head(db).life, 0, reports)


def _packed(events: list[EventBytes], batch: int) -> float:
    """The mean of all batches of this size."""
    before = chain.genesis(NODE, LIFE)
    parts = [events[at : at + batch] for at in range(0, len(events), batch)]
    return statistics.mean(len(segment.make(NODE, LIFE, 1, before, part, True).packed) / len(part) for part in parts)


def _idle(folder: Path) -> float:
    """What the frame, the marks, the cursors and a signature take."""
    with province(folder) as two:
        two.sync()
        office = two.node("0380")
        return float(len(Port(office).ask().data))
