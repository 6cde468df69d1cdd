"""How long to wait before the next try, and how much to send in it. Pure: time and chance come in."""

from __future__ import annotations

from collections import deque

BASE_SECONDS = 5.0
CAP_SECONDS = 30 * 60.0  # an office whose line comes back waits half an hour at the most
FAILED_TRIES_MAX = 30  # in an hour, by itself: chance alone could make more of a line that fails at once
HOUR_SECONDS = 3600.0
TARGET_BYTES_MIN = 1024
QUICK_SECONDS = 5.0
FIRST_SECONDS = 20.0  # how long the first segment of a run may take at the last known speed of the line


def pause_seconds(failures: int, fraction: float) -> float:
    """Exponential back-off with full jitter, applied after the cap so that 587 offices never meet at the cap."""
    return min(CAP_SECONDS, BASE_SECONDS * 2.0 ** min(failures, 20)) * fraction


def asked_pause_seconds(asked: float, fraction: float) -> float:
    """The pause that the centre asked for and up to as much again: those turned away together come back apart."""
    return min(max(asked, 1.0), CAP_SECONDS / 2) * (1.0 + fraction)


def pausing(now_ms: int, last_try_ms: int | None, next_try_ms: int) -> bool:
    """Whether a pause is on. A clock set to before the last try, or a pause beyond the longest, is no pause of ours."""
    tried_ms = next_try_ms - CAP_SECONDS * 1000 if last_try_ms is None else last_try_ms
    return tried_ms <= now_ms < next_try_ms <= now_ms + CAP_SECONDS * 1000


class Allowance:
    """How many failed tries an hour may hold, counted on a clock that nobody sets."""

    def __init__(self, most: int = FAILED_TRIES_MAX) -> None:
        self._failed: deque[float] = deque(maxlen=most)

    def note(self, at_seconds: float) -> None:
        """A try has failed."""
        self._failed.append(at_seconds)

    def holds(self, at_seconds: float) -> bool:
        """Whether one more may be made."""
        full = len(self._failed) == self._failed.maxlen
        return not full or at_seconds - self._failed[0] >= HOUR_SECONDS


def segment_target(target: int, sent_bytes: int, seconds: float, ok: bool, most: int) -> int:
    """How large the next segment may be: double after a quick success that was near it, half after a failure."""
    if not ok:
        return max(TARGET_BYTES_MIN, target // 2)
    if seconds < QUICK_SECONDS and 2 * sent_bytes >= target:
        return min(most, target * 2)
    return target


def first_target(target: int, bytes_per_second: int | None) -> int:
    """What a segment may hold on a line of this speed, if it is known."""
    if bytes_per_second is None:
        return target
    return min(target, max(TARGET_BYTES_MIN, round(bytes_per_second * FIRST_SECONDS)))
