"""The pages around the form: drafts with something in them, and an urgent report that cannot leave."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from intake_app.actions.add_to_report import relay_by_phone
from intake_app.actions.keep_draft import discard_draft, keep_draft
from intake_app.actions.record_report import record_report
from tests import creators
from tests.journeys.conftest import Office, sign_in
from tests.journeys.looks import violations, wider_than_window

KEYS = ["a1" * 16, "b2" * 16]
URGENT = {"summary": "Sạt lở chặn đường", "urgency": "emergency", "address": "Km 12", "phone": "0912345678"}


@pytest.fixture(scope="module")
def pages(office: Office) -> list[str]:
    """The addresses of drafts with one thrown away, of an urgent report, and of one that was told by phone."""
    for key, summary in zip(KEYS, ("Phiếu thử bỏ nháp", "Đã bỏ"), strict=True):
        keep_draft(
            office.node, office.officer, key, [("summary", summary), ("name", "Lê Thị Mẫu"), ("phone", "0900000001")]
        )
    discard_draft(office.node, office.officer, KEYS[1])
    waiting, report = (
        record_report(office.node, office.officer, creators.make_line(**URGENT)).id.hex() for _ in range(2)
    )
    relay_by_phone(
        office.node, office.officer, bytes.fromhex(report), "Trực ban 1022", "2026-11-28T08:40:00+07:00", "Trần Thị Lan"
    )
    return ["/drafts", f"/reports/{waiting}/saved", f"/reports/{report}", f"/reports/{report}/relay"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_pages_pass_axe_and_reflow(context: BrowserContext, pages: list[str], lang: str) -> None:
    page = sign_in(context, lang)
    found = {}
    for address in pages:
        page.goto(address)
        found[address] = violations(page)
        page.set_viewport_size({"width": 320, "height": 700})
        found[address] += ["wider than 320 px"] if wider_than_window(page) else []
        page.set_viewport_size({"width": 1366, "height": 640})
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_urgent_report_is_told_by_phone_without_the_mouse(lan: Page, pages: list[str]) -> None:
    lan.goto(pages[1])
    lan.locator("#to").press_sequentially("Công an xã")
    lan.keyboard.press("Enter")
    lan.wait_for_url(lambda address: "/saved" not in address)
    expect(lan.locator(".urgent-relay")).to_have_count(0)
    expect(lan.locator(".relayed").last).to_contain_text("Công an xã (Trần Thị Lan)")
    expect(lan.locator("[data-flash]")).to_contain_text("Đã ghi nhận")


def test_draft_is_thrown_away_and_taken_back_by_keyboard(lan: Page, pages: list[str]) -> None:
    lan.goto("/drafts")
    lan.locator("tr", has_text="Phiếu thử bỏ nháp").get_by_role("button").press("Enter")
    lan.locator(".discarded li", has_text="Phiếu thử bỏ nháp").get_by_role("button").press("Enter")
    expect(lan.locator("#summary")).to_have_value("Phiếu thử bỏ nháp")
