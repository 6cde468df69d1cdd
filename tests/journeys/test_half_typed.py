"""Changes and notes are kept on the server while they are typed: the browser, which others use too, holds nothing of them."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Office

NOTE = "[data-kept-note]"
KEEPING = re.compile("/half-typed")


def test_half_typed_change_with_another_topic_survives_a_reload(lan: Page, office: Office) -> None:
    lan.goto(f"/reports/{office.reports[0].hex()}/amend")
    lan.locator("#topic").select_option("other_directed")
    lan.get_by_label("Đề nghị giải quyết").fill("Sớm")
    lan.locator("#name").fill("Lê Thị Hoa Mai")
    expect(lan.locator(NOTE)).to_contain_text("Đã tự lưu")
    assert lan.evaluate("JSON.stringify([localStorage, sessionStorage])") == "[{},{}]"
    lan.reload()
    expect(lan.locator("#name")).to_have_value("Lê Thị Hoa Mai")
    expect(lan.get_by_label("Đề nghị giải quyết")).to_have_value("Sớm")
    lan.get_by_role("button", name="Bỏ nội dung này").press("Enter")
    expect(lan.locator("#name")).to_have_value("Lê Thị Hoa")


def test_answer_typed_while_questions_are_on_their_way_stays(lan: Page, office: Office) -> None:
    lan.goto(f"/reports/{office.reports[1].hex()}/amend")
    held: list[Route] = []
    lan.route("**/intake/questions*", lambda route: held.append(route))
    with lan.expect_request("**/intake/questions*"):
        lan.locator("#topic").dispatch_event("change")
    lan.get_by_label("Mặt hàng").fill("Gạo")
    with lan.expect_response("**/intake/questions*"):
        held[0].continue_()
    lan.locator("#questions fieldset").wait_for()
    expect(lan.get_by_label("Mặt hàng")).to_have_value("Gạo")


def test_note_left_by_a_link_waits_and_a_note_that_was_saved_does_not(lan: Page, office: Office) -> None:
    address = f"/reports/{office.reports[0].hex()}/note"
    lan.goto(address)
    lan.locator("#text").press_sequentially("Gõ dở")
    lan.keyboard.press("F1")
    lan.wait_for_url("**/help")
    lan.goto(address)
    expect(lan.locator("#text")).to_have_value("Gõ dở")
    lan.locator("#text").press_sequentially(" rồi gửi")
    lan.keyboard.press("Control+Enter")
    lan.wait_for_url(re.compile(r"/reports/[0-9a-f]{32}$"))
    expect(lan.locator(".story")).to_contain_text("Gõ dở rồi gửi")
    lan.goto(address)
    expect(lan.locator("#text")).to_have_value("")


def test_form_sent_while_it_is_being_kept_leaves_nothing_behind(lan: Page, office: Office) -> None:
    address = f"/reports/{office.reports[0].hex()}/note"
    lan.goto(address)
    lan.route(KEEPING, lambda route: (lan.wait_for_timeout(300), route.continue_()))
    with lan.expect_request(KEEPING):
        lan.locator("#text").fill("Gửi ngay")
    lan.keyboard.press("Control+Enter")
    lan.wait_for_url(re.compile(r"/reports/[0-9a-f]{32}$"))
    lan.goto(address)
    expect(lan.locator("#text")).to_have_value("")
