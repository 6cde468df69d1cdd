"""A message that does not verify is no message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.store.keys import key_from_seed, verify
from sync import envelope
from sync.envelope import REPLY, REQUEST
from sync.errors import BadMessage

KEY, STRANGER = key_from_seed(b"k" * 32), key_from_seed(b"s" * 32)
SENDER, NONCE = b"s" * 16, b"n" * 16
BODY = "Giá cao".encode() * 5
SEALED = envelope.seal(REQUEST, SENDER, NONCE, BODY, KEY.sign)


def ours(sender: bytes, message: bytes, signature: bytes) -> bool:
    return sender == SENDER and verify(KEY.public, message, signature)


def test_a_sealed_message_opens_to_what_was_said() -> None:
    assert envelope.unseal(SEALED, REQUEST, ours) == (SENDER, NONCE, BODY)


def test_an_empty_body_is_a_message_too() -> None:
    assert envelope.unseal(envelope.seal(REPLY, SENDER, NONCE, b"", KEY.sign), REPLY, ours).body == b""


@pytest.mark.parametrize("length", range(len(SEALED)))
def test_every_cut_message_is_refused(length: int) -> None:
    with pytest.raises(BadMessage):
        envelope.unseal(SEALED[:length], REQUEST, ours)


@pytest.mark.parametrize("at", range(len(SEALED)))
def test_every_flipped_byte_is_noticed(at: int) -> None:
    flipped = SEALED[:at] + bytes([SEALED[at] ^ 1 << at % 8]) + SEALED[at + 1 :]
    with pytest.raises(BadMessage):
        envelope.unseal(flipped, REQUEST, ours)


@given(st.binary(min_size=1, max_size=50))
def test_nothing_can_be_added_to_a_message(more: bytes) -> None:
    with pytest.raises(BadMessage):
        envelope.unseal(SEALED + more, REQUEST, ours)


def test_a_request_is_not_taken_for_a_reply() -> None:
    with pytest.raises(BadMessage, match="not_protocol"):
        envelope.unseal(SEALED, REPLY, ours)


def test_a_strangers_signature_is_refused() -> None:
    with pytest.raises(BadMessage, match="bad_signature"):
        envelope.unseal(envelope.seal(REQUEST, SENDER, NONCE, BODY, STRANGER.sign), REQUEST, ours)


def test_a_signature_of_another_message_is_refused() -> None:
    other = envelope.seal(REQUEST, SENDER, b"m" * 16, BODY, KEY.sign)
    with pytest.raises(BadMessage, match="bad_signature"):
        envelope.unseal(SEALED[:-64] + other[-64:], REQUEST, ours)


def test_a_later_wire_is_named_in_the_refusal() -> None:
    later = SEALED[:3] + b"\x02" + SEALED[4:]
    with pytest.raises(BadMessage, match="unknown_wire"):
        envelope.peek(later, REQUEST)


@pytest.mark.parametrize("junk", [b"", b"<html>200 OK</html>" * 20, b"\x00" * 200, b"I22" + b"\xff" * 200])
def test_a_portals_page_is_no_message(junk: bytes) -> None:
    with pytest.raises(BadMessage, match="not_protocol"):
        envelope.unseal(junk, REPLY, ours)


def test_a_message_larger_than_any_of_ours_is_refused_unread() -> None:
    with pytest.raises(BadMessage, match="not_protocol"):
        envelope.peek(SEALED + bytes(envelope.MESSAGE_BYTES_MAX), REQUEST)


@given(st.binary(max_size=400))
def test_junk_is_refused_as_a_message(junk: bytes) -> None:
    with pytest.raises(BadMessage):
        envelope.unseal(junk, REQUEST, ours)
