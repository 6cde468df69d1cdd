"""The only reader of the time of day. Wall clocks are data, never order."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from sync import moments

PROVINCE_ZONE = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh has had no other offset since 1975
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock:
    """The clocks of this machine."""

    def now_ms(self) -> int:
        """The time of day as this machine believes it, in milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def utc(self) -> datetime:
        """The time of day as a moment, for libraries that ask for one."""
        return datetime.fromtimestamp(self.now_ms() / 1000, UTC)

    def mono_ms(self) -> int:
        """Milliseconds since some moment, never backwards while the machine runs."""
        return time.monotonic_ns() // 1_000_000

    def boot(self) -> bytes:
        """Four bytes that are the same until the machine starts again: monotonic times compare only within."""
        return _boot()

    def seconds(self) -> float:
        """Seconds of the monotonic clock, for deadlines."""
        return time.monotonic()


@cache
def _boot() -> bytes:
    try:
        return bytes.fromhex(_BOOT_ID.read_text().strip().replace("-", ""))[:4]
    except (OSError, ValueError):
        # Where the system has no boot id, the moment it started names it, rounded so that drift does not change it.
        started = round((time.time() - time.monotonic()) / 600)
        return (started & 0xFFFFFFFF).to_bytes(4, "big")


def iso(ms: int) -> str:
    """A moment as the province writes it in data: ISO 8601 to the second, at +07:00."""
    return datetime.fromtimestamp(ms // 1000, PROVINCE_ZONE).isoformat()


def from_iso(text: str) -> int:
    """Milliseconds since 1970 of an ISO 8601 time; without an offset it is the province's."""
    known = moments.unix_ms(text)  # nearly all are spelled as ours are, and lists ask for thousands
    if known is not None:
        return known
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=PROVINCE_ZONE)
    return round(moment.timestamp() * 1000)


def utc_year(ms: int) -> int:
    """The year of a moment."""
    return datetime.fromtimestamp(ms / 1000, UTC).year
