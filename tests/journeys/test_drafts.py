from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect

from tests.desk.conftest import PASSWORD
from tests.journeys.conftest import Office, open_context, sign_in

KEPT = "Bản nháp tự lưu"


@pytest.fixture
def lan(lan: Page) -> Page:
    """Lan at her desk, with the clock of her page in our hands."""
    lan.clock.install()
    lan.reload()
    return lan


def type_half(page: Page) -> None:
    page.locator("#summary").press_sequentially("Gõ dở một nửa")
    page.locator("#topic").select_option("price_fraud")
    page.get_by_label("Mặt hàng").fill("Gạo")
    page.clock.run_for(2_100)
    expect(page.locator("[data-draft-note]")).to_contain_text(KEPT)


def count(page: Page) -> int:
    """How many drafts the page tells of."""
    told = page.locator("[data-draft-count]").inner_text()
    return int(re.sub(r"\D", "", told))


def test_half_typed_form_survives_a_reload(lan: Page) -> None:
    type_half(lan)
    lan.reload()
    expect(lan.locator("#summary")).to_have_value("Gõ dở một nửa")
    expect(lan.get_by_label("Mặt hàng")).to_have_value("Gạo")


def test_typing_without_a_pause_is_kept_too(lan: Page) -> None:
    for _ in range(5):
        lan.locator("#details").press_sequentially("gõ mãi ")
        lan.clock.run_for(500)
    expect(lan.locator("[data-draft-note]")).to_contain_text(KEPT)


def test_draft_is_offered_in_another_browser_after_this_one_was_closed(
    lan: Page, chrome: Chromium, office: Office
) -> None:
    lan.locator("#summary").fill("Trình duyệt bị đóng")
    lan.clock.run_for(2_100)
    expect(lan.locator("[data-draft-note]")).to_contain_text(KEPT)
    lan.context.close()
    for context in open_context(chrome, office):
        page = sign_in(context)
        page.locator(".draft-tab", has_text="Trình duyệt bị đóng").click()
        expect(page.locator("#summary")).to_have_value("Trình duyệt bị đóng")


def test_saved_form_leaves_no_draft_behind_and_back_leads_to_the_report(lan: Page) -> None:
    type_half(lan)
    before = count(lan)
    lan.locator("#unit").fill("2021:14758")
    lan.keyboard.press("Control+Enter")
    lan.wait_for_url("**/saved*")
    code = lan.locator(".big-code").inner_text()
    lan.go_back()
    lan.wait_for_url("**/saved*")
    assert lan.locator(".big-code").inner_text() == code
    lan.goto("/drafts")
    assert lan.locator("tbody tr").count() == before - 1


def test_second_call_parks_the_first(lan: Page) -> None:
    lan.locator("#summary").fill("Cuộc gọi thứ nhất")
    before = lan.locator("#draft").input_value()
    lan.keyboard.press("F2")
    expect(lan.locator("#summary")).to_have_value("")
    assert lan.locator("#draft").input_value() != before
    lan.locator(".draft-tab", has_text="Cuộc gọi thứ nhất").click()
    expect(lan.locator("#summary")).to_have_value("Cuộc gọi thứ nhất")


def test_two_windows_of_one_draft_are_told_apart(lan: Page, context: BrowserContext) -> None:
    type_half(lan)
    other = context.new_page()
    other.goto(lan.url)
    lan.locator("#summary").fill("Ở đây")
    lan.clock.run_for(2_100)
    expect(lan.locator("[data-draft-note]")).to_contain_text(KEPT)
    other.locator("#details").fill("Ở kia")
    expect(other.locator("[data-draft-failed]")).to_contain_text("cửa sổ khác", timeout=8_000)
    expect(other.locator("#details")).to_have_value("Ở kia")


def test_nothing_personal_enters_the_storage_of_the_browser(lan: Page) -> None:
    type_half(lan)
    assert lan.evaluate("JSON.stringify([localStorage, sessionStorage])") == "[{},{}]"


def test_draft_outlives_an_ended_session(lan: Page, context: BrowserContext) -> None:
    type_half(lan)
    context.clear_cookies()
    lan.reload()
    lan.locator("#username").fill("lan")
    lan.locator("#password").fill(PASSWORD)
    lan.keyboard.press("Enter")
    expect(lan.locator("#summary")).to_have_value("Gõ dở một nửa")


def test_typing_on_after_the_session_ended_is_told_and_still_saved(lan: Page, context: BrowserContext) -> None:
    type_half(lan)
    context.clear_cookies()
    lan.locator("#unit").fill("2021:14758")
    lan.clock.run_for(2_100)
    expect(lan.locator("[data-draft-failed]")).to_contain_text("vẫn còn ở đây: bấm Lưu")
    lan.keyboard.press("Control+Enter")
    lan.locator("main button.btn-primary").click()  # what was typed, shown once more
    lan.locator("#username").fill("lan")
    lan.locator("#password").fill(PASSWORD)
    lan.keyboard.press("Enter")
    lan.locator("main button.btn-primary").click()
    lan.wait_for_url("**/saved*")


def test_idle_person_is_warned_and_can_stay(context: BrowserContext) -> None:
    page = context.new_page()
    page.clock.install()
    page.goto("/sign-in?lang=vi")
    page.locator("#username").fill("lan")
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url("**/intake")
    page.clock.fast_forward("28:30")
    page.clock.run_for(6_000)
    expect(page.locator("#idle-dialog")).to_be_visible()
    page.get_by_role("button", name="Tiếp tục làm việc").click()
    expect(page.locator("#idle-dialog")).to_be_hidden()


def test_program_that_stopped_is_told_and_the_text_stays(lan: Page, context: BrowserContext) -> None:
    lan.clock.install()
    lan.reload()
    lan.locator("#summary").fill("Còn đây")
    context.route("**/sync/status", lambda route: route.abort())
    lan.clock.run_for(11_000)
    expect(lan.locator("#sync-bar")).to_contain_text("Đừng đóng trang")
    expect(lan.locator("#summary")).to_have_value("Còn đây")


def test_bar_follows_what_was_saved_elsewhere(lan: Page, context: BrowserContext) -> None:
    lan.clock.install()
    lan.goto("/help")
    before = lan.locator("#sync-bar").inner_text()
    other = sign_in(context)
    other.locator("#summary").fill("Ở cửa sổ khác")
    other.locator("#unit").fill("2021:14758")
    other.locator("#topic").select_option("price_fraud")
    other.keyboard.press("Control+Enter")
    other.wait_for_url("**/saved*")
    lan.clock.run_for(11_000)
    expect(lan.locator("#sync-bar")).not_to_have_text(re.sub(r"\s+", " ", before))
