"""Nodes of a herd: each with its own key, journal in memory and cursors, speaking the real protocol without a database of its own.

587 real installations would be 587 databases on the disk of the machine that is measured; what the centre sees is the same.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake_app.actions.lines import read_line
from intake_app.actions.receive import exchange
from intake_app.clock import Clock
from intake_app.node import Node
from intake_app.store import feed, nodes
from intake_app.store.directory import Directory, Office
from intake_app.store.keys import Keys, key_from_seed, verify
from sync import chain, envelope, protocol, segment, tracking_code
from sync.event import Event, EventBytes, new_id, to_bytes
from sync.protocol import Cursor, Health, Reply, Request
from sync.routing import scopes_of_office
from sync.segment import Segment
from tests.benchmarks.generate import make_line

SEGMENT_EVENTS = 50
ROLES = ["administrator", "intake_officer"]
_clock = Clock()


@dataclass
class HerdNode:
    """One node: what it has to send, what it knows."""

    id: bytes
    office: Office
    keys: Keys
    incarnation: bytes
    centre: bytes
    centre_key: bytes
    person: bytes
    raws: list[EventBytes]
    segments: list[Segment] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)  # the chain after each seq
    epoch: bytes = b""
    acked: int = 0
    judged: int = 0
    complete: bool = False
    cursors: dict[str, int] = field(default_factory=dict)
    states: int = 0
    nonce: bytes = b""

    @property
    def done(self) -> bool:
        """Whether everything is acknowledged, judged and read."""
        return self.acked == self.judged == len(self.raws) and self.complete

    def ask(self, entropy: random.Random) -> tuple[bytes, int]:
        """The next request, and how many events it carries."""
        item = next((one for one in self.segments if one.first == self.acked + 1), None)
        request = Request(
            self.epoch, self.incarnation, len(self.raws), self.hashes[-1],
            [Cursor(scope, position) for scope, position in sorted(self.cursors.items())],
            Health(len(self.raws) - self.acked, 0, 50_000, _clock.now_ms(), "herd"), item,
        )  # fmt: skip
        self.nonce = entropy.randbytes(envelope.NONCE_BYTES)
        sealed = envelope.seal(envelope.REQUEST, self.id, self.nonce, protocol.encode(request), self.keys.sign)
        return sealed, item.count if item else 0

    def take(self, data: bytes) -> None:
        """Believe a reply that is whole, signed by the centre, an answer to this question, and right about the journal."""
        message = envelope.unseal(data, envelope.REPLY, self._signed_by_centre)
        reply = protocol.decode_reply(message.body)
        assert message.nonce == self.nonce and not reply.refusal and reply.fork is None, reply
        assert reply.ack_hash == self.hashes[reply.ack] and reply.ack >= self.acked, reply
        self.epoch, self.acked, self.judged, self.complete = reply.epoch, reply.ack, reply.judged, reply.complete
        self._read(reply)

    def _signed_by_centre(self, sender: bytes, message: bytes, signature: bytes) -> bool:
        return sender == self.centre and verify(self.centre_key, message, signature)

    def _read(self, reply: Reply) -> None:
        page = protocol.unpack_page(reply)
        self.states += len(page.echoes) + len(page.wholes)
        self.cursors = {scope: self.cursors.get(scope, 0) for scope in reply.scopes}
        for scope in page.scopes:
            if scope.start <= self.cursors.get(scope.scope, 0):
                self.cursors[scope.scope] = max(scope.end, self.cursors.get(scope.scope, 0))


def make_herd(centre: Node, count: int, events: int, seed: int, first: int = 0) -> list[HerdNode]:
    """Enrolled nodes of as many offices, each with an account that the centre knows and this many reports that it does not.

    The offices are those from the `first` on: districts come before communes, and hold much more.
    """
    chance = random.Random(seed)
    made = [_make_node(centre, office, number, events, chance) for number, office in enumerate(_offices(centre, count, first))]
    for one in made:
        one.take(exchange(centre, one.ask(chance)[0]))
    for one in made:  # the accounts of the others, as offices know them that talk every minute
        while not one.complete or one.judged < 1:
            one.take(exchange(centre, one.ask(chance)[0]))
        _fill(one, centre.directory, events, chance)
    return made


def _offices(centre: Node, count: int, first: int) -> Iterator[Office]:
    found = [one for one in centre.directory.offices.values() if one.unit.startswith("2021:") and one.number != "1022"]
    for number in range(first, first + count):
        yield found[number % len(found)]


def _make_node(centre: Node, office: Office, number: int, events: int, chance: random.Random) -> HerdNode:
    keys, node_id = key_from_seed(chance.randbytes(32)), chance.randbytes(16)
    scopes = scopes_of_office(office.number, office.unit, office.agency or "")
    with centre.database.transaction() as db:
        nodes.add_node(db, node_id, office.number, keys.public, scopes, _clock.now_ms())
        feed.open_scopes(db, scopes)
    now = _clock.now_ms()
    person = new_id(now, chance.randbytes)
    opened = {"username": f"canbo{number}", "name": "Vũ Văn Quản", "office": office.number, "roles": ROLES}
    account = to_bytes(Event(person, "person.added", 1, person, bytes(16), now, b"herd", now, opened, {}))
    incarnation = chance.randbytes(8)
    one = HerdNode(node_id, office, keys, incarnation, centre.head.node, centre.keys.public, person, [])
    one.hashes.append(chain.genesis(node_id, incarnation))
    _append(one, [account])
    return one


def _fill(one: HerdNode, directory: Directory, events: int, chance: random.Random) -> None:
    """Record reports of matters within the office's own unit."""
    number = chance.randrange(10**9)
    units = [unit.code for unit in directory.communes("2021:") if one.office.unit in directory.ancestors(unit.code)]
    raws = []
    for at in range(events):
        line = {**make_line(number + at), "unit": chance.choice(units or [one.office.unit])}
        now = _clock.now_ms()
        parts = read_line(line, directory, now)
        code = tracking_code.make(one.office.number, chance.randrange(tracking_code.RANDOM_MAX))
        event = new_id(now, chance.randbytes)
        opened = {**parts.open, "tracking_code": code, "office": one.office.number}
        raws.append(
            to_bytes(Event(event, "report.recorded", 1, event, one.person, now, b"herd", now, opened, parts.private))
        )
    for at in range(0, events, SEGMENT_EVENTS):
        _append(one, raws[at : at + SEGMENT_EVENTS])


def _append(one: HerdNode, raws: list[EventBytes]) -> None:
    item = segment.make(one.id, one.incarnation, len(one.raws) + 1, one.hashes[-1], raws, slow=False)
    one.segments.append(item.signed(one.keys.sign(segment.signed_part(item))))
    one.raws += raws
    for raw in raws:
        one.hashes.append(chain.link(one.hashes[-1], raw))
