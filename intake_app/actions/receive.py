"""The centre's side of one exchange: prove, store, ack, judge, answer with what is new.

Two transactions, on purpose: the first makes the bytes durable and is all that an ack stands for; the second judges, and
whatever stops it is done again by `drain_inbox`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from intake_app.actions import paging
from intake_app.actions.judge_again import judge_held
from intake_app.actions.proving import Proven, compare, prove
from intake_app.actions.shut_out import keep_apart
from intake_app.node import Node
from intake_app.store import confirm, epochs, inbox, journal, keys, nodes
from intake_app.store.arrived import Arrived, Batch
from intake_app.store.database import Db
from sync import envelope, protocol, segment
from sync.errors import BadMessage
from sync.outcome import Added, told_offset
from sync.protocol import Fork, Reply, Request
from sync.routing import node_scope
from sync.segment import Opened, Segment

LATER_EVENTS_MIN = 100  # below this, judging takes less time than a further exchange
log = logging.getLogger(__name__)
DRAIN_SEGMENTS = 20  # of one call; the next exchange and the job go on

Later = Callable[[Callable[[], object], bool], None]  # what to do, and whether the node has more to send
Hold = Callable[[Callable[[], bool]], None]


def at_once(act: Callable[[], object], more: bool = False) -> None:
    """Do it now."""
    act()


class Arrival(NamedTuple):
    """How and when something came in, and how wrong the sender's clock is."""

    carrier: str
    now_ms: int
    offset_ms: int


def exchange(
    node: Node, data: bytes, *, carrier: str = "network", later: Later = at_once, hold: Hold | None = None
) -> bytes:
    """The signed reply to a signed request; raises BadMessage for anything that is not one, which changes nothing.

    `later` is handed the judging of a large segment: a server does it once the reply is on its way, while the node
    makes its next request. `hold` keeps the reply to a node that only asks for verdicts until there are some.
    """
    message = envelope.peek(data, envelope.REQUEST)
    with node.database.read() as db:
        known = nodes.find_node(db, message.sender)
    if known is None:
        raise BadMessage("unknown_node")  # as after a restore from a backup older than its enrolment
    if not keys.verify(known.public_key, data[: -envelope.SIGNATURE_BYTES], data[-envelope.SIGNATURE_BYTES :]):
        raise BadMessage("bad_signature")
    request = protocol.decode_request(message.body)
    if known.revoked:
        pushed = [item for item in (*request.urgent[: protocol.URGENT_MAX], request.segment) if item is not None]
        keep_apart(node, known, [prove(known, item)[0] for item in pushed], carrier, request.health.clock_ms)
        reply = _refusal(node, "revoked")
    else:
        reply = _take(node, known, request, carrier, later, hold)
    return envelope.seal(envelope.REPLY, node.head.node, message.nonce, protocol.encode(reply), node.keys.sign)


def _refusal(node: Node, code: str) -> Reply:
    with node.database.read() as db:
        epoch = journal.head(db).epoch
    return Reply(epoch, node.clock.now_ms(), 0, b"", 0, False, [], refusal=code)


def _take(
    node: Node, known: nodes.Known, request: Request, carrier: str, later: Later, hold: Hold | None = None
) -> Reply:
    urgent = [prove(known, item) for item in request.urgent[: protocol.URGENT_MAX]]
    proven = prove(known, request.segment) if request.segment else None
    if request.segment and request.segment.incarnation != request.incarnation:
        raise BadMessage("bad_body")
    stored = node.database.again(lambda: _store(node, known, request, urgent, proven, carrier))
    for item, events in (*urgent, *((proven,) if proven else ())):
        node.proofs.keep(item, [one.proof for one in events])
    if stored.ahead is not None:
        drain_inbox(node, stored.ahead, known.no)
    count = len(proven[1]) if proven else 0
    if not request.slow and count >= LATER_EVENTS_MIN:
        # One for each that is stored: whoever waits is told after each.
        later(lambda: drain_inbox(node, of=known.no, most=1), request.health.unsent > count)
    elif request.slow or count or hold is None:
        # What others brought is theirs, who have it unpacked, or the job's: nobody's reply waits for it.
        # On a slow line a further exchange costs more than judging.
        drain_inbox(node, of=known.no)
    else:
        _hold_back(node, known, request, later, hold)
    if stored.kept:
        judge_held(node)  # what waited for a report that was judged with its storing
    with node.database.read() as db:
        db.by_key()
        return paging.reply_to(node, db, known, request, stored.fork)


