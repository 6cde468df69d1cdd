"""Times as the province writes them, `2021-12-03T08:00:00+07:00`, a thousand at once: from tables instead of calendars. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

LENGTH = 25
DAY_SECONDS = 86_400
_EPOCH_SECONDS = date(1970, 1, 1).toordinal() * DAY_SECONDS
_MINUTES = {f"{minute // 60:02d}:{minute % 60:02d}": minute * 60 for minute in range(1440)}
_SECONDS = {f":{second:02d}": second for second in range(60)}
_SPELLED_MINUTES, _SPELLED_SECONDS = list(_MINUTES), list(_SECONDS)


@lru_cache(maxsize=4096)
def _midnight(day: str) -> int | None:
    """The second at which a day begins, or None for what is no day in its one spelling."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return None
    return found.toordinal() * DAY_SECONDS if found.isoformat() == day else None


@lru_cache(maxsize=256)
def _offset_seconds(offset: str) -> int | None:
    """How far an offset is ahead of UTC, or None for what is none in its one spelling."""
    local = "2021-12-03T00:00:00"
    try:
        moment = datetime.fromisoformat(local + offset)
    except ValueError:
        return None
    ahead = moment.utcoffset()
    return None if ahead is None or moment.isoformat() != local + offset else round(ahead.total_seconds())


def _is_offset(offset: str) -> bool:
    return _offset_seconds(offset) is not None


def local_seconds(text: str) -> int | None:
    """The second of a time without its offset, or None for what is not one in its one spelling."""
    minutes, seconds, midnight = _MINUTES.get(text[11:16]), _SECONDS.get(text[16:19]), _midnight(text[:10])
    if minutes is None or seconds is None or midnight is None or text[10:11] != "T":
        return None
    return midnight + minutes + seconds


def is_time(text: str) -> bool:
    """Whether this is a time to the second with its offset, in its one spelling."""
    return len(text) == LENGTH and local_seconds(text) is not None and _is_offset(text[19:])


def unix_ms(text: str) -> int | None:
    """Milliseconds since 1970 of a time that `is_time`, or None for any other."""
    seconds, ahead = local_seconds(text), _offset_seconds(text[19:])
    return None if seconds is None or ahead is None else (seconds - ahead - _EPOCH_SECONDS) * 1000


def are_times(texts: Sequence[str]) -> bool:
    """Whether `is_time` says so of all of these: each day, minute, second and offset is looked at once."""
    return (
        {len(text) for text in texts} == {LENGTH}
        and {text[10] for text in texts} == {"T"}
        and {text[11:16] for text in texts} <= _MINUTES.keys()
        and {text[16:19] for text in texts} <= _SECONDS.keys()
        and all(_midnight(day) is not None for day in {text[:10] for text in texts})
        and all(map(_is_offset, {text[19:] for text in texts}))
    )


def spelled(seconds: Sequence[int], offset: str) -> list[str]:
    """The times of these seconds; raises ValueError or OverflowError for a day that no calendar has."""
    days: dict[int, str] = {}
    found = []
    for at in seconds:
        day, rest = divmod(at, DAY_SECONDS)
        begin = days.get(day) or days.setdefault(day, f"{date.fromordinal(day).isoformat()}T")
        found.append(f"{begin}{_SPELLED_MINUTES[rest // 60]}{_SPELLED_SECONDS[rest % 60]}{offset}")
    return found
