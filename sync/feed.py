"""When a page from the feed counts: any page, from any carrier, in any order, twice, is harmless. Pure."""

from __future__ import annotations


def is_newer(version: int, known: int | None) -> bool:
    """A state applies only if its version is higher than the one held."""
    return known is None or version > known


def advance(cursor: int, page_from: int, page_to: int) -> int:
    """Where the cursor stands after a page (from, to]: it moves only over rows that were seen without a gap."""
    return max(cursor, page_to) if page_from <= cursor else cursor
