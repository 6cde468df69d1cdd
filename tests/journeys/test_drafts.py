from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.desk.conftest import PASSWORD
from tests.journeys.conftest import sign_in


def type_half(page: Page) -> None:
    page.locator("#summary").press_sequentially("Gõ dở một nửa")
    page.locator("#topic").select_option("price_fraud")
    page.get_by_label("Mặt hàng").fill("Gạo")
    expect(page.locator("[data-draft-note]")).to_contain_text("Bản nháp")


def test_half_typed_form_survives_a_reload(lan: Page) -> None:
    type_half(lan)
    lan.reload()
    expect(lan.locator("#summary")).to_have_value("Gõ dở một nửa")
    expect(lan.get_by_label("Mặt hàng")).to_have_value("Gạo")


def test_saved_form_leaves_no_draft_behind(lan: Page) -> None:
    type_half(lan)
    lan.locator("#unit").fill("2021:14758")
    lan.keyboard.press("Control+Enter")
    lan.wait_for_url("**/saved*")
    assert lan.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('kit:')).length") == 0
    lan.go_back()
    expect(lan.locator("#summary")).to_have_value("")


def test_signing_out_takes_every_draft_along(lan: Page) -> None:
    type_half(lan)
    lan.locator("[data-sign-out] button").click()
    lan.wait_for_url("**/sign-in")
    assert lan.evaluate("JSON.stringify(sessionStorage)") == "{}"


def test_nothing_personal_enters_the_storage_that_lasts(lan: Page) -> None:
    type_half(lan)
    assert lan.evaluate("JSON.stringify(localStorage)") == "{}"


def test_draft_outlives_an_ended_session(lan: Page, context: BrowserContext) -> None:
    type_half(lan)
    context.clear_cookies()
    lan.reload()
    lan.locator("#username").fill("lan")
    lan.locator("#password").fill(PASSWORD)
    lan.keyboard.press("Enter")
    expect(lan.locator("#summary")).to_have_value("Gõ dở một nửa")


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
