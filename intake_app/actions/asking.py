"""What a request takes for granted, and whether its reply lets the next one be asked before it has been taken.

Only the plain case is foreseen: everything sent was stored, the same centre, life and scopes as before, pages without a gap.
Whatever is out of the ordinary is taken first, and asked about then.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import NamedTuple

from intake_app.node import Node
from intake_app.store import journal, queue
from intake_app.store.database import Db
from intake_app.store.upstream import Upstream
from intake_app.version import VERSION
from sync import feed
from sync.backoff import first_target
from sync.protocol import Health, Page, Reply
from sync.segment import SEGMENT_BYTES_MAX, Segment

SLOW_BYTES_PER_SECOND = 50_000  # below this, minutes of compression are cheaper than seconds of line
FIRST_TARGET_BYTES = 64 * 1024
SLOWEST_BYTES_PER_SECOND = 8_000  # of a line of which nothing is known yet: 64 kbit/s
WIRE_BYTES = 200  # of an event on a quick line, roughly
# A queue that is gone sooner needs nobody to ride ahead: that costs half a kilobyte and a transaction each.
URGENT_WAITS_SECONDS = 10.0


def is_slow(bound: Upstream) -> bool:
    """Whether the line is known to be slow."""
    return bound.bytes_per_second is not None and bound.bytes_per_second < SLOW_BYTES_PER_SECOND


def segment_bytes(bound: Upstream) -> int:
    """How large a segment may be by what the last ones have shown."""
    return bound.segment_target or FIRST_TARGET_BYTES


def target_bytes(bound: Upstream) -> int:
    """How large the next segment may be: where nothing has failed, a line whose speed is known need not be tried step by step."""
    target = segment_bytes(bound)
    if bound.bytes_per_second is not None and target >= FIRST_TARGET_BYTES:
        target = SEGMENT_BYTES_MAX
    return first_target(target, bound.bytes_per_second)


def is_long(events: int, bound: Upstream) -> bool:
    """Whether so many events keep the line busy for longer than an urgent report should wait."""
    speed = bound.bytes_per_second or SLOWEST_BYTES_PER_SECOND
    return events * WIRE_BYTES > speed * URGENT_WAITS_SECONDS


class Stance(NamedTuple):
    """Where a request said that its node stands."""

    incarnation: bytes
    epoch: bytes
    acked: int
    expects: int  # the ack if the centre stores what the request carries
    cursors: Mapping[str, int]
    sent_bytes: int  # of its segment
    special: bool  # whether it asked for states by id, or told of another life

    @property
    def sends(self) -> bool:
        """Whether it carries events."""
        return self.expects > self.acked


def after(stance: Stance, reply: Reply, page: Page) -> dict[str, int] | None:
    """How far the scopes will have been read once this reply is taken, or None where that has to be seen first."""
    cursors = dict(stance.cursors)
    if reply.fork is not None or reply.epoch != stance.epoch or reply.ack != stance.expects or stance.special:
        return None
    if set(reply.scopes) != set(cursors):
        return None
    moved = stance.sends
    for scope in page.scopes:
        start = cursors.get(scope.scope, -1)
        if scope.start > start:
            return None
        cursors[scope.scope] = feed.advance(start, scope.start, scope.end)
        moved = moved or scope.end > start
    return cursors if moved else None


def holds(db: Db, head: journal.Head, stance: Stance, reply: Reply) -> bool:
    """Whether this is still the life that asked, and its journal has what the centre acknowledges."""
    if (head.incarnation, head.epoch) != (stance.incarnation, stance.epoch):
        return False
    return journal.hash_at(db, head.life, head.incarnation, head.node, reply.ack) == reply.ack_hash


def usable(ready: tuple[bool, Segment] | None, head: journal.Head, acked: int, slow: bool) -> Segment | None:
    """The segment made ready while an answer was awaited, if it is the one to send now."""
    if ready is None or ready[0] != slow or ready[1].incarnation != head.incarnation or ready[1].first != acked + 1:
        return None
    return ready[1]


def health_of(node: Node, db: Db, head: journal.Head, acked: int) -> Health:
    """What a node says of itself."""
    free = shutil.disk_usage(node.settings.instance).free // (1024 * 1024)
    oldest = queue.oldest_unsent_ms(db, head, acked) or 0
    return Health(head.seq - acked, oldest, free, node.clock.now_ms(), VERSION)
