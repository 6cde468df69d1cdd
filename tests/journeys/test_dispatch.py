"""A dispatcher's hour in a real browser: an alarm comes and is seen, several reports go out with the keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from intake_app.central import alerts
from intake_app.store.reports import load_report
from tests.central.staff import PASSWORD, Staffed, open_staffed, set_up
from tests.journeys.served import DESKTOP, come_in, serving


@pytest.fixture
def province(tmp_path: Path) -> Staffed:
    set_up(tmp_path)
    return open_staffed(tmp_path)


def status_of(province: Staffed, report: bytes) -> str:
    with province.centre.database.read() as db:
        found = load_report(db, report)
    assert found
    return str(found.state["status"])


def alarm_comes_while_the_page_is_open(province: Staffed, page: Page) -> bytes:
    """It is seen in the banner and the title, heard by whoever switched the sound on, and read out once."""
    sound = page.get_by_role("button", name="Sound for new urgent reports")
    expect(sound).to_have_attribute("aria-pressed", "false")
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "true")
    urgent = province.arrived(summary="Cần xe cấp cứu", urgency="emergency")
    expect(page.locator("#alerts")).to_contain_text("Cần xe cấp cứu")
    expect(page).to_have_title("(1) ▲ Dispatch – New – 1022 intake")
    expect(page.locator("#alerts")).to_have_attribute("data-sounded", "1")
    expect(page.locator("#alerts [role=alert]")).to_have_count(1)
    return urgent


def three_are_routed_by_keyboard(page: Page) -> None:
    page.goto(page.url)
    page.locator("td.pick input").nth(1).focus()
    for _ in range(3):
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    expect(page.locator("[data-picked]")).to_have_text("3 ticked")
    page.get_by_role("button", name="Route the ticked ones together").press("Enter")
    page.get_by_label("Lead agency").select_option("SCT")
    page.fill("[name=text]", "Kính chuyển")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="3 done")).to_be_focused()


def test_an_alarm_is_seen_heard_and_acknowledged_and_several_reports_go_out(
    province: Staffed, chrome: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "POLL_SECONDS", 0.3)
    others = [province.arrived(summary=f"Giá cao {n}") for n in range(3)]
    page = chrome.new_context(viewport=DESKTOP).new_page()
    with serving(province.app) as centre:
        come_in(page, "dispatch", PASSWORD, address=centre, path="/dispatch")
        urgent = alarm_comes_while_the_page_is_open(province, page)
        three_are_routed_by_keyboard(page)
        # The alarm stays on every page until somebody says that they have seen it, but it is read out no second time.
        expect(page.locator("#alerts [role=alert]")).to_have_count(0)
        page.get_by_role("button", name="Seen – open it").click()
        expect(page.get_by_text("first seen at the centre by Người dispatch")).to_be_visible()
        expect(page.locator("#alerts [data-alert]")).to_have_count(0)
    assert [status_of(province, report) for report in (*others, urgent)] == ["routed"] * 3 + ["received"]
    page.context.close()
