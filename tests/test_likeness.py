"""How alike two short texts are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intake_app.likeness import percent_alike

WORDS = st.text("abc ", max_size=30)  # so few letters that some texts are alike


def test_same_words_in_another_order_are_the_same() -> None:
    assert percent_alike("Khẩu trang giá gấp ba", "giá gấp ba khẩu trang") == 100


def test_accents_and_case_do_not_matter() -> None:
    assert percent_alike("ĐÈN ĐƯỜNG hỏng", "den duong hong") == 100


def test_a_word_changed_is_still_alike_and_other_matters_are_not() -> None:
    assert percent_alike("Ổ gà lớn trước cổng trường", "Ổ gà trước cổng trường học") > 70
    assert percent_alike("Ổ gà lớn trước cổng trường", "Người về từ vùng dịch") < 30


def test_nothing_is_like_nothing() -> None:
    assert percent_alike("", "") == 0


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_percentage_whatever_is_typed(first: str, second: str) -> None:
    assert 0 <= percent_alike(first, second) <= 100


@given(WORDS, WORDS, st.integers(0, 100))
def test_what_reaches_the_least_is_told_exactly(first: str, second: str, least: int) -> None:
    exact, told = percent_alike(first, second), percent_alike(first, second, least)
    assert told == exact if exact >= least else told < least
