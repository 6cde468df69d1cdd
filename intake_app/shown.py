"""Times and numbers as people of the province read them: 24 hours, day before month, local time."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

ZONE_NAME = "Asia/Ho_Chi_Minh"
ZONE = ZoneInfo(ZONE_NAME)
PHONE_TAIL_DIGITS = 3


def local_time(value: int | str) -> datetime:
    """An instant, given in milliseconds or as ISO text, on the province's clock."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(ZONE)
    return datetime.fromtimestamp(value / 1000, UTC).astimezone(ZONE)


def when(value: int | str | None) -> str:
    """Hour and day: 08:30 05/12/2021."""
    return local_time(value).strftime("%H:%M %d/%m/%Y") if value else ""


def day(value: int | str | None) -> str:
    """The day alone: 05/12/2021."""
    return local_time(value).strftime("%d/%m/%Y") if value else ""


def clock_time(value: int | None, now_ms: int) -> str:
    """The hour if it is of today, else the hour and the day without its year."""
    if not value:
        return ""
    moment = local_time(value)
    return moment.strftime("%H:%M" if moment.date() == local_time(now_ms).date() else "%H:%M %d/%m")


def masked(phone: str | None) -> str:
    """A phone number of which only the end is readable, as a receipt or a list shows it."""
    digits = "".join(char for char in phone or "" if char.isdigit())
    return "•" * (len(digits) - PHONE_TAIL_DIGITS) + digits[-PHONE_TAIL_DIGITS:] if digits else ""
