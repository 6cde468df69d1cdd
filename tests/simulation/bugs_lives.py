"""Bugs to plant around lives: what a restored or copied computer would do wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from intake_app.actions import receive
from intake_app.node import Node
from intake_app.store import journal, nodes
from intake_app.store import lives as product
from intake_app.store.database import Db
from sync import chain
from sync.event import EventBytes, from_bytes, to_bytes
from sync.segment import Segment
from tests.simulation import lives


def _kept(node: Node, db: Db, reason: str, **_: Any) -> journal.Head:
    """A restored database goes on under the numbers it had."""
    return journal.head(db)


_again = product._again


def _ids_anew(db: Db, old: journal.Head, head: journal.Head, common: int, everything: bool) -> journal.Head:
    """What is journalled again gets an id of its own in the new life."""
    head = _again(db, old, head, common, everything)
    tip = chain.genesis(head.node, head.incarnation)
    rows = db.all("SELECT no, header, open, private FROM journal WHERE life = ? ORDER BY seq", head.life)
    for no, *parts in rows:
        event = from_bytes(EventBytes(*parts))
        raw = to_bytes(event._replace(id=event.id[:8] + head.incarnation))
        tip = chain.link(tip, raw)
        db.run(
            "UPDATE journal SET event = ?, header = ?, hash = ? WHERE no = ?",
            event.id[:8] + head.incarnation, raw.header, tip, no,
        )  # fmt: skip
    db.run("UPDATE self_node SET hash = ? WHERE id = 1", tip)
    return head._replace(hash=tip)


def _reaches_further(item: Segment, ack: int) -> bool:
    """A segment that reaches beyond the ack brings something new, whatever it overlaps."""
    return item.first <= ack + 1 <= item.last


_find = nodes.find_node


def _served_all_the_same(db: Db, node_id: bytes) -> nodes.Known | None:
    """Nobody asks whether a node was shut out."""
    found = _find(db, node_id)
    return None if found is None else replace(found, revoked=False)


Patch = tuple[object, str, Any]
LIVES_BUGS: Mapping[str, Callable[[], list[Patch]]] = {
    "incarnation kept after a restore": lambda: [(product, "begin", _kept), (lives, "WORLDS", 1.0)],
    "ids made anew when journalled again": lambda: [(product, "_again", _ids_anew), (lives, "WORLDS", 1.0)],
    "fork not checked at the centre": lambda: [
        (receive, "compare", lambda *args: None), (receive, "_is_next", _reaches_further), (lives, "WORLDS", 1.0),
    ],
    "revoked ones are served": lambda: [(nodes, "find_node", _served_all_the_same), (lives, "WORLDS", 1.0)],
}  # fmt: skip
