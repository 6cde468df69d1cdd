"""Binding a node to its central with a code read over the telephone. Pure.

Both sides prove that they know the code by a keyed hash over everything said, so neither a portal nor a stranger on the
line can put its own key in place; the code itself never crosses the wire.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any, TypeVar

import msgspec

from sync.errors import BadMessage

MAGIC = b"I22E1"
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that looks like something else on paper
CODE_LETTERS = 20  # 99 bits: a code that is valid for days cannot be guessed
_packer = msgspec.msgpack.Encoder()
_T = TypeVar("_T")


class Hello(msgspec.Struct, array_like=True, frozen=True):
    """What a node says: which code (by its digest), who it is, its key and office."""

    digest: bytes
    node: bytes
    public_key: bytes
    office: str
    nonce: bytes
    proof: bytes = b""


class Welcome(msgspec.Struct, array_like=True, frozen=True):
    """What central answers: who it is, its key, its epoch, the scopes granted; or why not."""

    central: bytes
    public_key: bytes
    epoch: bytes
    scopes: list[str]
    nonce: bytes
    proof: bytes = b""
    refusal: str = ""
    params: dict[str, Any] = {}


def spell(random: bytes) -> str:
    """A code of random bytes, one letter each."""
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in random[:CODE_LETTERS])


def normal(code: str) -> str:
    """A typed code without spaces and dashes, in capitals."""
    return "".join(char for char in code.upper() if char.isalnum())[:60]


def secret_of(code: str) -> bytes:
    """What both sides know of a code."""
    return sha256(b"1022 enrollment secret" + normal(code).encode()).digest()


def digest_of(code: str) -> bytes:
    """What names a code without telling it."""
    return sha256(b"1022 enrollment digest" + normal(code).encode()).digest()[:16]


def proof_of(secret: bytes, message: Hello | Welcome) -> bytes:
    """The keyed hash over everything a message says."""
    bare = msgspec.structs.replace(message, proof=b"")
    return hmac.digest(secret, type(message).__name__.encode() + _packer.encode(bare), "sha256")


def proven(secret: bytes, message: Hello | Welcome) -> bool:
    """Whether whoever said this knows the code."""
    return hmac.compare_digest(proof_of(secret, message), message.proof)


def encode(message: Hello | Welcome) -> bytes:
    """The bytes of a message."""
    return MAGIC + _packer.encode(message)


def decode(data: bytes, kind: type[_T]) -> _T:
    """The message of bytes; raises BadMessage for anything else."""
    if not data.startswith(MAGIC) or len(data) > 64 * 1024:
        raise BadMessage("not_protocol")
    try:
        return msgspec.msgpack.decode(data[len(MAGIC) :], type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as reason:
        raise BadMessage("bad_body") from reason
