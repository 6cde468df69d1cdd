"""The node's Ed25519 key: kept in the instance folder, readable by its owner only, never in the database."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class Keys:
    """A signing key."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public: bytes = private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The signature of a message."""
        return self._private.sign(message)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature was made with the private half of this key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_from_seed(seed: bytes) -> Keys:
    """The key of 32 secret bytes."""
    return Keys(Ed25519PrivateKey.from_private_bytes(seed))


def load_key(path: Path) -> Keys:
    """The key kept at a path."""
    return key_from_seed(bytes.fromhex(path.read_text().strip()))


def make_key(path: Path, seed: bytes) -> Keys:
    """Keep a new key at a path, readable by the owner only; one that is there already stays."""
    if path.exists():
        return load_key(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_suffix(".new")
    handle = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(seed.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(waiting, path)
    return load_key(path)
