"""Bugs to plant: each is a mistake of a line or two that somebody could make, and that the simulator has to find.

A simulator that has found nothing proves nothing. Whoever adds an invariant adds the bug that it is there for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import msgspec

from intake_app.actions import making, paging, receive
from intake_app.actions.reconcile import Port
from intake_app.node import Node
from intake_app.store import confirmed, holdings, inbox, journal, judging, keys, nodes, refused, reports, side_file
from intake_app.store.database import Db
from sync import conflict, cycle, envelope, protocol
from sync.conflict import Change, Origin, State
from sync.errors import BadMessage
from sync.ports import Answer, Link, Question, Taken
from sync.protocol import Page, Reply, Request, ScopePage, Verdict
from sync.segment import Segment
from tests.simulation import mistakes, rules, scopes
from tests.simulation.bugs_lives import LIVES_BUGS


def _ack_before_commit(
    node: Node, known: nodes.Known, request: Request, carrier: str, later: receive.Later, hold: object
) -> Reply:
    """The ack moves in a transaction of its own, before the one that keeps the bytes."""
    item = request.segment
    fresh = False
    if item is not None:
        with node.database.transaction() as db:
            fresh = item.first == nodes.life_of(db, known, item.incarnation).ack + 1
            if fresh:
                nodes.save_life(db, known.no, item.incarnation, item.last, item.tip)
        with node.database.transaction() as db:
            if fresh:
                _kept(db, known, item, carrier, node.clock.now_ms())
    receive.drain_inbox(node)
    with node.database.read() as db:
        return paging.reply_to(node, db, known, request, None)


def _kept(db: Db, known: nodes.Known, item: Segment, carrier: str, now_ms: int) -> None:
    inbox.store_segment(db, known.no, item, ahead=False, carrier=carrier, now_ms=now_ms, clock_offset_ms=0)


_take = Port.take


def _cursor_before_page(self: Port, reply: Reply, page: Page, answer: Answer) -> Taken:
    """The cursor moves first, the page is applied after."""
    with self.node.database.transaction() as db:
        for scope in page.scopes:
            db.run("UPDATE scope_cursor SET position = max(position, ?) WHERE scope = ?", scope.end, scope.scope)
    return _take(self, reply, page, answer)


def _any_nonce(port: Port, question: Question, answer: Answer) -> Reply:
    """Whatever the centre signed at some time is the answer."""
    return protocol.decode_reply(envelope.unseal(answer.data, envelope.REPLY, port.verify).body)


_exchange = cycle.exchange


def _any_200(
    port: Port, link: Link, summary: cycle.Summary, sent: cycle.Sent | None
) -> tuple[Taken, cycle.Sent | None]:
    """Something answered, so everything has arrived."""
    try:
        return _exchange(port, link, summary, sent)
    except BadMessage:
        with port.node.database.transaction() as db:
            head = journal.head(db)
            db.run("UPDATE upstream SET acked = ?, judged = ?, settled = ? WHERE id = 1", head.seq, head.seq, head.seq)
            db.run("UPDATE journal SET verdict = 'applied' WHERE verdict IS NULL")
            db.run("UPDATE entity SET view = NULL, state = coalesce(view, state)")
        return Taken(0, 0, 0, False, False), None


_pending = confirmed.TakingOver._pending


def _dropped_at_ack(self: confirmed.TakingOver) -> dict[int, Any]:
    """What is acked is no longer laid over what is confirmed."""
    kept = _pending(self)
    rows = self.db.all("SELECT event FROM journal WHERE seq <= ?", self.acked)
    acked = {row[0] for row in rows}
    return {no: [event for event in events if event.id not in acked] for no, events in kept.items()}


_verdicts = paging._verdicts


class _VerdictsOnce:
    """A verdict stands in one reply; if that is lost, so is the verdict."""

    def __init__(self) -> None:
        self.told: dict[bytes, int] = {}

    def __call__(
        self, db: Db, known: nodes.Known, cursor: int, limit: int
    ) -> tuple[list[Verdict], ScopePage | None, bool]:
        found, page, whole = _verdicts(db, known, max(cursor, self.told.get(known.id, 0)), limit)
        if page is not None:
            self.told[known.id] = page.end
            page = ScopePage(page.scope, cursor, page.end)
        return found, page, whole


def _time_alone(now_ms: int, entropy: Callable[[int], bytes]) -> bytes:
    """An id of the moment and nothing else."""
    return now_ms.to_bytes(16, "big")


def _last_writer_wins(state: State, field: str, new: Any, was: str, origin: Origin) -> Change:
    """Who comes last is right."""
    current = conflict.value_of(state, field)
    if current == new:
        return Change("merged")
    conflict.put(state, field, new)
    return Change("applied", current)


_reply_to = paging.reply_to


def _called_complete(*args: Any) -> Reply:
    """Every page is the last one."""
    return msgspec.structs.replace(_reply_to(*args), complete=True)


def _one_more(cursor: int, page_from: int, page_to: int) -> int:
    """A page with a gap before it moves the cursor like any other, and one row too far."""
    return max(cursor, page_to + 1)


Patch = tuple[object, str, Any]
BUGS: Mapping[str, Callable[[], list[Patch]]] = {
    **mistakes.BUGS,
    "ack before commit": lambda: [(receive, "_take", _ack_before_commit)],
    "cursor before page": lambda: [(Port, "take", _cursor_before_page)],
    "cursor one too far": lambda: [(holdings, "advance", _one_more)],
    "any signature": lambda: [(keys, "verify", lambda *args: True)],
    "any nonce": lambda: [(cycle, "_read", _any_nonce)],
    "any 200 is an ack": lambda: [(cycle, "exchange", _any_200)],
    "overlay dropped at ack": lambda: [(confirmed.TakingOver, "_pending", _dropped_at_ack)],
    "verdict only in the reply": lambda: [(paging, "_verdicts", _VerdictsOnce())],
    "page called complete": lambda: [(paging, "reply_to", _called_complete)],
    "ids of the time alone": lambda: [(making, "new_id", _time_alone)],
    "side file forgotten": lambda: [(side_file.SideFile, "write", lambda self, mark: None)],
    "last writer wins": lambda: [(conflict, "change", _last_writer_wins)],
    "judged each time it comes": lambda: [(judging, "_known_events", lambda db, ids: {})],
    "held ones block nothing": lambda: [(judging, "BLOCKING", frozenset()), (refused, "blocked", lambda db, no: set())],
    "removed is kept": lambda: [(reports, "forget", lambda db, one: None)],
    "older states let in": lambda: [
        (confirmed, "_takes", lambda one, version: True), (cycle, "_read", _any_nonce),
    ],
    **scopes.BUGS,
    **LIVES_BUGS,
    **rules.BUGS,
}  # fmt: skip


class Planted:
    """A bug while it is planted: whether the mutated code was reached at all."""

    def __init__(self) -> None:
        self.reached = False

    def watched(self, replacement: Any) -> Any:
        """The replacement, telling that it was called."""
        if not callable(replacement):
            self.reached = True
            return replacement

        def called(*args: Any, **named: Any) -> Any:
            self.reached = True
            return replacement(*args, **named)

        return called


@contextmanager
def planted(name: str) -> Iterator[Planted]:
    """Plant a bug for a while. Where the code has moved away from it, AttributeError says so."""
    plant = Planted()
    with ExitStack() as stack:
        for place, attribute, replacement in BUGS[name]():
            stack.enter_context(patch.object(place, attribute, plant.watched(replacement)))
        yield plant
