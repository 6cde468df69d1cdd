"""How long to wait before the next try. Pure: the random number comes in."""

from __future__ import annotations

BASE_SECONDS = 5.0
CAP_SECONDS = 30 * 60.0  # an office whose line comes back waits half an hour at the most


def pause_seconds(failures: int, fraction: float) -> float:
    """Exponential back-off with full jitter, applied after the cap so that 587 offices never meet at the cap."""
    return min(CAP_SECONDS, BASE_SECONDS * 2.0 ** min(failures, 20)) * fraction


def segment_target(last_bytes: int, seconds: float, ok: bool, most: int) -> int:
    """How large the next segment may be: double after a quick success, half after a failure, one event at least."""
    if not ok:
        return max(1024, last_bytes // 2)
    if seconds < 5.0:
        return min(most, last_bytes * 2)
    return last_bytes
