"""Edits of the same reports on two computers at once: half of them of different fields, half of the same one."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

from intake_app.actions.act_as import act_as
from intake_app.actions.making import make_event
from intake_app.config import load_settings
from intake_app.node import open_node
from intake_app.store.entities import load_entities
from intake_app.store.own_events import write_events
from sync.conflict import short_hash, value_of
from tests.benchmarks.exchanger import Exchanger
from tests.benchmarks.proxy import Proxy
from tests.processes.computer import Computer


def settle(first: Computer, second: Computer, line: Proxy, edits: int) -> float:
    """Edit on both, let the first tell the centre, and time the exchange in which the second tells it and learns of all."""
    held = f"SELECT e.id FROM report r JOIN entity e ON e.no = r.no ORDER BY r.no LIMIT {edits}"
    ids = [row[0] for row in first.rows(held)]
    half = len(ids) // 2
    _edit(first.folder, [(found, "village") for found in ids])
    _edit(second.folder, [(found, "address" if at < half else "village") for at, found in enumerate(ids)])
    with Exchanger(first, line.url) as node:
        node.reconcile()
    with Exchanger(second, line.url) as node:
        started = time.perf_counter()
        done = node.reconcile()
        seconds = time.perf_counter() - started
    assert done.waiting == 0, done
    contested = second.rows("SELECT count(*), count(DISTINCT field) FROM conflict")[0]
    assert tuple(contested) == (len(ids) - half, 1), contested  # none lost, none too many
    return seconds


def _edit(folder: Path, changes: list[tuple[bytes, str]]) -> None:
    """Change a field of each report, as a person would who sees it as this computer shows it."""
    with closing(open_node(load_settings(folder))) as node:
        actor = act_as(node, None, "bench")
        with node.database.transaction() as db:
            seen = load_entities(db, [found for found, _ in changes])
            events = []
            for found, field in changes:
                was = short_hash(value_of(seen[found].seen or {}, field))
                new = {"set": {field: f"Sửa ở {folder.name}"}, "was": {field: was}}
                events.append(make_event(node, actor, "report.amended", found, new))
            write_events(node, db, events)