def _hold_back(node: Node, known: nodes.Known, request: Request, later: Later, hold: Hold) -> None:
    """A node that has nothing to send and lacks verdicts gets its reply once there are some, instead of asking in a loop."""

    def told_more() -> bool:
        with node.database.read() as db:
            life = nodes.life_of(db, known, request.incarnation)
            return life.judged >= life.ack or paging.has_news(db, known, request)

    with node.database.read() as db:
        waiting = inbox.next_waiting(db, of=known.no)
    if waiting is not None:
        later(lambda: drain_inbox(node, of=known.no, most=1), False)
        hold(told_more)


class Stored(NamedTuple):
    """What the first transaction did: whether it kept anything, the last segment that rode ahead, where histories part."""

    kept: bool
    ahead: int | None
    fork: Fork | None


def _store(
    node: Node, known: nodes.Known, request: Request, urgent: Sequence[Proven], proven: Proven | None, carrier: str
) -> Stored:
    """Make the bytes durable, which is all that an ack stands for."""
    offset_ms = request.health.clock_ms - node.clock.now_ms()
    opened: dict[int, Sequence[Opened]] = {}
    ahead: int | None = None
    with node.database.transaction() as db:
        db.by_key()
        nodes.hold(db, known.no)
        now_ms = node.clock.now_ms()
        ack = nodes.life_of(db, known, proven[0].incarnation).ack if proven else 0
        left = request.health.unsent - (_arrived(proven[0], ack) if proven else 0)
        nodes.note_health(db, known.no, request.health, now_ms, _told(db, known, request), max(0, left))
        arrival = Arrival(carrier, now_ms, offset_ms)
        nodes.meet_life(db, known, request.incarnation, request.continues, now_ms)
        for item, events in urgent:
            # A single report is all that may overtake: anything else ahead of its turn would be judged out of order.
            if [one.event.kind for one in events] != ["report.recorded"]:
                continue
            if not inbox.ahead_known(db, known.no, item.incarnation, item.last):
                ahead = _keep(node, db, known, item, True, arrival)
                opened[ahead] = events
        fork = compare(db, known, request, proven)
        if _knows_more(db, known, request):
            journal.hold(db)  # two nodes at once begin one new epoch
            if epochs.is_claimed(db, now_ms):
                epochs.begin(node, db, "nodes_know_more")
        if fork is not None:
            nodes.raise_alarm(db, known, "fork", now_ms)
        elif proven is not None and _is_next(proven[0], ack):
            nodes.note_late(db, known, request.incarnation, now_ms)
            opened[_keep(node, db, known, proven[0], False, arrival)] = proven[1]
        elif proven is not None:
            inbox.note_repeat(db, known.no, proven[0], now_ms)
        if not db.postgres and sum(map(len, opened.values())) < LATER_EVENTS_MIN:
            _judge_with_it(node, db, known, opened)
    return Stored(bool(opened), ahead, fork)


def _judge_with_it(node: Node, db: Db, known: nodes.Known, opened: Mapping[int, Sequence[Opened]]) -> None:
    """Judge little in the transaction that stores it: where one writes at a time, a second wait for the disk is one for all.

    If it breaks, the bytes are kept all the same, and the drain that follows tries again.
    """
    for _ in opened:
        waiting = inbox.next_waiting(db, of=known.no)
        if waiting is None or waiting.segment_no not in opened:
            return
        try:
            with db.savepoint():
                _judge_claimed(node, db, waiting, opened[waiting.segment_no])
        except Exception:
            log.exception("a segment could not be judged with its storing")
            return


