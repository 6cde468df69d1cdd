"""The counter in a real browser: a shift handed over, a paper form entered after a power cut, a reprint, a change of person."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from intake_app.store.accounts import find_account
from intake_app.store.idle_calls import by_day
from intake_app.store.reserved import unused
from sync import tracking_code
from tests.desk.conftest import PASSWORD
from tests.hired import hire
from tests.journeys.conftest import Office, sign_in

PRINTS = "window.print = () => { document.documentElement.dataset.printed = 'yes'; }"


@pytest.fixture(autouse=True)
def minh(office: Office) -> None:
    """A colleague of Lan's."""
    with office.node.database.read() as db:
        known = find_account(db, "minh")
    if known is None:
        hire(office.node, "minh", "Phạm Văn Minh", ["intake_officer"], PASSWORD + "2")


@pytest.fixture
def desk(context: BrowserContext) -> Page:
    """Lan at her desk, with a printer that only counts."""
    context.add_init_script(PRINTS)
    return sign_in(context)


def silent(office: Office) -> int:
    with office.node.database.read() as db:
        return sum(number for _, _, kind, number in by_day(db, "2000-01-01", "2999-12-31") if kind == "silent")


def test_shift_is_handed_over_by_keyboard_and_signed_by_both(desk: Page) -> None:
    desk.goto("/hand-over")
    desk.locator("#receiver").select_option("minh")
    desk.locator("#password").fill(PASSWORD + "2")
    desk.locator("#note").fill("Còn một việc khẩn")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/hand-over/*")
    expect(desk.locator(".paper")).to_contain_text("Phạm Văn Minh đã xác nhận nhận ca")
    expect(desk.locator("[data-print]")).to_be_focused()


def test_paper_form_of_a_power_cut_is_entered_later_under_its_code(desk: Page, office: Office) -> None:
    desk.goto("/blank-forms")
    desk.locator("#count").fill("1")
    desk.locator("main .btn-primary").press("Enter")
    expect(desk.locator("html[data-printed]")).to_have_count(1)
    code = tracking_code.parse(desk.locator(".blank .big-code").inner_text())
    desk.goto("/blank-forms")
    desk.get_by_role("link", name=f"Nhập phiếu {tracking_code.show(code)}").press("Enter")
    for field, text in (("summary", "Ghi tay lúc mất điện"), ("unit", "2021:14758"), ("received_at", "7:30 4/12/2021")):
        desk.locator(f"#{field}").fill(text)
    desk.locator("#topic").select_option("other_directed")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/saved*")
    expect(desk.locator(".big-code")).to_contain_text(tracking_code.show(code))
    with office.node.database.read() as db:
        assert code not in [one.code for one in unused(db)]


def test_second_receipt_says_that_it_is_a_reprint_whatever_the_back_button_does(desk: Page, office: Office) -> None:
    look, copy = f"/reports/{office.reports[1].hex()}/receipt", "**/print/receipt/*"
    desk.goto(look)
    desk.locator(".paper-bar form button").press("Enter")
    desk.wait_for_url(copy)
    expect(desk.locator("html[data-printed]")).to_have_count(1)
    expect(desk.locator(".paper .copy")).to_have_count(0)
    desk.go_back()
    desk.locator(".paper-bar form button").press("Enter")
    desk.wait_for_url(copy)
    expect(desk.locator(".paper .copy")).to_have_text("Bản in lại lần 1")
    desk.goto(f"/reports/{office.reports[1].hex()}/print/receipt/1")
    expect(desk.locator(".paper .copy")).to_contain_text("Bản xem trước")


def test_colleague_takes_the_place_and_what_was_half_typed_waits_unseen(desk: Page) -> None:
    desk.locator("#summary").press_sequentially("Việc của Lan, gõ dở")
    expect(desk.locator("[data-draft-note]")).not_to_be_empty()
    desk.keyboard.press("F7")
    desk.wait_for_url("**/switch")
    desk.locator("#username").select_option("minh")
    desk.locator("#password").fill(PASSWORD + "2")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/intake")
    expect(desk.locator("header .person")).to_contain_text("Phạm Văn Minh")
    assert desk.locator("#summary").input_value() == ""
    expect(desk.get_by_role("link", name="Việc của Lan, gõ dở")).to_have_count(0)
    desk.keyboard.press("F7")
    desk.locator("#username").select_option("lan")
    desk.locator("#password").fill(PASSWORD)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/intake")
    desk.get_by_role("link", name="Việc của Lan, gõ dở").press("Enter")
    expect(desk.locator("#summary")).to_have_value("Việc của Lan, gõ dở")


def test_idle_call_is_counted_by_two_keys_and_taken_back(desk: Page, office: Office) -> None:
    before = silent(office)
    desk.locator("#summary").fill("Đang gõ")
    desk.keyboard.press("F6")
    desk.keyboard.press("2")
    desk.locator(".counter-undo").wait_for()
    assert silent(office) == before + 1
    assert desk.locator("#summary").input_value() == "Đang gõ"
    desk.locator(".counter-undo button").press("Enter")
    expect(desk.locator(".counter-undo")).to_have_count(0)
    assert silent(office) == before


def test_call_counted_while_the_draft_is_kept_leaves_the_form_as_it_is(desk: Page, office: Office) -> None:
    before = silent(office)
    held: list[Route] = []
    desk.route("**/counter/calls", lambda route: held.append(route))
    desk.locator("#summary").fill("Đang gõ dở")
    with desk.expect_response("**/drafts/*"):
        desk.keyboard.press("F6")
        desk.keyboard.press("2")
    expect(desk).to_have_url(re.compile("draft="))
    with desk.expect_response("**/counter/calls"):
        held[0].continue_()
    desk.locator(".counter-undo").wait_for()
    assert (desk.locator("#summary").input_value(), silent(office)) == ("Đang gõ dở", before + 1)


def test_call_whose_answer_was_lost_is_pressed_again_and_counts_once(desk: Page, office: Office) -> None:
    before = silent(office)
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    desk.route("**/counter/calls", lose, times=3)
    desk.locator("#summary").fill("Đang gõ")
    for said in (re.compile("đếm một lần"), ""):
        desk.keyboard.press("F6")
        desk.keyboard.press("2")
        expect(desk.locator(".counter-said")).to_have_text(said)
    assert (lost, silent(office), desk.locator("#summary").input_value()) == ([200] * 3, before + 1, "Đang gõ")


def test_call_that_cannot_be_counted_says_so_and_keeps_the_form(desk: Page, office: Office) -> None:
    before = silent(office)
    desk.locator("#summary").fill("Đang gõ")
    desk.context.clear_cookies()
    desk.keyboard.press("F6")
    desk.keyboard.press("2")
    expect(desk.locator(".counter-said")).not_to_be_empty()
    assert (silent(office), desk.locator("#summary").input_value()) == (before, "Đang gõ")


def test_digit_typed_in_a_field_counts_nothing(desk: Page, office: Office) -> None:
    before = silent(office)
    desk.locator("#counter-words").press_sequentially("12")
    assert (silent(office), desk.locator("#counter-words").input_value()) == (before, "12")
