"""What is public, what waits to be and what was taken back are listed, narrowed, found by the public words, and taken out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from intake_app.actions.set_publicity import publish_report, withdraw_report
from intake_app.central import public
from tests.central.staff import Staffed
from tests.creators import record
from tests.pages import Browser, Page

NAME, PHONE = "Lê Thị Mẫu", "0900 000 001"


@pytest.fixture
def browser(province: Staffed) -> Browser:
    return province.browser("dispatch")


def answered(province: Staffed, agency: str = "SYT", **changes: Any) -> bytes:
    """A report that an agency has answered, whose citizen agrees to publicity."""
    told = {"name": NAME, "phone": PHONE, "publish_consent": True} | changes
    report = record(province.centre, province.staff["operator"], **told).id
    province.take("dispatch", report, "route", agency=agency)
    who = {"SYT": "health", "SCT": "trade"}[agency]
    province.take(who, report, "accept")
    province.take(who, report, "answer", answer="Đã xử lý.", sources="Biên bản 1")
    return report


def published(province: Staffed, title: str, agency: str = "SYT", by: str = "dispatch", **changes: Any) -> bytes:
    """A report that the public reads under this title."""
    report = answered(province, agency, **changes)
    words = {"title": title, "text": f"{title} trên đường.", "answer": "Đã xử lý xong."}
    publish_report(province.centre, province.staff[by], report, words)
    return report


def titles(page: Page) -> list[str]:
    return [each.text for each in page.all("p", class_="released")]


def counts(page: Page) -> list[str]:
    return [each.text for each in page.all("span", class_="number")]


def test_what_is_public_stands_newest_first_in_the_words_that_are_read(province: Staffed, browser: Browser) -> None:
    first = published(province, "Cống tràn", summary=f"Cống tràn nhà bà {NAME}")
    published(province, "Đèn hỏng", by="approver")
    page = browser.get("/public")
    assert titles(page) == ["Đèn hỏng", "Cống tràn"]
    assert "Người approver" in page.text and "Đã xử lý xong." in page.text
    assert NAME not in page.text
    addresses = [each.attributes["href"] for each in page.all("a")]
    assert f"/reports/{first.hex()}" in addresses
    assert page.link("Change or take back").startswith("/reports/")


@pytest.mark.parametrize(
    ("asked", "found"),
    [("cong tran", ["Cống tràn"]), ("tren duong", ["Đèn hỏng", "Cống tràn"]), ("mau", []), ("!!", [])],
)
def test_only_what_the_public_reads_is_looked_in(
    province: Staffed, browser: Browser, asked: str, found: list[str]
) -> None:
    for title in ("Cống tràn", "Đèn hỏng"):
        published(province, title, summary=f"{title} nhà bà Mẫu")
    assert titles(browser.get(f"/public?q={asked}")) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("agency=SCT", ["Giá cao"]),
        ("topic=price_fraud", ["Giá cao"]),
        ("first=05/12/2021&last=05/12/2021", ["Giá cao", "Cống tràn"]),
        ("last=04/12/2021", []),
        ("first=khong", ["Giá cao", "Cống tràn"]),
    ],
)
def test_the_list_is_narrowed_by_topic_agency_and_days(
    province: Staffed, browser: Browser, asked: str, found: list[str]
) -> None:
    published(province, "Cống tràn", topic="other_directed")
    published(province, "Giá cao", agency="SCT", topic="price_fraud")
    page = browser.get(f"/public?{asked}")
    assert titles(page) == found
    assert ("Nothing fits these filters." in page.text) == (not found)


def test_what_is_answered_and_agreed_to_waits_until_it_is_published(province: Staffed, browser: Browser) -> None:
    waits = answered(province, summary="Cây đổ")
    answered(province, summary="Không muốn công khai", publish_consent=None)
    record(province.centre, province.staff["operator"], summary="Hỏi giờ", publish_consent=True)
    page = browser.get("/public?show=waiting")
    assert titles(page) == ["Cây đổ"]
    assert "1 To be published" in browser.get("/centre").text
    form = browser.get(page.link("Look through and publish"))
    after = browser.send(form, {"action": "publish"}, to=page.link("Look through and publish"))
    assert (after.path, titles(after), counts(after)) == ("/public", [], ["1", "0", "0"])
    assert f"/reports/{waits.hex()}" in [each.attributes["href"] for each in browser.get("/public").all("a")]


def test_what_waits_longest_to_be_published_stands_first(province: Staffed, browser: Browser) -> None:
    for summary in ("Hôm kia", "Hôm qua"):
        answered(province, summary=summary)
    assert titles(browser.get("/public?show=waiting")) == ["Hôm kia", "Hôm qua"]


def test_what_was_taken_back_says_why_and_by_whom_and_is_found_no_more(province: Staffed, browser: Browser) -> None:
    report = published(province, "Cống tràn")
    withdraw_report(province.centre, province.staff["approver"], report, "Người dân đề nghị")
    page = browser.get("/public?show=withdrawn")
    assert titles(page) == ["Cống tràn"]
    assert "Người approver" in page.text and "Người dân đề nghị" in page.text
    assert titles(browser.get("/public?q=cong")) == []


def test_an_answer_that_changed_after_it_was_published_is_pointed_out(province: Staffed, browser: Browser) -> None:
    report = published(province, "Cống tràn")
    assert "Answered anew" not in browser.get("/public").text
    province.take("dispatch", report, "reopen", reason="Cống lại tràn")
    province.take("dispatch", report, "route", agency="SYT")
    province.take("health", report, "accept")
    province.take("health", report, "answer", answer="Đã thay cống.", sources="Biên bản 2")
    page = browser.get("/public")
    assert "Answered anew since then" in page.text and "Đã thay cống." not in page.text


def test_files_hold_the_public_words_and_nothing_of_anybody(province: Staffed, browser: Browser) -> None:
    report = published(province, "Cống tràn", summary=f"Cống nhà {NAME}", address="12 Lê Lợi")
    published(province, "=Đèn hỏng")
    table = browser.client.get("/public.csv?q=cong").data
    assert table.startswith(b"\xef\xbb\xbf")
    line = json.loads(browser.client.get("/public.jsonl?q=cong").data)
    assert (line["title"], line["answer"], line["published_on"]) == ("Cống tràn", "Đã xử lý xong.", "05/12/2021")
    for secret in (NAME, "900000001", "12 Lê Lợi", report.hex(), code_of(province, report)):
        assert secret not in table.decode() + json.dumps(line, ensure_ascii=False)
    assert b"'=\xc4\x90\xc3\xa8n" in browser.client.get("/public.csv").data
    assert audited(province) == ["csv", "jsonl", "csv"]


def code_of(province: Staffed, report: bytes) -> str:
    with province.centre.database.read() as db:
        return str(db.value("SELECT tracking_code FROM report r JOIN entity e ON e.no = r.no WHERE e.id = ?", report))


def audited(province: Staffed) -> list[str]:
    with province.centre.database.read() as db:
        rows = db.all("SELECT details FROM audit WHERE action = 'data.exported' AND subject = 'public' ORDER BY no")
    return [json.loads(row[0])["format"] for row in rows]


def test_a_long_list_goes_on_from_page_to_page(
    province: Staffed, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "PAGE_ROWS", 2)
    for number in range(5):
        published(province, f"Việc {number}")
    seen, address = [], "/public"
    for _ in range(3):
        page = browser.get(address)
        seen += titles(page)
        address = next((str(each.attributes["href"]) for each in page.all("a") if "Next page" in each.text), "")
    assert (seen, address) == ([f"Việc {number}" for number in (4, 3, 2, 1, 0)], "")


@pytest.mark.parametrize("show", ["public", "waiting", "withdrawn"])
def test_an_empty_view_says_what_would_stand_there(browser: Browser, show: str) -> None:
    text = browser.get(f"/public?show={show}").text
    assert any(words in text for words in ("Nothing is public yet.", "Nothing waits", "Nothing that was public"))
    browser.get("/public?show=nothing", status=404)


def test_who_may_not_publish_reads_the_list_and_has_no_way_to_change_it(province: Staffed) -> None:
    published(province, "Cống tràn")
    page = province.browser("auditor").get("/public")
    assert titles(page) == ["Cống tràn"] and "Change or take back" not in page.text
