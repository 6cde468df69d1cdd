"""Search: any spelling that a person may remember or type finds the report, and edits move its entry along."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.actions.amend_report import amend_report
from intake_app.node import Node
from intake_app.store import search
from intake_app.store.finding import find_reports
from sync.tracking_code import show
from tests.creators import BOTH, POSTGRES, make_node, record, somebody
from tests.postgres import postgres_address, shared_server


@pytest.fixture(params=BOTH)
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    """An office, whose entries are FTS5's, and a centre on PostgreSQL: the same words find the same reports."""
    address = postgres_address() if request.param == POSTGRES else None
    made = make_node(tmp_path, "central", "1022", address=address) if address else make_node(tmp_path)
    yield made
    made.close()
    if address:
        shared_server().drop(address)


PLACE = {"summary": "Đường Lê Lợi ngập nặng", "details": "Nước đọng từ hôm qua.", "address": "Số 12 ngõ Đỗ Hành"}
CITIZEN = {"name": "Nguyễn Thị Đào", "phone": "0912 345 678"}


def found(node: Node, words: str, limit: int = 50) -> list[str]:
    with node.database.read() as db:
        return [one.row.tracking_code for one in find_reports(db, words, limit)]


@pytest.mark.parametrize(
    "words",
    [
        "Đường Lê Lợi",
        "duong le loi",
        "DUONG  LE   LOI",
        "đường lê",
        "ngập",
        "ngap nang",
        "dao",
        "đào",
        "Đào",
        "do hanh",
        "nuoc dong",
        "lợi, ngập!",
        "ngõ 12",
    ],
)
def test_words_are_found_with_and_without_accents(node: Node, words: str) -> None:
    report = record(node, **PLACE, **CITIZEN)
    record(node, summary="Rác chưa được gom")
    assert found(node, words) == [report.tracking_code]


def test_words_typed_in_pieces_are_found(node: Node) -> None:
    report = record(node, **PLACE)
    assert found(node, unicodedata.normalize("NFD", "Đường Lê Lợi")) == [report.tracking_code]


@pytest.mark.parametrize("words", ["ngậ", "duong le l", "lo", "n", "nguyễn th"])
def test_the_last_word_may_be_half_typed(node: Node, words: str) -> None:
    report = record(node, **PLACE, **CITIZEN)
    assert found(node, words) == [report.tracking_code]


def test_every_word_must_stand_in_the_report(node: Node) -> None:
    record(node, **PLACE)
    assert found(node, "duong le lai") == []


@pytest.mark.parametrize("typed", ["0912 345 678", "0912345678", "+84912345678", "0912.345.678", "912345678", "091234"])
def test_a_phone_is_found_in_any_spelling(node: Node, typed: str) -> None:
    report = record(node, **CITIZEN)
    record(node, phone="0912 345 679")
    assert report.tracking_code in found(node, typed)


@pytest.mark.parametrize("typed", ["+84 912 345 678", "0912-345-678", "(0912) 345678", "84912345678", "0912 345 678"])
def test_a_phone_typed_in_groups_finds_nobody_else(node: Node, typed: str) -> None:
    report = record(node, phone="+84 912 345 678")
    record(node, phone="0912 345 679")
    assert found(node, typed) == [report.tracking_code]


def test_a_name_after_a_phone_in_groups_may_be_half_typed(node: Node) -> None:
    report = record(node, **CITIZEN)
    assert found(node, "0912 345 678 thị đà") == [report.tracking_code]
    assert found(node, "0912 345 678 thị đi") == []


def test_numbers_in_the_text_are_found_as_they_are_written(node: Node) -> None:
    report = record(node, summary="Gọi lại số 0373 851 111 trước 17 giờ")
    assert found(node, "0373 851 111") == found(node, "so 0373 85") == [report.tracking_code]


def test_a_code_is_found_whole_in_groups_and_by_its_beginning(node: Node) -> None:
    report = record(node)
    code = report.tracking_code
    asked = [code, show(code), show(code).replace(" ", "-"), code[:9], show(code)[:12]]
    assert [found(node, typed) for typed in asked] == [[code]] * len(asked)


def test_an_edit_moves_the_entry(node: Node) -> None:
    report = record(node, **PLACE, **CITIZEN)
    amend_report(node, somebody(node), report.id, {"summary": "Phố Hàng Than ngập", "phone": "0987 654 321"})
    assert [found(node, words) for words in ("duong loi", "0912345678")] == [[], []]
    assert [found(node, words) for words in ("hang than", "0987654321", "do hanh")] == [[report.tracking_code]] * 3


@pytest.mark.parametrize("words", ["", "   ", "!!! ???", '"', "*", "' OR 1=1 --", "NEAR(", "AND", "-", "\x00"])
def test_signs_are_no_query(node: Node, words: str) -> None:
    record(node, **PLACE)
    assert found(node, words) == []


def test_no_more_are_found_than_asked_for(node: Node) -> None:
    codes = [record(node, summary="Loa phường ồn").tracking_code for _ in range(4)]
    assert found(node, "loa phuong", limit=2) == codes[:1:-1]


def test_what_only_old_reports_hold_is_found_behind_the_newest(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "WALKED_MAX", 1)
    old = [record(node, **PLACE).tracking_code for _ in range(2)]
    record(node, summary="Rác chưa được gom")
    new = record(node, **PLACE).tracking_code
    assert found(node, "Lê Lợi") == [new, *reversed(old)]
    assert found(node, "Lê Lợi", limit=1) == [new]


def test_the_newest_received_stand_first(node: Node) -> None:
    late = record(node, summary="Loa phường ồn", received_at="2021-12-04T08:00:00+07:00")
    early = record(node, summary="Loa phường ồn", received_at="2021-12-03T08:00:00+07:00")
    assert found(node, "loa") == [late.tracking_code, early.tracking_code]


def test_what_is_no_word_of_one_database_is_no_word_of_the_other(node: Node) -> None:
    details = "Xem https://1022.vn/a-b?c=1, thư le.loi@vidu.vn, số 12/5/2021 và -7,5; C++ & mã_số x" + "y" * 300
    report = record(node, summary="Gửi 3.500đ cho \\'ai\\' | nhé:*", details=details)
    asked = ["vn", "loi", "2021", "7", "3", "500d", "ai", "nhe", "so", "x" + "y" * 300, "x" + "y" * 250, "https", "c"]
    assert [words for words in asked if found(node, words) != [report.tracking_code]] == []
    assert [words for words in ("vidu.vn", "12/5", "mã số", "a-b") if found(node, words)] == ["mã số"]
