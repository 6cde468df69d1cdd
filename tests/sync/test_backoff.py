"""How long to wait after a failure, and how much to send after a success: always within bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync.backoff import BASE_SECONDS, CAP_SECONDS, pause_seconds, segment_target

FRACTIONS = st.floats(0, 1, exclude_max=True)


@given(st.integers(0, 10**6), FRACTIONS)
def test_no_pause_is_longer_than_the_cap(failures: int, fraction: float) -> None:
    assert 0 <= pause_seconds(failures, fraction) < CAP_SECONDS


@given(st.integers(20, 10**6), FRACTIONS)
def test_offices_at_the_cap_are_still_spread_over_the_whole_of_it(failures: int, fraction: float) -> None:
    assert pause_seconds(failures, fraction) == CAP_SECONDS * fraction


@given(st.integers(0, 30))
def test_the_longest_pause_doubles_until_the_cap(failures: int) -> None:
    assert pause_seconds(failures, 1) == min(CAP_SECONDS, BASE_SECONDS * 2**failures)


@given(st.integers(1, 10**7), st.floats(0, 10**4), st.booleans())
def test_the_next_segment_is_within_bounds(last: int, seconds: float, ok: bool) -> None:
    most = 256 * 1024
    assert 1 <= segment_target(last, seconds, ok, most) <= max(most, last)


def test_a_quick_success_doubles_and_a_failure_halves() -> None:
    assert segment_target(10_000, 0.1, True, 256_000) == 20_000
    assert segment_target(10_000, 0.1, False, 256_000) == 5_000
    assert segment_target(10_000, 60, True, 256_000) == 10_000
