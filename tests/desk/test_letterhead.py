from __future__ import annotations

import pytest

from intake_app.desk.letterhead import dated, letterhead
from tests.creators import DIRECTORY


@pytest.mark.parametrize(
    ("office", "above", "last", "place", "sign"),
    [
        ("0380", "", "THÀNH PHỐ THANH HÓA", "Thanh Hóa", "UBND"),
        ("0381", "", "THỊ XÃ BỈM SƠN", "Bỉm Sơn", "UBND"),
        ("3002", "", "PHƯỜNG ĐÔNG THỌ", "Đông Thọ", "UBND"),
        ("1022", "SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "TỔNG ĐÀI 1022 TỈNH THANH HÓA", "Thanh Hóa", "STTTT"),
    ],
)
def test_head_names_the_office_as_it_signs(office: str, above: str, last: str, place: str, sign: str) -> None:
    head = letterhead(DIRECTORY, office)
    assert (head.above, head.lines[-1], head.place, head.sign) == (above, last, place, sign)


def test_every_office_has_a_head_and_a_place() -> None:
    heads = [letterhead(DIRECTORY, number) for number in DIRECTORY.offices]
    assert [head for head in heads if not head.place or not head.lines or not head.sign] == []


@pytest.mark.parametrize(
    ("at", "day", "month"), [("2021-02-05T08:00:00+07:00", "05", "02"), ("2021-03-15T08:00:00+07:00", "15", "3")]
)
def test_day_is_written_as_official_papers_do(at: str, day: str, month: str) -> None:
    assert dated(at) == {"day": day, "month": month, "year": "2021"}
