"""Working time: what lies between two moments, and which moment follows; on the shipped calendars and on any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake_app.clock import from_iso, iso
from intake_app.store.deadlines import shipped
from sync.working_time import HOUR_MS, Calendar, ordinal_of

SHIPPED = Calendar(shipped("calendar"))
EVERY_DAY = [f"2025-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29)]
FROM, TO = from_iso("2025-01-01T00:00:00+07:00"), from_iso("2025-12-31T00:00:00+07:00")
MOMENTS = st.integers(FROM, TO)
FEW = settings(max_examples=50)  # each example counts a year anew
AMOUNTS = st.integers(1, 400 * HOUR_MS)
DAYS = st.lists(st.sampled_from(EVERY_DAY), unique=True, max_size=40)


def content(holidays: list[str], made_up: Sequence[str] = (), hours: Any = None) -> dict[str, Any]:
    return {
        "valid_from": "0001-01-01", "weekdays": [1, 2, 3, 4, 5],
        "hours": hours or [["07:00", "11:30"], ["13:30", "17:00"]],
        "holidays": [{"day": each, "name": "x"} for each in holidays],
        "make_up_days": [{"day": each, "name": "x"} for each in made_up],
    }  # fmt: skip


CALENDARS = st.builds(
    lambda off, made: Calendar([content(off, made)]), DAYS, st.lists(st.sampled_from(EVERY_DAY), max_size=3)
)


def after(start: str, hours: float) -> str:
    return iso(SHIPPED.after(from_iso(f"{start}:00+07:00"), round(hours * HOUR_MS)))[:16]


@FEW
@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_working_time_adds_up(calendar: Calendar, first: int, second: int, third: int) -> None:
    assert calendar.worked(first, second) + calendar.worked(second, third) == calendar.worked(first, third)


@FEW
@given(CALENDARS, MOMENTS, AMOUNTS)
def test_going_forward_by_some_working_time_passes_just_that(calendar: Calendar, start: int, amount: int) -> None:
    end = calendar.after(start, amount)
    assert calendar.worked(start, end) == amount
    assert calendar.worked(start, end - 1) == amount - 1


@FEW
@given(CALENDARS, MOMENTS, AMOUNTS)
def test_going_back_is_the_inverse_of_going_forward(calendar: Calendar, end: int, amount: int) -> None:
    start = calendar.back(end, amount)
    assert calendar.worked(start, end) == amount
    assert calendar.worked(start + 1, end) == amount - 1


@FEW
@given(CALENDARS, MOMENTS, AMOUNTS)
def test_whatever_is_reached_lies_within_office_hours(calendar: Calendar, start: int, amount: int) -> None:
    end = calendar.after(start, amount)
    within = end - from_iso(iso(end)[:10] + "T00:00:00+07:00")
    assert any(begin < within <= close for begin, close in calendar.day(ordinal_of(end)).spans)


@FEW
@given(DAYS, st.sampled_from(EVERY_DAY), MOMENTS, AMOUNTS)
def test_one_more_holiday_never_makes_it_earlier(off: list[str], more: str, start: int, amount: int) -> None:
    few, many = Calendar([content(off)]), Calendar([content(sorted({*off, more}))])
    assert few.after(start, amount) <= many.after(start, amount)
    days = 1 + amount // (8 * HOUR_MS)
    assert few.closing_after_days(start, days) <= many.closing_after_days(start, days)


@FEW
@given(CALENDARS, MOMENTS, st.integers(1, 60))
def test_so_many_days_close_after_so_many_worked_days(calendar: Calendar, start: int, days: int) -> None:
    end = calendar.closing_after_days(start, days)
    between = range(ordinal_of(start) + 1, ordinal_of(end) + 1)
    assert sum(calendar.is_worked(each) for each in between) == days
    assert calendar.is_worked(ordinal_of(end)) and calendar.closing(end) == end


@FEW
@given(CALENDARS, MOMENTS)
def test_a_day_that_is_not_worked_closes_with_the_next_one_that_is(calendar: Calendar, moment: int) -> None:
    close, day = calendar.closing(moment), ordinal_of(moment - 1)
    assert calendar.is_worked(ordinal_of(close))
    assert not any(calendar.is_worked(each) for each in range(day, ordinal_of(close)))


@pytest.mark.parametrize(
    ("what", "start", "hours", "end"),
    [
        ("within a morning", "2025-03-10T08:00", 2, "2025-03-10T10:00"),
        ("over noon", "2025-03-10T10:30", 2, "2025-03-10T14:30"),
        ("overnight", "2025-03-10T16:30", 2, "2025-03-11T08:30"),
        ("over a weekend", "2025-03-14T17:00", 1, "2025-03-17T08:00"),
        ("received at midnight", "2025-03-12T00:00", 1, "2025-03-12T08:30"),
        ("a second before midnight", "2025-03-11T23:59", 1, "2025-03-12T08:30"),
        ("received on a Sunday", "2025-03-16T09:00", 8, "2025-03-17T17:30"),
        ("over Tết Ất Tỵ", "2025-01-24T16:30", 2, "2025-02-03T08:30"),
        ("over Tết Tân Sửu", "2021-02-09T16:30", 2, "2021-02-17T08:30"),
        ("over Giỗ Tổ", "2025-04-04T17:00", 1, "2025-04-08T08:00"),
        ("over Giỗ Tổ on a Sunday, with the Monday instead", "2026-04-24T17:00", 1, "2026-04-28T08:00"),
        ("a made-up Saturday is worked", "2025-04-25T17:00", 1, "2025-04-26T08:00"),
        ("over 30/4 and 1/5 with the swapped 2/5", "2025-04-29T17:00", 1, "2025-05-05T08:00"),
        ("over 1/5/2021, a Saturday, with the Monday instead", "2021-04-29T17:00", 1, "2021-05-04T08:00"),
        ("over the turn of the year", "2025-12-31T17:00", 1, "2026-01-05T08:00"),
        ("a fixed day off in a year without a calendar of its own", "2024-04-29T17:00", 1, "2024-05-02T08:00"),
        ("in March, when others put their clocks forward", "2025-03-28T16:30", 2, "2025-03-31T08:30"),
    ],
)
def test_known_days(what: str, start: str, hours: float, end: str) -> None:
    assert after(start, hours) == end, what


def test_the_calendar_given_last_counts_for_its_days() -> None:
    summer = content([], hours=[["07:00", "11:00"]]) | {"valid_from": "2025-06-01", "valid_to": "2025-06-30"}
    calendar = Calendar([*shipped("calendar"), summer])
    lengths = [
        sum(end - begin for begin, end in calendar.day(date(2025, month, 2).toordinal()).spans) for month in (6, 7)
    ]
    assert lengths == [4 * HOUR_MS, 8 * HOUR_MS]


def test_every_shipped_holiday_is_off_and_every_make_up_day_is_worked() -> None:
    for sheet in shipped("calendar")[1:]:
        for each in sheet["holidays"]:
            assert SHIPPED.day(date.fromisoformat(each["day"]).toordinal()).spans == ()
        for each in sheet.get("make_up_days", ()):
            assert date.fromisoformat(each["day"]).isoweekday() > 5
            assert SHIPPED.day(date.fromisoformat(each["day"]).toordinal()).spans


def test_a_day_is_always_twenty_four_hours_long() -> None:
    first = date(2025, 1, 1)
    starts = [from_iso(f"{(first + timedelta(each)).isoformat()}T00:00:00+07:00") for each in range(366)]
    assert {later - before for before, later in zip(starts, starts[1:], strict=False)} == {24 * HOUR_MS}
    assert [ordinal_of(each) for each in starts[:2]] == [first.toordinal(), first.toordinal() + 1]
