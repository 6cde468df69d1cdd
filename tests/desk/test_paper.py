from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask

from intake_app.actions.step_report import step_report
from intake_app.node import Actor, Node
from tests.desk.conftest import DeskClock
from tests.pages import Browser, Page

Record = Callable[..., bytes]
SECRET = {"name": "Đặng Văn Mật", "phone": "0912 345 678", "confidential": True}


def printed(lan: Browser, report: bytes, paper: str = "receipt", **typed: Any) -> Page:
    """Press the button of a paper's page."""
    slug = paper if paper == "receipt" else f"{paper}-slip"
    page = lan.get(f"/reports/{report.hex()}/{slug}")
    return lan.send(page, typed, to=f"/reports/{report.hex()}/print/{paper}")


def paper_of(page: Page) -> str:
    return page.all(class_="paper")[0].text


def routed(node: Node, officer: Actor, report: bytes) -> bytes:
    step_report(node, officer, report, "route", agency="UBND-380", deadline="2021-12-20T17:00:00+07:00")
    return report


def revealed(node: Node) -> list[dict[str, Any]]:
    with node.database.read() as db:
        return [json.loads(row[0]) for row in db.all("SELECT details FROM audit WHERE action = 'audit.revealed'")]


def test_paper_that_is_only_looked_at_says_so(lan: Browser, recorded: Record) -> None:
    assert "Bản xem trước" in paper_of(lan.get(f"/reports/{recorded().hex()}/receipt"))


def test_first_print_bears_no_mark_and_later_ones_say_which_reprint_they_are(lan: Browser, recorded: Record) -> None:
    report = recorded()
    marks = [paper_of(printed(lan, report)) for _ in range(3)]
    assert "Bản in lại" not in marks[0] and "Bản xem trước" not in marks[0]
    assert "Bản in lại lần 1" in marks[1] and "Bản in lại lần 2" in marks[2]


def test_form_sent_twice_counts_one_copy(lan: Browser, recorded: Record) -> None:
    address = f"/reports/{recorded().hex()}"
    page = lan.get(f"{address}/receipt")
    assert [lan.send(page, to=f"{address}/print/receipt").path for _ in range(2)] == [f"{address}/print/receipt/1"] * 2


def test_reload_of_a_fresh_copy_counts_no_other(lan: Browser, recorded: Record) -> None:
    first = printed(lan, recorded())
    assert paper_of(lan.get(first.path)) == paper_of(first)


def test_going_back_to_the_original_after_a_reprint_gives_no_second_original(lan: Browser, recorded: Record) -> None:
    report = recorded()
    first = printed(lan, report)
    printed(lan, report)
    back = lan.get(first.path)
    assert back.path.endswith("/receipt") and "Bản xem trước" in paper_of(back)


def test_original_that_was_left_open_is_printed_again_only_as_a_reprint(
    lan: Browser, recorded: Record, clock: DeskClock
) -> None:
    first = printed(lan, recorded())
    clock.pass_minutes(11)
    assert "Bản xem trước" in paper_of(lan.get(first.path))


def test_papers_are_counted_apart(lan: Browser, node: Node, officer: Actor, recorded: Record) -> None:
    report = routed(node, officer, recorded())
    printed(lan, report)
    assert "Bản in lại" not in paper_of(printed(lan, report, "transfer"))


def test_secret_identity_is_on_no_paper_unless_somebody_takes_it_on_the_record(
    lan: Browser, node: Node, officer: Actor, recorded: Record
) -> None:
    report = routed(node, officer, recorded(**SECRET))
    before = len(revealed(node))
    assert "Mật" not in paper_of(printed(lan, report, "transfer")) + paper_of(printed(lan, report))
    assert len(revealed(node)) == before
    page = printed(lan, report, "transfer", reveal="yes")
    assert "Đặng Văn Mật" in paper_of(page) and "0912 345 678" in paper_of(page)
    assert revealed(node)[-1] == {"fields": ["name", "phone", "phone_typed"], "paper": "transfer", "copy": 2}


def test_receipt_never_shows_a_secret_name_or_a_whole_phone(lan: Browser, recorded: Record) -> None:
    secret = paper_of(printed(lan, recorded(**SECRET), reveal="yes"))
    assert "Mật" not in secret and "0912" not in secret and "•678" in secret
    plain = paper_of(printed(lan, recorded(name="Lê Thị Hoa", phone="0912 345 678")))
    assert "0912" not in plain and "•678" in plain


def test_transfer_slip_names_the_agency_the_day_and_the_signer(
    lan: Browser, node: Node, officer: Actor, recorded: Record
) -> None:
    text = paper_of(printed(lan, routed(node, officer, recorded()), "transfer"))
    for part in (
        "ỦY BAN NHÂN DÂN THÀNH PHỐ THANH HÓA", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số: ……/PC-UBND",
        "Thanh Hóa, ngày 05 tháng 12 năm 2021", "Kính gửi: Ủy ban nhân dân thành phố Thanh Hóa", "20/12/2021", "CHỦ TỊCH",
    ):  # fmt: skip
        assert part in text


def test_paper_that_would_say_nothing_is_refused_with_what_to_do(lan: Browser, recorded: Record) -> None:
    assert "route, guide or answer" in lan.get(f"/reports/{recorded().hex()}/reply-slip", status=409).text


def test_report_page_offers_the_papers_it_can_print(lan: Browser, node: Node, officer: Actor, recorded: Record) -> None:
    report = recorded()
    names = lambda: [link.text for link in lan.get(f"/reports/{report.hex()}").all(class_="papers")[0].all("a")]  # noqa: E731
    assert names() == ["Receipt"]
    routed(node, officer, report)
    assert names() == ["Receipt", "Transfer slip"]


def test_receipt_leads_to_the_address_where_a_citizen_looks_up(lan: Browser, app: Flask, recorded: Record) -> None:
    address = f"/reports/{recorded().hex()}/receipt"
    code_alone = lan.get(address).all("path")[0].attributes["d"]
    app.extensions["settings"] = replace(app.extensions["settings"], lookup_url="https://1022.example.vn/tra-cuu?ma=")
    page = lan.get(address)
    assert "https://1022.example.vn/tra-cuu?ma=" in paper_of(page)
    assert page.all("path")[0].attributes["d"] != code_alone
