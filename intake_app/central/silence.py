"""How long a node may be quiet before somebody should telephone. Pure."""

from __future__ import annotations

HOUR_MS = 3_600_000
# A working day without a word is worth a look; after three, a weekend with a power cut is no longer the likely reason.
AMBER_HOURS = 24
RED_HOURS = 72


def silence_level(last_seen_ms: int | None, now_ms: int) -> str:
    """`never`, `fresh`, `amber` or `red`."""
    if not last_seen_ms:
        return "never"
    hours = silent_hours(last_seen_ms, now_ms)
    if hours >= RED_HOURS:
        return "red"
    return "amber" if hours >= AMBER_HOURS else "fresh"


def silent_hours(last_seen_ms: int, now_ms: int) -> int:
    """Whole hours since the last contact; never below zero, a clock set back is no news about the node."""
    return max(0, (now_ms - last_seen_ms) // HOUR_MS)
