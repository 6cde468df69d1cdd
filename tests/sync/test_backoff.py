"""How long to wait after a failure, and how much to send after a success: always within bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.backoff import (
    BASE_SECONDS,
    CAP_SECONDS,
    FAILED_TRIES_MAX,
    HOUR_SECONDS,
    Allowance,
    asked_pause_seconds,
    first_target,
    pause_seconds,
    pausing,
    segment_target,
)

FRACTIONS = st.floats(0, 1, exclude_max=True)
MOST = 256 * 1024
CAP_MS = round(CAP_SECONDS * 1000)


@given(st.integers(0, 10**6), FRACTIONS)
def test_no_pause_is_longer_than_the_cap(failures: int, fraction: float) -> None:
    assert 0 <= pause_seconds(failures, fraction) < CAP_SECONDS


@given(st.integers(20, 10**6), FRACTIONS)
def test_offices_at_the_cap_are_still_spread_over_the_whole_of_it(failures: int, fraction: float) -> None:
    assert pause_seconds(failures, fraction) == CAP_SECONDS * fraction


@given(st.integers(0, 30))
def test_the_longest_pause_doubles_until_the_cap(failures: int) -> None:
    assert pause_seconds(failures, 1) == min(CAP_SECONDS, BASE_SECONDS * 2**failures)


@given(st.floats(0, 1e12), FRACTIONS)
def test_a_pause_that_is_asked_for_is_kept_within_reason_and_never_left_by_all_together(
    asked: float, fraction: float
) -> None:
    pause = asked_pause_seconds(asked, fraction)
    assert min(asked, CAP_SECONDS / 2) <= pause <= CAP_SECONDS
    assert pause == asked_pause_seconds(asked, 0) * (1 + fraction)


@given(st.integers(0, 2**42), st.integers(0, CAP_MS), st.integers(0, 2**42))
def test_no_pause_lasts_longer_than_the_cap_whatever_the_clock_says(tried: int, pause: int, now: int) -> None:
    if pausing(now, tried, tried + pause):
        assert tried <= now < tried + pause


@pytest.mark.parametrize(
    ("now", "tried", "next_try", "pauses"),
    [
        (1000, 500, 1500, True),
        (1500, 500, 1500, False),
        (400, 500, 1500, False),  # set back to before the try
        (1000, 500, 1000 + CAP_MS + 1, False),  # no pause of ours is that long
        (1000, None, 0, False),
        (CAP_MS, None, CAP_MS + 5, True),
    ],
)
def test_a_pause_is_believed_only_if_the_clock_can_have_made_it(
    now: int, tried: int | None, next_try: int, pauses: bool
) -> None:
    assert pausing(now, tried, next_try) is pauses


def test_an_hour_holds_a_fixed_number_of_failed_tries() -> None:
    tries = Allowance()
    for at in range(FAILED_TRIES_MAX):
        assert tries.holds(at)
        tries.note(at)
    assert not tries.holds(HOUR_SECONDS - 1) and tries.holds(HOUR_SECONDS)


@given(st.integers(1, MOST), st.integers(0, 10**7), st.floats(0, 10**4), st.booleans())
def test_the_next_segment_is_within_bounds(target: int, sent: int, seconds: float, ok: bool) -> None:
    assert 1 <= segment_target(target, sent, seconds, ok, MOST) <= MOST


@pytest.mark.parametrize(
    ("target", "sent", "seconds", "ok", "following"),
    [
        (10_000, 9_000, 0.1, True, 20_000),  # quick: double
        (10_000, 5_000, 0.1, True, 20_000),
        (10_000, 4_000, 0.1, True, 10_000),  # a small one proves nothing about a large one
        (10_000, 0, 0.1, True, 10_000),  # nor does an idle exchange
        (10_000, 9_000, 60.0, True, 10_000),  # slow but through: as it is
        (10_000, 9_000, 0.1, False, 5_000),  # broken: half
        (1_500, 1_500, 0.1, False, 1_024),
        (1_024, 1_024, 0.1, False, 1_024),
        (200_000, 200_000, 0.1, True, MOST),
        (MOST, MOST, 0.1, True, MOST),
    ],
)
def test_segments_grow_with_quick_successes_and_shrink_with_failures(
    target: int, sent: int, seconds: float, ok: bool, following: int
) -> None:
    assert segment_target(target, sent, seconds, ok, MOST) == following


@pytest.mark.parametrize(
    ("target", "speed", "first"),
    [
        (65_536, None, 65_536),
        (MOST, 1_000_000, MOST),
        (MOST, 8_000, 160_000),  # 64 kbit/s
        (MOST, 2_500, 50_000),  # 20 kbit/s
        (MOST, 1, 1_024),
        (5_000, 8_000, 5_000),
    ],
)
def test_the_first_segment_fits_the_last_known_speed(target: int, speed: int | None, first: int) -> None:
    assert first_target(target, speed) == first
