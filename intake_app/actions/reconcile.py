"""Reconcile with central: this node's side of the exchange, and the record of each run."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from intake_app.actions import asking
from intake_app.actions.asking import Stance, is_slow, segment_bytes, target_bytes
from intake_app.actions.reincarnate import Lives
from intake_app.node import Node
from intake_app.store import accounts, audits, holdings, journal, keys, queue, renewal, upstream
from intake_app.store.confirmed import TakingOver
from intake_app.store.database import Db
from sync import cycle, envelope, protocol, segment
from sync.backoff import asked_pause_seconds, pause_seconds, pausing, segment_target
from sync.cycle import Summary
from sync.errors import BadMessage, IntakeError, NoNetwork, Refused
from sync.event import EventBytes, size
from sync.ports import Answer, Link, Question, Taken
from sync.protocol import Cursor, Page, Reply, Request
from sync.segment import SEGMENT_BYTES_MAX, SEGMENT_EVENTS_MAX, Segment

RATIO = 5  # how much smaller columns get on the wire, at least; only to choose how many events to read


@dataclass(frozen=True)
class SyncSummary:
    """What one run did, in the words of `sync --json`."""

    sent: int
    received: int
    waiting: int
    refused: int
    conflicts: int
    requests: int
    bytes_up: int
    bytes_down: int


class Port:
    """This node in an exchange."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._rode: set[int] = set()
        self._stances: deque[Stance] = deque()  # of the requests whose replies have not been taken: two at the most
        self._ready: tuple[bool, Segment] | None = None  # the next segment, packed for a slow line or not
        self._sent = 0
        self._lives = Lives(node)

    def ask(self) -> Question:
        """The next request: where this node stands, how far it has read, and its next events."""
        self._lives.close_gap()
        with self.node.database.read() as db:
            return self._question(db, journal.head(db), _bound(db).acked, upstream.cursors(db))

    def prepare(self) -> None:
        """Pack the segment after the one that is on its way, as if that had been stored."""
        stance = self._stances[-1]
        if not stance.sends:
            return
        with self.node.database.read() as db:
            head, bound = journal.head(db), _bound(db)
            slow = is_slow(bound)
            # By then one more exchange will have been quick, or the line is known to be slow.
            target = min(SEGMENT_BYTES_MAX, target_bytes(bound) * (1 if slow or bound.bytes_per_second is None else 2))
            item = self._segment(db, head, stance.expects, target, slow)
        self._ready = None if item is None else (slow, item)

    def ask_on(self, reply: Reply, page: Page) -> Question | None:
        """The next request while this reply is still to be taken, or None where too much depends on it."""
        stance = self._stances[-1]
        positions = asking.after(stance, reply, page)
        if positions is None:
            return None
        with self.node.database.read() as db:
            head = journal.head(db)
            if not asking.holds(db, head, stance, reply) or not (
                reply.ack < head.seq or not reply.complete or reply.judged < reply.ack
            ):
                return None
            present = upstream.cursors(db)
            if {cursor.scope: cursor.position for cursor in present} != stance.cursors:
                return None  # something of an earlier reply sent a scope back to its beginning
            read_to = [Cursor(cursor.scope, positions[cursor.scope], cursor.anew) for cursor in present]
            return self._question(db, head, reply.ack, read_to)

    def _question(self, db: Db, head: journal.Head, acked: int, cursors: list[Cursor]) -> Question:
        node, bound = self.node, _bound(db)
        slow = is_slow(bound)
        ready, self._ready = self._ready, None
        item = asking.usable(ready, head, acked, slow) or self._segment(db, head, acked, target_bytes(bound), slow)
        want = [row[0] for row in db.all("SELECT entity FROM wanted LIMIT 400")]
        continues = self._lives.asking(db, head)
        request = Request(
            head.epoch, head.incarnation, head.seq, head.hash,
            cursors, asking.health_of(node, db, head, acked), item, slow,
            protocol.PAGE_ENTITIES_MAX,
            want,
            self._urgent(db, head, item.last, slow) if item and asking.is_long(head.seq - item.last, bound) else [],
            continues,
        )  # fmt: skip
        expects, packed = (item.last, len(item.packed)) if item else (acked, 0)
        special = bool(want) or continues is not None
        asked = {cursor.scope: cursor.position for cursor in cursors}
        self._stances.append(Stance(head.incarnation, head.epoch, acked, expects, asked, packed, special))
        nonce = node.entropy(envelope.NONCE_BYTES)
        data = envelope.seal(envelope.REQUEST, head.node, nonce, protocol.encode(request), node.keys.sign)
        return Question(data, nonce, item.count if item else 0)

    def _segment(self, db: Db, head: journal.Head, acked: int, target: int, slow: bool) -> Segment | None:
        if head.seq <= acked:
            return None
        chosen: list[EventBytes] = []
        room = target * RATIO
        for raw in journal.raws_after(db, head.life, acked, SEGMENT_EVENTS_MAX):
            room -= size(raw)
            if chosen and room < 0:
                break
            chosen.append(raw)
        item = self._signed(db, head, acked, chosen, slow)
        while len(item.packed) > SEGMENT_BYTES_MAX and len(chosen) > 1:  # text that hardly packs
            chosen = chosen[: len(chosen) // 2]
            item = self._signed(db, head, acked, chosen, slow)
        return item

    def _signed(self, db: Db, head: journal.Head, after: int, raws: list[EventBytes], slow: bool) -> Segment:
        before = journal.hash_at(db, head.life, head.incarnation, head.node, after)
        if before is None:
            raise BadMessage("journal_gap")
        item = segment.make(head.node, head.incarnation, after + 1, before, raws, slow)
        return item.signed(self.node.keys.sign(segment.signed_part(item)))

    def _urgent(self, db: Db, head: journal.Head, sent_to: int, slow: bool) -> list[Segment]:
        """Urgent reports further back in the queue: a few ride ahead, without moving the ack."""
        if head.seq <= sent_to:
            return []
        rows = db.all(
            "SELECT j.seq FROM report r JOIN journal j ON j.entity_no = r.no WHERE r.own_seq > ? AND r.urgency <> 'normal'"
            " AND j.kind = 'report.recorded' AND j.life = ? AND j.seq > ? ORDER BY j.seq LIMIT ?",
            sent_to, head.life, sent_to, protocol.URGENT_MAX * 8,
        )  # fmt: skip
        seqs = [row[0] for row in rows if row[0] not in self._rode][: protocol.URGENT_MAX]
        self._rode.update(seqs)
        return [self._signed(db, head, seq - 1, journal.raws_after(db, head.life, seq - 1, 1), slow) for seq in seqs]

    def verify(self, sender: bytes, message: bytes, signature: bytes) -> bool:
        """Whether our central signed this."""
        with self.node.database.read() as db:
            bound = _bound(db)
        return sender == bound.central and keys.verify(bound.public_key, message, signature)

    def take(self, reply: Reply, page: Page, answer: Answer) -> Taken:
        """Apply a reply: acks, scopes, states, cursors, verdicts, all in one transaction."""
        node, stance = self.node, self._stances.popleft()
        with node.database.transaction() as db:
            head, bound = journal.head(db), _bound(db)
            if head.incarnation != stance.incarnation:  # another process of this node has begun another life meanwhile
                return Taken(0, 0, head.seq - bound.acked, more=True, moved=False)
            if self._lives.parted(db, head, bound.acked, reply):
                return self._anew(db)
            again, before, asked = set[int](), bound.acked, stance.cursors
            if reply.epoch != head.epoch:
                again = renewal.begin(db, head, reply, node.clock.now_ms())
                if head.epoch and head.life > 1:
                    self._lives.all_again(db, reply)
                    return self._anew(db)
                bound = _bound(db)  # as far as the centre really has it
                asked = {}  # the centre has read all scopes from the beginning
            upstream.grant(db, reply.scopes)
            positions = {cursor.scope: cursor.position for cursor in upstream.cursors(db)}
            gapless = all(scope.start <= positions.get(scope.scope, 0) for scope in page.scopes)
            taking = TakingOver(db, head, max(bound.acked, reply.ack))
            taking.lay_again(again)
            taking.leave(upstream.leave(db, reply.scopes))
            taking.take(page)
            # Where an echo did not fit, what was typed here stays in view until the whole state has come.
            wanted = db.one("SELECT 1 FROM wanted LIMIT 1") is not None
            settles = reply.complete and gapless and not wanted
            settled = taking.settle(bound.settled, reply.judged if settles else bound.settled)
            # Only what answers to where this node stands now says something of all it holds.
            told_all = reply.complete and gapless and not wanted
            told_all = told_all and all(asked.get(scope, 0) == at for scope, at in positions.items())
            taking.finish(told_all)
            self.node.reference.at(db)  # what came of units, offices and topics counts from here on
            if bound.renewing and told_all:
                renewal.sweep(db, node.clock.now_ms())
            anew = holdings.differing(db, reply.scopes, reply.digests, reply.clock_ms) if told_all else []
            for scope in anew:
                audits.note(db, node.clock.now_ms(), None, "scope.read_anew", scope)
            accounts.follow(db, [one for one in taking.touched.values() if one.type == "person"], node.clock.now_ms())
            acked = max(bound.acked, reply.ack)
            moved_up = max(0, acked - before)  # nothing, where a new epoch sent this node back
            self._sent += moved_up
            self._note(db, bound, stance, reply, answer, acked, settled)
            left = head.seq - acked
            more = left > 0 or not reply.complete or settled < acked or wanted or bool(anew)
            self._lives.answered(db, taking.states, not more)
            total, since = (self._sent + left, node.clock.now_ms()) if left else (None, None)
            db.run("UPDATE upstream SET run_total = ?, run_at_ms = ? WHERE id = 1", total, since)
        moved = acked != before or settled > bound.settled or any(scope.end > scope.start for scope in page.scopes)
        return Taken(moved_up, taking.states, head.seq - acked, more, moved)

    def _anew(self, db: Db) -> Taken:
        """The run goes on in another life."""
        self._rode.clear()
        self._ready = None
        return Taken(0, 0, journal.head(db).seq, more=True, moved=True)

    def _note(
        self, db: Db, bound: upstream.Upstream, stance: Stance, reply: Reply, answer: Answer, acked: int, settled: int
    ) -> None:
        """Keep how far it went and how fast the line was; while a run has more to send, people see how much."""
        now = self.node.clock.now_ms()
        moved = stance.sent_bytes + len(reply.page)
        speed = bound.bytes_per_second
        # Who only asks what became of its events is kept waiting until the centre has judged some: that says nothing of the line.
        waited = not stance.sends and bound.settled < bound.acked
        if moved >= 4096 and answer.seconds > 0 and not waited:
            speed = round(moved / answer.seconds)
        target = segment_target(segment_bytes(bound), stance.sent_bytes, answer.seconds, True, SEGMENT_BYTES_MAX)
        safe = min(max(bound.safe, reply.safe), acked)
        db.run(
            "UPDATE upstream SET acked = ?, judged = ?, settled = ?, safe = ?, last_contact_ms = ?, last_error = NULL,"
            " alarm = NULL, clock_offset_ms = ?, bytes_per_second = ?, segment_target = ? WHERE id = 1",
            acked, max(bound.judged, reply.judged), settled, safe, now, now - reply.clock_ms, speed, target,
        )  # fmt: skip


def _bound(db: Db) -> upstream.Upstream:
    bound = upstream.load_upstream(db)
    if bound is None:
        raise Refused("not_enrolled")
    return bound


def reconcile(
    node: Node,
    link: Link,
    *,
    ignore_backoff: bool = False,
    progress: Callable[[Summary], None] = lambda summary: None,
    going_on: Callable[[], None] = lambda: None,
) -> SyncSummary | None:
    """Exchange until nothing more moves; None while the back-off asks to wait. Raises NoNetwork, BadMessage, Unwelcome, Refused.

    `going_on` is told where the time of a run was up before that: another is to follow.
    """
    started = node.clock.now_ms()
    with node.database.read() as db:
        bound = _bound(db)
    if not ignore_backoff and pausing(started, bound.last_try_ms, bound.next_try_ms):
        return None
    summary = Summary()
    seconds = node.clock.seconds()
    try:
        ended = cycle.run(Port(node), link, summary, progress, node.clock.seconds)
    except IntakeError as reason:
        _failed(node, reason, summary, started, node.clock.seconds() - seconds)
        raise
    with node.database.transaction() as db:
        db.run(
            "UPDATE upstream SET failures = 0, next_try_ms = 0, last_try_ms = ?, run_total = NULL WHERE id = 1", started
        )
        upstream.note_run(db, started, None, summary, node.clock.seconds() - seconds)
        state = queue.queue_status(db)
    if not ended:
        going_on()
    return SyncSummary(
        summary.sent, summary.received, state.waiting, state.refused, state.conflicts, summary.requests,
        summary.bytes_up, summary.bytes_down,
    )  # fmt: skip


def _failed(node: Node, reason: IntakeError, summary: Summary, started: int, seconds: float) -> None:
    """Write down a run that broke, and when to try again."""
    with node.database.transaction() as db:
        bound = _bound(db)
        fraction = int.from_bytes(node.entropy(4), "big") / 2**32
        asked = reason.params.get("retry_after_seconds")
        if isinstance(asked, float):  # a centre that names a pause is there: what it says counts, not our tries
            failures, pause = bound.failures, asked_pause_seconds(asked, fraction)
        else:
            failures, pause = bound.failures + 1, pause_seconds(bound.failures + 1, fraction)
        # A line that was never reached, or a centre that is busy, says nothing about how much the line can carry.
        halve = not (reason.params.get("unreached") or reason.code == "central_busy")
        target = segment_bytes(bound)
        if halve:
            target = segment_target(target, 0, 0, False, SEGMENT_BYTES_MAX)
        db.run(
            "UPDATE upstream SET failures = ?, next_try_ms = ?, last_try_ms = ?, last_error = ?, segment_target = ?,"
            " alarm = ?, run_total = NULL WHERE id = 1",
            failures, started + round(pause * 1000), started, reason.code, target,
            None if isinstance(reason, NoNetwork) else reason.code,
        )  # fmt: skip
        upstream.note_run(db, started, reason.code, summary, seconds)
