"""The periods that bulletins are of: a day, a week from Monday, a month, a quarter, a year, or any days. Pure."""

from __future__ import annotations

from datetime import date, timedelta

KINDS = ("day", "week", "month", "quarter", "year", "free")
FREE_DAYS_MAX = 366


def period_of(kind: str, day: date) -> tuple[date, date]:
    """The first and the last day of the period of that kind in which a day lies; of a free one the day itself."""
    if kind == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}.get(kind)
    if months is None:
        return day, day
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return first, _months_on(first, months) - timedelta(days=1)


def before(kind: str, day: date) -> date:
    """A day in the period before the one in which a day lies."""
    return period_of(kind, day)[0] - timedelta(days=1)


def _months_on(first: date, months: int) -> date:
    total = first.year * 12 + first.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)
