"""One framing for every carrier: magic, wire version, type, sender, nonce, length, body, signature of the sender.

A message that does not verify is no message: a portal's page, a cut reply, another's signature all raise BadMessage and
change nothing. Signing and verifying come in as functions; the keys live outside.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import NamedTuple

from sync.errors import BadMessage

MAGIC = b"I22"
# Wire 1, November 2026: request and reply of one exchange, segments signed by their origin, pages as columns. Spoken by all.
WIRE = 1
REQUEST, REPLY = 1, 2
_HEAD = struct.Struct("!3sBB16s16sI")  # magic, wire, type, sender, nonce, length of the body
SIGNATURE_BYTES = 64
NONCE_BYTES = 16
MESSAGE_BYTES_MAX = 4 * 1024 * 1024

Sign = Callable[[bytes], bytes]
Verify = Callable[[bytes, bytes, bytes], bool]  # sender, message, signature


class Message(NamedTuple):
    """A message whose signature holds."""

    sender: bytes
    nonce: bytes
    body: bytes


def seal(kind: int, sender: bytes, nonce: bytes, body: bytes, sign: Sign) -> bytes:
    """The bytes of a message."""
    signed = _HEAD.pack(MAGIC, WIRE, kind, sender, nonce, len(body)) + body
    return signed + sign(signed)


def peek(data: bytes, kind: int) -> Message:
    """The parts of a message whose signature is still to be checked; raises BadMessage if it is not of the protocol."""
    if len(data) < _HEAD.size + SIGNATURE_BYTES or len(data) > MESSAGE_BYTES_MAX:
        raise BadMessage("not_protocol")
    magic, wire, found, sender, nonce, length = _HEAD.unpack_from(data)
    if magic != MAGIC or found != kind:
        raise BadMessage("not_protocol")
    if wire != WIRE:
        raise BadMessage("unknown_wire", wire=wire)
    if len(data) != _HEAD.size + length + SIGNATURE_BYTES:
        raise BadMessage("cut_short")
    return Message(sender, nonce, data[_HEAD.size : -SIGNATURE_BYTES])


def unseal(data: bytes, kind: int, verify: Verify) -> Message:
    """The message, once its signature is proven; raises BadMessage for anything else."""
    message = peek(data, kind)
    if not verify(message.sender, data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]):
        raise BadMessage("bad_signature")
    return message
