"""What the search key and the cleaning of typed text promise."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import fold as module
from sync.fold import clean_text, fold, fold_many


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Phường Đông Thọ", "phuong dong tho"),
        ("ĐẶNG THỊ HƯỜNG", "dang thi huong"),
        ("  nhiều \t khoảng\u00a0trắng\nvà dòng ", "nhieu khoang trang va dong"),
        (unicodedata.normalize("NFD", "Nghi Sơn – Quảng Xương"), "nghi son – quang xuong"),
        ("số ½ Ⅳ ﬁ Straße ÐÞ", "so 1⁄2 iv fi strasse dþ"),
        ("😷 khẩu trang…", "😷 khau trang..."),
        ("", ""),
    ],
)
def test_key_has_no_accents_no_case_and_single_spaces(typed: str, key: str) -> None:
    assert fold(typed) == key


def test_fast_map_agrees_with_the_definition_for_every_letter() -> None:
    for letter in map(chr, range(0x3000)):
        assert fold(f"a{letter}b") == " ".join(module._fold_characters(f"a{letter}b").split())


@given(st.text())
def test_key_of_a_key_is_itself(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_composed_and_decomposed_text_have_one_key(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.lists(st.text(alphabet="aĐ ộ\0\n😷ữ")))
def test_batch_gives_what_single_folding_gives(texts: list[str]) -> None:
    assert fold_many(texts) == [fold(text) for text in texts]


def test_batch_of_nothing_is_nothing() -> None:
    assert fold_many([]) == []


def test_cleaned_lines_keep_their_breaks_and_lose_controls() -> None:
    assert clean_text("\ufeff  Dòng một\r\ndòng\x00 hai\rdòng\tba\x07\n ", True) == "Dòng một\ndòng hai\ndòng ba"


def test_cleaned_single_line_has_a_space_for_each_break() -> None:
    assert clean_text("Số nhà 12 \r\n\r\n phố Mới\u2028xã Tân", False) == "Số nhà 12 phố Mới xã Tân"


def test_cleaned_text_is_composed_and_can_be_written() -> None:
    assert clean_text(unicodedata.normalize("NFD", "Thọ Xuân") + "\ud83d", False) == "Thọ Xuân"


@given(st.text(alphabet=st.characters()), st.booleans())
def test_cleaning_twice_changes_nothing(text: str, multiline: bool) -> None:
    assert clean_text(clean_text(text, multiline), multiline) == clean_text(text, multiline)
