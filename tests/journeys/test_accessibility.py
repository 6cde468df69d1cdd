from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.journeys.conftest import Office, sign_in
from tests.journeys.looks import violations


@pytest.fixture(params=["vi", "en"])
def reader(request: pytest.FixtureRequest, context: BrowserContext) -> Page:
    """Lan, reading one of the two languages."""
    return sign_in(context, request.param)


def test_form_with_errors_and_everything_open_passes_axe(reader: Page) -> None:
    # All of it in sight: axe would measure the half of a field that the bar of buttons leaves free while it is scrolled.
    reader.set_viewport_size({"width": 1366, "height": 1800})
    reader.locator("#topic").select_option("price_fraud")
    reader.locator("#questions fieldset").wait_for()
    reader.locator("#opening").select_option("guided")
    reader.locator("#urgency").select_option("emergency")
    # Menus lie over the page while they are open, and two of them never are at once.
    reader.evaluate("document.querySelectorAll('main details:not([data-menu])').forEach((each) => { each.open = true; })")
    assert violations(reader) == []
    reader.keyboard.press("Control+Enter")
    reader.locator("[data-error-summary]").wait_for()
    assert violations(reader) == []


def test_sign_in_passes_axe(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/sign-in")
    assert violations(page) == []


def test_targets_are_big_enough_for_a_finger(context: BrowserContext, office: Office) -> None:
    page = sign_in(context)
    for address in ("/intake", f"/reports/{office.reports[0].hex()}"):
        page.goto(address)
        small = page.evaluate("""() => [...document.querySelectorAll('button, input:not([type=hidden]), select')]
            .filter((each) => each.offsetParent && !each.closest('.visually-hidden') && each.tabIndex >= 0)
            .filter((each) => { const box = each.getBoundingClientRect(); return box.height < 20 || box.width < 20; })
            .map((each) => each.outerHTML.slice(0, 80))""")
        assert small == []
