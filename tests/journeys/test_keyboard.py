from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, expect

from intake_app.store.lists import count_reports
from tests.desk.conftest import PASSWORD
from tests.journeys.conftest import Office, sign_in


def reports(office: Office) -> int:
    with office.node.database.read() as db:
        return count_reports(db)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))


def type_on(page: Page, *texts: str) -> None:
    """Type into field after field; Enter goes on."""
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Enter")


def test_phone_report_is_saved_without_touching_the_mouse(lan: Page, office: Office) -> None:
    before = reports(office)
    assert focused(lan) == "phone"
    type_on(lan, "0912345678", "Nguyễn Văn A")
    lan.keyboard.press("F4")
    type_on(lan, "Khẩu trang giá gấp ba")
    assert focused(lan) == "details"
    lan.keyboard.type("Bán 150.000 đồng")
    lan.keyboard.press("Tab")
    lan.keyboard.type("dong tho")
    expect(lan.locator("#unit-list [role=option]").first).to_contain_text("Phường Đông Thọ")
    lan.keyboard.press("Enter")
    assert lan.locator("#unit").input_value() == "Phường Đông Thọ, Thành phố Thanh Hóa"
    type_on(lan, "Cạnh chợ")
    for _ in range(list(office.node.directory.topics).index("price_fraud") + 1):
        lan.keyboard.press("ArrowDown")
    expect(lan.locator("#questions")).to_contain_text("Mặt hàng")
    lan.keyboard.press("Control+Enter")
    lan.wait_for_url("**/saved*")
    assert reports(office) == before + 1
    assert lan.evaluate("document.activeElement.pathname").endswith("/receipt")


def test_enter_never_sends_the_form(lan: Page, office: Office) -> None:
    before = reports(office)
    type_on(lan, *("x" * 8))
    assert lan.url.endswith("/intake")
    assert reports(office) == before


def test_error_summary_takes_the_focus_and_leads_to_the_field(lan: Page) -> None:
    lan.keyboard.press("Control+Enter")
    summary = lan.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    assert lan.title().startswith("Lỗi: ")
    summary.get_by_role("link").first.press("Enter")
    assert focused(lan) == "summary"


def test_second_press_while_sending_saves_once(lan: Page, office: Office) -> None:
    before = reports(office)
    lan.locator("#summary").fill("Bấm hai lần")
    lan.locator("#unit").fill("2021:14758")
    lan.locator("#topic").select_option("other_directed")
    lan.evaluate("() => { const b = document.querySelector('[data-submit-key]'); b.click(); b.click(); }")
    lan.wait_for_url("**/saved*")
    assert reports(office) == before + 1


def test_focus_is_never_hidden_under_the_bar_of_buttons(lan: Page) -> None:
    lan.locator("#channel").focus()
    for _ in range(40):
        hidden = lan.evaluate("""() => {
            const here = document.activeElement, bar = document.querySelector('.save-bar').getBoundingClientRect();
            if (here.closest('.save-bar, header')) return '';
            const box = here.getBoundingClientRect();
            return box.bottom > bar.top + 1 && box.top < bar.bottom ? here.id : '';
        }""")
        assert hidden == ""
        lan.keyboard.press("Tab")


def test_signing_in_takes_the_keyboard_alone(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/sign-in?lang=vi")
    for name, typed in (("username", "lan"), ("password", PASSWORD)):
        expect(page.locator(f"#{name}")).to_be_focused()
        page.keyboard.type(typed)
        page.keyboard.press("Tab" if name == "username" else "Enter")
    page.wait_for_url("**/intake")


def test_keys_can_be_turned_off(context: BrowserContext) -> None:
    page = sign_in(context)
    page.goto("/help")
    for on in (False, True):
        page.locator("#keys-on").set_checked(on)
        page.locator(".keys-switch button").press("Enter")
        expect(page.locator("[data-flash]")).to_contain_text("Đã bật" if on else "Đã tắt")
        page.keyboard.press("F2")
        if not on:
            expect(page).to_have_url(re.compile("/help"))
    page.wait_for_url("**/intake")


def test_main_fields_fit_one_screen(lan: Page) -> None:
    for name in ("channel", "phone", "name", "summary", "details", "unit", "address", "topic", "urgency"):
        box = lan.locator(f"#{name}").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 640 - 60, name


def test_the_menu_is_one_line_for_whoever_may_do_everything(lan: Page) -> None:
    lan.evaluate("document.querySelector('.person .name').textContent = 'Nguyễn Hoàng Phương Thảo Mẫu'")
    tops = lan.evaluate("[...document.querySelectorAll('#main-menu > ul > li')].map((each) => each.offsetTop)")
    assert set(tops) == {tops[0]}
    assert lan.evaluate("document.querySelector('header.top').offsetHeight") <= 48