def _told(db: Db, known: nodes.Known, request: Request) -> int:
    """How far a node has read its verdicts; what it read of another epoch says nothing."""
    own = node_scope(known.id) if request.epoch == journal.head(db).epoch else ""
    return next((cursor.position for cursor in request.cursors if cursor.scope == own), 0)


def _knows_more(db: Db, known: nodes.Known, request: Request) -> bool:
    """Whether a node was acknowledged or has read more, in this very epoch, than there is here: this database was put back.

    Then a whole disk went back, with all that stands outside the database: only the nodes remember.
    """
    if request.epoch != journal.head(db).epoch:
        return False
    life, item = nodes.life_of(db, known, request.incarnation), request.segment
    last = int(db.value("SELECT value FROM feed_counter WHERE id = 1"))
    if any(cursor.position > last for cursor in request.cursors):
        return True
    return item.first > life.ack + 1 if item is not None else request.tip_seq > life.ack


def _is_next(item: Segment, ack: int) -> bool:
    """Whether a segment starts right after the ack; a gap or an overlap stores nothing, the reply's ack says where to go on."""
    return item.first == ack + 1


def _arrived(item: Segment, ack: int) -> int:
    """How many of a segment's events are here once it was taken in."""
    return item.last - ack if _is_next(item, ack) else max(0, min(item.last, ack) - item.first + 1)


def _keep(node: Node, db: Db, known: nodes.Known, item: Segment, ahead: bool, arrival: Arrival) -> int:
    number = inbox.store_segment(
        db,
        known.no,
        item,
        ahead=ahead,
        carrier=arrival.carrier,
        now_ms=arrival.now_ms,
        clock_offset_ms=arrival.offset_ms,
    )
    epochs.note_stored(node, db, number)
    if not ahead:
        nodes.save_life(db, known.no, item.incarnation, item.last, item.tip)
    return number


def drain_inbox(node: Node, through: int | None = None, of: int | None = None, most: int = DRAIN_SEGMENTS) -> int:
    """Judge what is stored and not judged yet, all or up to a segment or of one origin, `most` segments at once.

    Returns how many were judged.
    Each in a transaction, each origin's in their order, by one worker at a time: what another one is at is left to it.
    """
    done = 0
    left: set[int] = set()
    while done < most:
        with node.database.read() as db:
            waiting = inbox.next_waiting(db, left, of)
        if waiting is None or (through is not None and waiting.segment_no > through):
            break
        if node.database.again(partial(_judge, node, waiting)):
            done += 1
        else:
            left.add(waiting.node_no)
    if done:
        judge_held(node)  # what waited for a report that has come now
    return done


def _judge(node: Node, waiting: inbox.Waiting) -> bool:
    """Give one segment its verdicts; False where another worker is at its origin, or was first."""
    with node.database.transaction() as db:
        db.by_key()
        return _judge_claimed(node, db, waiting)


def _judge_claimed(node: Node, db: Db, waiting: inbox.Waiting, opened: Sequence[Opened] | None = None) -> bool:
    todo = inbox.claim(db, waiting)
    if todo is None:
        return False
    item = todo.segment
    if opened is None:
        proofs = node.proofs.take(item)
        opened = segment.open_segment(item) if proofs is None else segment.open_proven(item, proofs)
    events = [Arrived(seq, *one) for seq, one in enumerate(opened, item.first)]
    added = Added(todo.received_ms, told_offset(todo.clock_offset_ms))
    computer, now_ms = nodes.computer_of(db, todo.node_no, False, node.reference), node.clock.now_ms()
    batch = Batch(todo.node_no, item.origin, todo.no, added, computer, ahead=todo.ahead)
    counts = confirm.confirm_each(db, batch, events, node.reference, now_ms)
    inbox.mark_applied(db, todo.no, counts, now_ms)
    if not todo.ahead:
        nodes.save_judged(db, todo.node_no, item.incarnation, item.last)
    return True
