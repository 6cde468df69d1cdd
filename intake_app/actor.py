"""A person at work, as actions see them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A person at work: who, what they may do, for which office and agency."""

    person: bytes
    username: str
    name: str
    roles: frozenset[str]
    office: str
    agency: str
