"""The digest of a scope: how many entities lie in it, and a 64-bit sum over them and their versions. Pure.

A sum can be kept as entities come, change and go; two sides that hold the same get the same, in whatever order.
"""

from __future__ import annotations

from hashlib import blake2b

_HALF = 1 << 63
_WHOLE = 1 << 64


def share(entity: bytes, version: int) -> int:
    """What one entity at one version adds to the sum."""
    return int.from_bytes(blake2b(entity + version.to_bytes(8, "big"), digest_size=8).digest(), "big")


def wrapped(total: int) -> int:
    """A sum modulo 2^64 as databases keep it: with a sign."""
    return (total + _HALF) % _WHOLE - _HALF
