"""More bugs to plant: mistakes of a line at the centre, at an office and in what they tell each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from intake_app.actions import making, paging, receive, reconcile
from intake_app.actions.reconcile import Port
from intake_app.node import Actor, Node
from intake_app.store import confirmed, echoes, feed, inbox, judging, nodes, queue, refused, upstream
from intake_app.store.database import Db
from sync.event import Event
from sync.protocol import Reply
from sync.segment import Segment

Patch = tuple[object, str, Any]

# ── at the centre ────────────────────────────────────────────────────────────────────────────────────────────────────
_keep = receive._keep


def _urgent_moves_the_ack(
    node: Node, db: Db, known: nodes.Known, item: Segment, ahead: bool, arrival: receive.Arrival
) -> int:
    """A report that rides ahead counts as if all before it had come."""
    number = _keep(node, db, known, item, ahead, arrival)
    nodes.save_life(db, known.no, item.incarnation, item.last, item.tip)
    return number


def _judged_at_once_or_never(node: Node, *_: Any, **__: Any) -> int:
    """Only who proved a segment judges it; nobody looks for what a crash left."""
    done, left = 0, set[int]()
    while True:
        with node.database.read() as db:
            waiting = inbox.next_waiting(db, left)
            item = inbox.segment_no(db, waiting.segment_no) if waiting else None
        if waiting is None or item is None:
            return done
        proofs = node.proofs.take(item)
        if proofs is None:
            left.add(waiting.node_no)
        else:
            node.proofs.keep(item, proofs)
            done += receive._judge(node, waiting)


_publish = feed.publish


def _first_number_kept(db: Db, changes: Any) -> None:
    """A row keeps the number it was made with, like a cursor over the time of creation."""
    before = db.all("SELECT feed_seq, scope_no, entity_no FROM feed")
    _publish(db, changes)
    db.many("UPDATE feed SET feed_seq = ? WHERE scope_no = ? AND entity_no = ?", [tuple(row) for row in before])


def _every_scope(db: Db, scopes: tuple[str, ...], cursors: dict[str, int], room: paging.Room) -> Any:
    """Who asks is told of everything, not only of what lies in its scopes."""
    return _gather(db, tuple(row[0] for row in db.all("SELECT name FROM scope ORDER BY no")), cursors, room)


_gather = paging._gather
_blocked = refused.blocked


def _one_blocks_all(db: Db, node_no: int) -> set[int]:
    """One held event holds back everything of its node."""
    found = _blocked(db, node_no)
    return {row[0] for row in db.all("SELECT no FROM entity")} if found else found


# ── in the reply ─────────────────────────────────────────────────────────────────────────────────────────────────────
_reply_to = paging.reply_to


def _stored_is_judged(*args: Any) -> Reply:
    """What is stored is told to be judged."""
    reply = _reply_to(*args)
    return msgspec.structs.replace(reply, judged=reply.ack)


# ── at an office ─────────────────────────────────────────────────────────────────────────────────────────────────────
_make_event = making.make_event
_numbers: dict[bytes, int] = {}


def _id_from_seq(node: Node, actor: Actor, kind: str, entity: bytes | None, opened: Any, private: Any = None) -> Event:
    """An event's id is its number, as if every machine counted for itself alone."""
    made = _make_event(node, actor, kind, entity, opened, private)
    number = _numbers[node.head.node] = _numbers.get(node.head.node, node.head.seq) + 1
    event_id = number.to_bytes(16, "big")
    return made._replace(id=event_id, entity=entity or event_id)


def _same_again(one: Any, version: int) -> bool:
    """`>=` for `>`: a state of the version held counts as news."""
    return one.version is None or version >= one.version


class _AnyHash:
    """A hash that is equal to whatever it is compared with."""

    def __init__(self, data: bytes) -> None:
        """Not even looked at."""

    def digest(self) -> _AnyHash:
        return self

    def __getitem__(self, part: slice) -> _AnyHash:
        return self

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


_note = Port._note


def _forgotten_at_ack(self: Port, db: Db, *args: Any) -> None:
    """What the centre has need not be kept here."""
    _note(self, db, *args)
    acked = upstream.load_upstream(db)
    db.run("DELETE FROM journal WHERE seq <= ? AND verdict IS NOT NULL", acked.acked if acked else 0)


_reconcile = reconcile.reconcile


def _only_when_something_waits(node: Node, link: Any, **options: Any) -> Any:
    """After a failure the next write is what starts the next attempt."""
    with node.database.read() as db:
        state, bound = queue.queue_status(db), upstream.load_upstream(db)
    if bound and bound.failures and not state.waiting:
        return None
    return _reconcile(node, link, **options)


def _settled_too_early(self: confirmed.TakingOver, settled: int, judged: int) -> int:
    """Everything sent so far is settled, judged or not."""
    return _settle(self, settled, max(judged, self.acked))


_settle = confirmed.TakingOver.settle

BUGS: Mapping[str, Callable[[], list[Patch]]] = {
    "urgent moves the ack": lambda: [(receive, "_keep", _urgent_moves_the_ack)],
    "judged at once or never": lambda: [(receive, "drain_inbox", _judged_at_once_or_never)],
    "first number kept": lambda: [(feed, "publish", _first_number_kept)],
    "every scope for everybody": lambda: [(paging, "_gather", _every_scope)],
    "one blocks all": lambda: [(refused, "blocked", _one_blocks_all)],
    "code given twice": lambda: [(judging, "_claim", lambda *args: None)],
    "stored is judged": lambda: [(paging, "reply_to", _stored_is_judged)],
    "id from the seq": lambda: [(making, "make_event", _id_from_seq), *_made_with(_id_from_seq)],
    "same version again": lambda: [(confirmed, "_takes", _same_again)],
    "no hash of an echo": lambda: [(echoes, "sha256", _AnyHash)],
    "forgotten at the ack": lambda: [(Port, "_note", _forgotten_at_ack)],
    "no try without a new write": lambda: [(reconcile, "reconcile", _only_when_something_waits)],
    "settled when stored": lambda: [(confirmed.TakingOver, "settle", _settled_too_early)],
}  # fmt: skip
SLOW = frozenset({"every scope for everybody"})  # found only when a run cannot come to rest


def _made_with(make: Any) -> list[Patch]:
    """Every module that has taken `make_event` over by name."""
    from intake_app.actions import add_to_report, amend_report, decide_conflict, record_report, step_report

    modules = (add_to_report, amend_report, decide_conflict, record_report, step_report)
    return [(module, "make_event", make) for module in modules]
