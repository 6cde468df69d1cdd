"""A day at an office in a real browser: from the counter to the answer told, and a conflict decided with the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from intake_app import create_app
from intake_app.actions.add_to_report import call_report
from tests.creators import ALL_ROLES, Province, Recorded, province
from tests.desk.conftest import PASSWORD
from tests.hired import hire
from tests.journeys.looks import violations, wider_than_window
from tests.journeys.served import DESKTOP, PHONE, come_in, serving

SUMMARY = "Quán ăn vẫn mở sau 22 giờ"
ANSWER = "Đã lập biên bản và nhắc nhở chủ quán."


@dataclass
class Day:
    """A province, the address of its office's pages, and a browser in which Lan is signed in."""

    province: Province
    address: str
    page: Page

    def goto(self, path: str) -> None:
        self.page.goto(self.address + path)


@pytest.fixture
def day(tmp_path: Path, chrome: Chromium) -> Iterator[Day]:
    """An office that knows its centre, with one officer who may do everything."""
    with province(tmp_path) as made:
        node = made.node("0380")
        made.people["0380"] = hire(node, "lan", "Trần Thị Lan", ALL_ROLES, PASSWORD)
        page = chrome.new_context(viewport=DESKTOP).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(10_000)
        with serving(create_app(node.settings, node)) as address:
            come_in(page, "lan", PASSWORD, address=address, path="/intake")
            yield Day(made, address, page)
        page.context.close()


def contested(day: Day) -> Recorded:
    """A report whose summary and address two people have changed, each in their own way."""
    made = day.province
    report = made.record(
        "0380", summary="Chợ họp dưới lòng đường", address="Chợ Vườn Hoa", details="Sáng nào cũng họp."
    )
    made.sync()
    made.amend("1022", report, summary="Chợ họp tràn xuống lòng đường", address="Số 1")
    made.amend("0380", report, summary="Chợ họp dưới lòng đường lúc 6 giờ", address="Số 2")
    made.sync()
    return report


def record_walk_in(page: Page) -> str:
    """Type a report at the counter and save it; gives its id."""
    page.select_option("#channel", "walk_in")
    for field, text in (
        ("name", "Hoàng Thị Năm"),
        ("phone", "0376 222 333"),
        ("summary", SUMMARY),
        ("unit", "2021:14758"),
    ):
        page.fill(f"#{field}", text)
    page.select_option("#topic", "transport_goods_order")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/saved*")
    return page.url.split("/")[-2]


def take(page: Page, step: str, **typed: str) -> None:
    """Follow the link of a step in the row of the report, and send its form."""
    page.get_by_role("row", name=SUMMARY).get_by_role("link", name=step).click()
    for name, text in typed.items():
        page.fill(f"[name={name}]", text)
    page.locator("main form button.btn-primary").click()
    expect(page.locator("[data-flash]")).to_be_visible()


def test_from_the_counter_to_the_answer_told(day: Day) -> None:
    page, made = day.page, day.province
    report = record_walk_in(page)
    made.sync()
    made.step(
        "1022",
        Recorded(bytes.fromhex(report), "", False),
        "route",
        agency="UBND-380",
        deadline="2030-01-01T08:00:00+07:00",
    )
    made.sync()
    day.goto("/agency")
    take(page, "Accept for handling")
    day.goto("/agency?queue=at_work")
    take(page, "Submit for approval", answer=ANSWER, sources="Biên bản 15/BB")
    day.goto("/agency?queue=approval")
    take(page, "Approve")
    made.sync()
    day.goto("/calls")
    page.get_by_text("What to tell").click()
    expect(page.get_by_text(ANSWER)).to_be_visible()
    page.locator(".callee").first.focus()
    page.keyboard.press("1")
    expect(page.get_by_text("Nobody waits for a call.")).to_be_visible()
    made.sync()
    day.goto(f"/reports/{report}")
    assert page.locator(".ledger li.reached").count() == 6


def test_a_call_is_recorded_with_the_keyboard_while_the_line_is_away(day: Day) -> None:
    page, made = day.page, day.province
    reports = [made.record("0380", name=name, phone="0912 345 678") for name in ("Lê Văn Ba", "Lê Văn Tư")]
    for report in reports:
        made.step("0380", report, "answer", answer=ANSWER, sources="Không")
    day.goto("/calls")
    page.locator(".callee").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.querySelector('h2').textContent").strip().startswith("Lê Văn Tư")
    page.keyboard.press("2")
    expect(page.locator(".tries")).to_contain_text("No answer")
    page.locator(".callee input[name=text]").first.fill("123")
    expect(page.locator(".callee")).to_have_count(2)
    expect(page.locator("#sync-bar")).to_contain_text("Saved on this computer")


def test_a_conflict_is_decided_with_the_keyboard(day: Day) -> None:
    report, page = contested(day), day.page
    day.goto(f"/conflicts/{report.id.hex()}")
    assert page.evaluate("document.activeElement.dataset.side") == "centre"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.side") == "centre"
    page.locator("#note").focus()
    page.keyboard.type("Người dân xác nhận")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check the decision")
    assert violations(page) == []
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/reports/*")
    state = day.province.seen("0380", report)
    assert sorted((state["summary"], state["address"])) == sorted(("Chợ họp tràn xuống lòng đường", "Số 2"))
    assert "conflicts" not in state


@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_of_a_days_work_have_no_faults(day: Day, language: str) -> None:
    page, made, report = day.page, day.province, contested(day)
    secret = made.record("0380", name="Bà Tư", phone="0912 345 678", confidential=True, urgency="urgent")
    made.step("0380", secret, "answer", answer=ANSWER, sources="Không")
    call_report(made.node("0380"), made.actor("0380"), secret.id, "out", "busy", "Gọi lại chiều")
    made.step(
        "0380",
        made.record("0380", details="Chợ Đông Thọ"),
        "route",
        agency="UBND-380",
        deadline="2021-01-01T08:00:00+07:00",
    )
    id_ = report.id.hex()
    found = {}
    for path in (
        "/reports?show=overdue", "/reports?show=refused", "/search?q=cho+dong", "/calls", "/agency", "/conflicts",
        f"/conflicts/{id_}", f"/reports/{id_}", f"/reports/{id_}/link", f"/reports/{id_}/extend", "/sync",
    ):  # fmt: skip
        for size in (DESKTOP, PHONE)[: 1 if language == "en" else 2]:  # Vietnamese words are the longer ones
            page.set_viewport_size(size)  # type: ignore[arg-type]
            day.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
            faults = violations(page) if size is DESKTOP else []
            if faults or wider_than_window(page):
                found[f"{path} {size['width']}"] = faults or "scrolls sideways"
    assert found == {}
