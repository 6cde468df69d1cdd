"""Times from tables are the times that the calendar says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import moments

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TIMES = st.builds(
    lambda seconds, minutes: (EPOCH + timedelta(seconds=seconds)).astimezone(timezone(timedelta(minutes=minutes))),
    st.integers(-62_100_000_000, 253_400_000_000),  # the years 2 to 9999
    st.integers(-14 * 60, 14 * 60),
)


@given(TIMES)
def test_the_milliseconds_of_any_time_are_the_calendars(at: datetime) -> None:
    assert moments.unix_ms(at.isoformat()) == round(at.timestamp() * 1000)


@given(st.lists(TIMES.map(datetime.isoformat), min_size=1, max_size=5))
def test_many_times_are_times_as_each_of_them_is(texts: list[str]) -> None:
    assert moments.are_times(texts)
    assert all(map(moments.is_time, texts))


@pytest.mark.parametrize(
    "text", ["", "2021-12-05", "2021-02-30T08:30:00+07:00", "2021-12-05T08:30:00", "2021-12-05T08:30:00Z"]
)
def test_what_is_no_time_has_none(text: str) -> None:
    assert moments.unix_ms(text) is None
    assert not moments.is_time(text)
