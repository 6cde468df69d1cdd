"""A report goes round without scripts: routed, given back, routed again, answered, approved, published, told, closed.

With scripts, and across computers that are offline half of the time: test_three_computers.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from intake_app import create_app
from intake_app.actions.accounts import add_account
from tests.central.staff import OFFICE, PASSWORD, Staffed, open_staffed, set_up
from tests.journeys.served import DESKTOP, come_in, serving

SUMMARY = "Trạm y tế hết que thử"
ANSWER = "Trạm đã được cấp thêm 200 que thử ngày 06/12."


@pytest.fixture
def province(tmp_path: Path) -> Staffed:
    """A centre with its people, and an office with an officer who can sign in."""
    set_up(tmp_path)
    made = open_staffed(tmp_path)
    add_account(made.offices[OFFICE], None, "lan", "Trần Thị Lan", ("administrator", "intake_officer"), PASSWORD)
    return made


def open_from(page: Page, queue: str) -> None:
    """Go from the overview to a queue, and from there to the report."""
    page.get_by_role("link", name=queue).first.click()
    page.get_by_role("row", name=SUMMARY).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(SUMMARY)


def take(page: Page, step: str, **typed: str) -> None:
    """Take a step from the report's page."""
    page.get_by_role("link", name=step, exact=True).click()
    for name, text in typed.items():
        page.fill(f"[name={name}]", text)
    page.locator("main form button.btn-primary").click()
    expect(page.get_by_role("status").filter(has_text="Done")).to_be_visible()


def route_as_dispatcher(page: Page, centre: str) -> None:
    come_in(page, "dispatch", PASSWORD, address=centre)
    open_from(page, "1 New")
    page.get_by_role("link", name="Route to an agency").click()
    page.get_by_label("Lead agency").select_option("SYT")
    page.get_by_text("Supporting agencies").click()
    page.get_by_label("Trung tâm Kiểm soát bệnh tật tỉnh").check()
    page.fill("[name=text]", "Đề nghị kiểm tra và trả lời")
    page.fill("[name=deadline]", "17:00 20/12/2021")
    page.locator("main form button.btn-primary").click()
    expect(page.get_by_text("Sở Y tế").first).to_be_visible()
    expect(page.get_by_text("17:00 20/12/2021").first).to_be_visible()


def give_back_as_handler(page: Page, centre: str) -> None:
    come_in(page, "health", PASSWORD, address=centre)
    open_from(page, "1 To accept")
    page.get_by_role("link", name="Return", exact=True).click()
    page.fill("[name=reason]", "Việc của ngành công thương")
    page.get_by_label("Agency that should have it").select_option("SCT")
    page.locator("main form button.btn-primary").click()


def send_on_with_one_press(page: Page, centre: str) -> None:
    come_in(page, "dispatch", PASSWORD, address=centre)
    page.get_by_role("link", name="1 Returned", exact=True).click()
    expect(page.get_by_role("row", name=SUMMARY)).to_contain_text("Given back by Sở Y tế: Việc của ngành công thương")
    page.get_by_role("button", name="Route to Sở Công Thương").click()
    expect(page.get_by_text("Routed to: Sở Công Thương.")).to_be_visible()


def answer_as_handler(page: Page, centre: str) -> None:
    come_in(page, "trade", PASSWORD, address=centre)
    open_from(page, "1 To accept")
    take(page, "Accept for handling")
    take(page, "Submit for approval", answer="Đã cấp que thử.", sources="Công văn 1234/SCT")


def approve_as_approver(page: Page, centre: str) -> None:
    come_in(page, "approver", PASSWORD, address=centre)
    open_from(page, "1 Waiting for approval")
    page.get_by_role("link", name="Approve", exact=True).click()
    expect(page.get_by_label("Answer")).to_have_value("Đã cấp que thử.")
    page.get_by_label("Answer").fill(ANSWER)
    page.locator("main form button.btn-primary").click()


def publish_as_dispatcher(page: Page, centre: str, report: bytes) -> None:
    come_in(page, "dispatch", PASSWORD, address=centre, path=f"/reports/{report.hex()}/publicity")
    expect(page.locator(".removed del")).to_have_text(["Mẫu"])
    page.get_by_label("Why it is published").fill("Nhiều người hỏi")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".as-read")).to_contain_text("Bà [tên] hỏi que thử.")
    page.get_by_role("button", name="Make public").click()
    expect(page.get_by_text("Published. The public reads it")).to_be_visible()


def tell_as_officer(page: Page, office: str) -> None:
    come_in(page, "lan", PASSWORD, address=office, path="/reports?show=calls")
    page.get_by_role("row", name=SUMMARY).get_by_role("link").first.click()
    expect(page.locator("dd", has_text=ANSWER).first).to_be_visible()
    page.get_by_role("link", name="The citizen was told").first.click()
    page.select_option("[name=means]", "phone")
    page.locator("main form button.btn-primary").click()
    take(page, "Close", how="Gọi điện, người dân đã rõ")


def test_a_report_goes_from_the_counter_to_the_agency_and_back_without_scripts(province: Staffed, chrome: Browser) -> None:
    report = province.arrived(channel="walk_in", summary=SUMMARY, details="Bà Mẫu hỏi que thử.")
    desk = create_app(province.offices[OFFICE].settings, province.offices[OFFICE])
    page = chrome.new_context(viewport=DESKTOP, java_script_enabled=False).new_page()
    with serving(province.app) as centre, serving(desk) as office:
        route_as_dispatcher(page, centre)
        give_back_as_handler(page, centre)
        send_on_with_one_press(page, centre)
        answer_as_handler(page, centre)
        approve_as_approver(page, centre)
        publish_as_dispatcher(page, centre, report)
        province.sync()
        tell_as_officer(page, office)
        province.sync()
        come_in(page, "auditor", PASSWORD, address=centre, path=f"/reports/{report.hex()}")
        expect(page.locator(".report-head")).to_contain_text("Closed")
    page.context.close()
