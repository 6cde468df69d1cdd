"""A tracking code is read over the telephone: every single slip of the ear is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import tracking_code
from sync.errors import BrokenPromise, Refused

CODES = st.builds(
    tracking_code.make, st.sampled_from(["0380", "1022", "0000"]), st.integers(0, tracking_code.RANDOM_MAX - 1)
)


@given(CODES)
def test_a_code_has_twelve_digits_and_comes_back_from_how_it_is_shown(code: str) -> None:
    assert (len(code), code.isdigit()) == (12, True)
    assert tracking_code.parse(tracking_code.show(code)) == code


@given(CODES, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(code: str, at: int, by: int) -> None:
    wrong = code[:at] + str((int(code[at]) + by) % 10) + code[at + 1 :]
    with pytest.raises(Refused, match="bad_code"):
        tracking_code.parse(wrong)


@given(CODES, st.integers(0, 10))
def test_two_digits_changed_over_are_noticed(code: str, at: int) -> None:
    wrong = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    if wrong != code:
        with pytest.raises(Refused, match="bad_code"):
            tracking_code.parse(wrong)


@pytest.mark.parametrize(
    "typed", ["0380 0000 0019", "038000000019", "0380-0000-0019", "0380.0000.0019", " 0380\u00a000000019"]
)
def test_a_code_is_read_in_every_way_people_write_it(typed: str) -> None:
    expected = tracking_code.make("0380", 1)
    assert tracking_code.parse(typed.replace("0019", expected[-4:])) == expected


@pytest.mark.parametrize("typed", ["", "0380", "0380 0000 001", "0380 0000 00190", "abcd efgh ijkl", "٠٣٨٠٠٠٠٠٠٠١٩"])
def test_what_cannot_be_a_code_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="bad_code"):
        tracking_code.parse(typed)


@pytest.mark.parametrize(
    ("office", "number"), [("380", 1), ("038a", 1), ("0380", -1), ("0380", tracking_code.RANDOM_MAX)]
)
def test_a_code_of_no_office_or_number_is_our_bug(office: str, number: int) -> None:
    with pytest.raises(BrokenPromise):
        tracking_code.make(office, number)
