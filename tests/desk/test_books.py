from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from intake_app.actions.step_report import step_report
from intake_app.node import Actor, Node
from intake_app.store import registers
from tests.pages import Browser, Page

Record = Callable[..., bytes]
REGISTER_COLUMNS = [
    "STT", "Ngày tiếp", "Họ tên - Địa chỉ", "CMND/Hộ chiếu của công dân", "Nội dung vụ việc", "Phân loại đơn/Số người",
    "Cơ quan đã giải quyết", "Hướng xử lý", "Theo dõi kết quả giải quyết", "Ghi chú", "Thụ lý để giải quyết",
    "Trả lại đơn và hướng dẫn", "Chuyển đơn đến cơ quan, tổ chức đơn vị có thẩm quyền",
]  # fmt: skip


def lines(page: Page) -> list[str]:
    return [row.text for row in page.all("tbody")[0].all("tr")]


def test_register_of_receptions_has_the_columns_of_the_circular(lan: Browser) -> None:
    assert [each.text for each in lan.get("/books/reception").all("th")] == REGISTER_COLUMNS


def test_register_of_receptions_holds_only_who_came_to_the_counter(lan: Browser, recorded: Record) -> None:
    recorded(summary="Gọi đến", channel="phone")
    recorded(summary="Đến quầy", channel="walk_in", name="Lê Thị Hoa")
    [only] = lines(lan.get("/books/reception"))
    assert "Đến quầy" in only and "Lê Thị Hoa" in only
    assert len(lines(lan.get("/books/tracking"))) == 2


def test_no_book_tells_a_secret_name(lan: Browser, recorded: Record) -> None:
    recorded(channel="walk_in", name="Đặng Văn Mật", phone="0912345678", confidential=True, national_id="038099999999")
    for book in ("reception", "tracking"):
        text = lan.get(f"/books/{book}").text
        assert "kept secret" in text or "được giữ bí mật" in text
        assert not [secret for secret in ("Đặng", "•678", "038099999999") if secret in text]


def test_book_shows_whole_days_of_the_period_and_nothing_outside(lan: Browser, recorded: Record) -> None:
    for at in ("2021-11-30T23:59:00+07:00", "2021-12-01T00:00:00+07:00", "2021-12-02T23:59:00+07:00"):
        recorded(channel="walk_in", received_at=at, summary=at[:10])
    page = lan.get("/books/reception?first=1/12/2021&last=2/12/2021")
    assert [line.split()[1] for line in lines(page)] == ["01/12/2021", "02/12/2021"]


def test_how_it_is_dealt_with_stands_in_one_of_three_columns(
    lan: Browser, node: Node, officer: Actor, recorded: Record
) -> None:
    recorded(channel="walk_in", summary="Việc tự làm")
    sent = recorded(channel="walk_in", summary="Việc của sở")
    step_report(node, replace(officer, roles=officer.roles | {"dispatcher"}), sent, "route", agency="SYT")
    cells = [[cell.text for cell in row.all("td")] for row in lan.get("/books/reception").all("tbody")[0].all("tr")]
    assert [row[7:10] for row in cells] == [["x", "", ""], ["", "", "Sở Y tế"]]


def test_long_book_is_cut_and_says_so(lan: Browser, recorded: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "ROWS_MAX", 2)
    monkeypatch.setattr("intake_app.desk.books.ROWS_MAX", 2)
    for _ in range(3):
        recorded()
    page = lan.get("/books/tracking")
    assert len(lines(page)) == 2 and "Only the first 2 lines" in page.text


def test_period_turned_round_is_told_beside_its_field(lan: Browser) -> None:
    page = lan.get("/books/tracking?first=5/12/2021&last=1/12/2021")
    assert "before the first" in page.error_of("last")
    assert "printed empty" in page.text
