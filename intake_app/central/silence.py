"""How long a node may be quiet before somebody should telephone. Pure."""

from __future__ import annotations

from typing import NamedTuple

from intake_app.config import Settings

HOUR_MS = 3_600_000


class Thresholds(NamedTuple):
    """After how many hours without a word a node is amber, and red."""

    amber_hours: int
    red_hours: int


def thresholds(settings: Settings) -> Thresholds:
    """Those of this centre; red never comes before amber."""
    return Thresholds(settings.silent_amber_hours, max(settings.silent_amber_hours, settings.silent_red_hours))


def silence_level(last_seen_ms: int | None, now_ms: int, limits: Thresholds, enrolled_ms: int | None = None) -> str:
    """`never`, `fresh`, `amber` or `red`; who was let in and has not called since is silent from then on."""
    if not last_seen_ms and (enrolled_ms is None or silent_hours(enrolled_ms, now_ms) < limits.amber_hours):
        return "never"
    hours = silent_hours(last_seen_ms or enrolled_ms or now_ms, now_ms)
    if hours >= limits.red_hours:
        return "red"
    return "amber" if hours >= limits.amber_hours else "fresh"


def silent_hours(last_seen_ms: int, now_ms: int) -> int:
    """Whole hours since the last contact; never below zero, a clock set back is no news about the node."""
    return max(0, (now_ms - last_seen_ms) // HOUR_MS)
