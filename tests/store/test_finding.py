"""What the search box understands: numbers in any spelling and by their ends, half-typed words, accents as typed first."""

from __future__ import annotations

import pytest

from intake_app.actions.amend_report import amend_report
from intake_app.node import Node
from intake_app.store import finding
from intake_app.store.finding import find_reports
from tests.creators import record, somebody

PHONE = "0912 345 678"


def found(node: Node, text: str, limit: int = 50) -> list[str]:
    with node.database.read() as db:
        return [one.row.summary for one in find_reports(db, text, limit)]


@pytest.mark.parametrize(
    "typed",
    ["0912345678", "0912.345.678", "0912-345-678", "+84 912 345 678", "+84912345678", "84912345678", "0084912345678",
     "(+84) 0912 345 678", "912345678", "5678", "345 678", "678"],
)  # fmt: skip
def test_a_phone_number_is_found_in_any_spelling_and_by_its_end(node: Node, typed: str) -> None:
    record(node, summary="Của chị Hoa", phone=PHONE)
    record(node, summary="Của người khác", phone="0912 345 999")
    assert found(node, typed) == ["Của chị Hoa"]


def test_a_code_is_found_by_its_last_digits(node: Node) -> None:
    code = record(node, summary="Đây").tracking_code
    for typed in (code, f"{code[:4]} {code[4:8]} {code[8:]}", code[-4:], code[-6:], code[:4] + " " + code[4:8]):
        assert "Đây" in found(node, typed)


def test_an_end_of_digits_finds_a_number_however_many_end_in_the_same_three(node: Node) -> None:
    record(node, summary="Của chị Hoa", phone="0912 345 678")
    for number in range(5):
        record(node, summary="Của người khác", phone=f"0912 34{number} 678")
    assert found(node, "45 678", limit=1) == ["Của chị Hoa"]
    assert found(node, "678", limit=1) == ["Của người khác"]


def test_the_end_of_a_number_that_was_put_right_is_found_and_of_the_wrong_one_not(node: Node) -> None:
    report = record(node, summary="Của chị Hoa", phone="0912 345 678")
    amend_report(node, somebody(node), report.id, {"phone": "0912 345 999"})
    assert (found(node, "45 678"), found(node, "45 999")) == ([], ["Của chị Hoa"])


def test_a_digit_or_two_are_found_as_they_are_written(node: Node) -> None:
    record(node, summary="Nhà số 77, ngõ 5")
    record(node, summary="Nhà số 78")
    assert found(node, "so 77") == found(node, "ngo 5") == ["Nhà số 77, ngõ 5"]


@pytest.mark.parametrize("typed", ["kh", "chợ đ", "cho d", "gia g", "k"])
def test_a_word_of_a_letter_or_two_is_found(node: Node, typed: str) -> None:
    record(node, summary="Khẩu trang giá gấp ba ở chợ Đông Thọ")
    record(node, summary="Xin lương thực")
    assert found(node, typed) == ["Khẩu trang giá gấp ba ở chợ Đông Thọ"]


def test_looking_at_the_newest_gives_what_the_index_would(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(9):
        record(node, summary=f"Việc {number} khẩu trang" if number % 2 else f"Việc {number}")
    asked = [(text, limit) for text in ("viec k", "k") for limit in (1, 3)]
    monkeypatch.setattr(finding, "_SIFT", 2)
    sifted = [found(node, *each) for each in asked]
    monkeypatch.setattr(finding, "SHORT_LETTERS", 0)
    assert sifted == [found(node, *each) for each in asked]


def test_what_has_the_accents_as_typed_stands_first(node: Node) -> None:
    record(node, summary="Xã Hoằng Phụ")
    record(node, summary="Xã Hoàng Phú")
    assert found(node, "hoang phu") == ["Xã Hoàng Phú", "Xã Hoằng Phụ"]
    assert found(node, "Hoằng Phụ") == ["Xã Hoằng Phụ", "Xã Hoàng Phú"]


@pytest.mark.parametrize("typed", ["", "   ", "%", "''", '"', "*", "(", "AND", "9" * 300])
def test_odd_input_finds_nothing_and_breaks_nothing(node: Node, typed: str) -> None:
    record(node, summary="Việc")
    assert found(node, typed) == []


@pytest.mark.parametrize("typed", ["0912345678", "+84 912 345 678", "45678", "678", "le thi kin", "0912", "ki"])
def test_no_name_and_no_number_finds_whose_identity_is_kept_secret(node: Node, typed: str) -> None:
    record(node, phone="0912 345 678", name="Lê Thị Kín", confidential=True, summary="Đèn hỏng")
    assert found(node, typed) == []
    assert found(node, "den hong") == ["Đèn hỏng"]


def test_an_identity_is_no_longer_found_from_the_moment_it_is_to_be_kept_secret(node: Node) -> None:
    report = record(node, phone="0912 345 678", name="Lê Thị Kín", summary="Đèn hỏng")
    assert found(node, "0912345678") == ["Đèn hỏng"]
    amend_report(node, somebody(node), report.id, {"confidential": True})
    assert found(node, "0912345678") + found(node, "le thi kin") + found(node, "678") == []
