"""An enrolled node whose software has gone mad signs whatever it says: the centre answers or refuses, and goes on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from intake_app.actions.receive import exchange
from intake_app.actions.reconcile import Port
from intake_app.actions.verify_node import verify_node
from sync import envelope
from sync.errors import BadMessage, IntakeError, NoNetwork
from tests.creators import Province, province, record

SEEDS = range(3)
QUESTIONS_MAX = 20
JUNK = (None, True, -1, 0, 2**63 - 1, 2**64 - 1, 1.5, b"", b"\x00" * 16, "", "\x00", "𝄞", [], [[]] * 40, {}, {"k": 1})


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Province]:
    """An office with a report that waits, and its centre."""
    with province(tmp_path) as made:
        made.sync()
        record(made.node("0380"), name="Lê Văn Mẫu")
        yield made


def _said(two: Province) -> bytes:
    return Port(two.node("0380")).ask().data


def _sealed(two: Province, body: bytes) -> bytes:
    office = two.node("0380")
    return envelope.seal(envelope.REQUEST, office.head.node, b"n" * 16, body, office.keys.sign)


def _bent(parts: object, chance: random.Random, depth: int = 0) -> object:
    """The same structure with one thing in it that does not belong there."""
    if isinstance(parts, list) and parts and (depth == 0 or chance.random() < 0.7):
        at = chance.randrange(len(parts))
        return [*parts[:at], _bent(parts[at], chance, depth + 1), *parts[at + 1 :]]
    return chance.choice(JUNK)


def _heard(two: Province, data: bytes) -> bytes | None:
    try:
        return exchange(two.centre, data)
    except BadMessage:
        return None


@pytest.mark.parametrize("seed", SEEDS)
def test_wrong_thing_in_a_signed_request_never_breaks_the_centre(two: Province, seed: int) -> None:
    chance = random.Random(seed)
    parts = msgspec.msgpack.decode(envelope.peek(_said(two), envelope.REQUEST).body)
    for _ in range(80):
        _heard(two, _sealed(two, msgspec.msgpack.encode(_bent(parts, chance))))
    assert verify_node(two.centre).problems == []
    two.sync()
    assert verify_node(two.node("0380")).problems == []


@pytest.mark.parametrize("seed", SEEDS)
def test_flipped_bytes_under_a_good_signature_never_break_the_centre(two: Province, seed: int) -> None:
    chance = random.Random(seed)
    body = envelope.peek(_said(two), envelope.REQUEST).body
    for _ in range(80):
        bent = bytearray(body)
        for _ in range(chance.choice((1, 1, 2, 8))):
            bent[chance.randrange(len(bent))] ^= 1 << chance.randrange(8)
        _heard(two, _sealed(two, bytes(bent[: chance.choice((len(bent), len(bent) // 2))])))
    assert verify_node(two.centre).problems == []


def test_every_flipped_bit_of_a_request_changes_nothing_at_the_centre(two: Province) -> None:
    said = _said(two)
    before = _kept(two)
    for at in range(len(said)):
        assert _heard(two, said[:at] + bytes([said[at] ^ 1 << at % 8]) + said[at + 1 :]) is None
    assert _kept(two) == before


def _kept(two: Province) -> list[object]:
    with two.centre.database.read() as db:
        return [
            tuple(row)
            for table in ("inbox_segment", "node", "node_life", "entity")
            for row in db.all(f"SELECT * FROM {table}")
        ]


@pytest.mark.parametrize("seed", SEEDS)
def test_wrong_thing_in_a_reply_of_the_centre_never_breaks_an_office(two: Province, seed: int) -> None:
    """A centre of another version, or one gone mad, signs what it says too."""
    chance, office = random.Random(seed), two.node("0380")
    parts = msgspec.msgpack.decode(envelope.peek(exchange(two.centre, _said(two)), envelope.REPLY).body)
    for _ in range(60):
        _told(two, msgspec.msgpack.encode(_bent(parts, chance)))
    two.sync()
    two.sync()
    assert verify_node(office).problems == []


def _told(two: Province, body: bytes) -> None:
    """Let the office hear a signed reply to a question of its own."""
    from contextlib import suppress

    from intake_app.actions.reconcile import reconcile
    from sync.ports import Answer

    class Mad:
        heard = 0

        def post(self, data: bytes) -> Answer:
            self.heard += 1
            if self.heard > QUESTIONS_MAX:  # some replies promise more for ever: enough has been heard of them
                raise NoNetwork("timed_out")
            nonce = envelope.peek(data, envelope.REQUEST).nonce
            centre = two.centre
            return Answer(envelope.seal(envelope.REPLY, centre.head.node, nonce, body, centre.keys.sign), 1, 1, 0.1)

    with suppress(IntakeError):
        reconcile(two.node("0380"), Mad(), ignore_backoff=True)
