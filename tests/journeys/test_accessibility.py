from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.journeys.conftest import DESK, Office, sign_in

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
WIDTHS = (320, 390, 768)
PAGES: dict[str, str] = {
    "intake": "/intake",
    "walk-in": "/intake?channel=walk_in",
    "drafts": "/drafts",
    "told by phone": "/reports/{report}/relay",
    "list": "/reports",
    "empty list": "/reports?status=closed",
    "search": "/search?q=viec",
    "report": "/reports/{report}",
    "change": "/reports/{report}/amend",
    "note": "/reports/{report}/note",
    "call": "/reports/{report}/call",
    "inform": "/reports/{report}/inform",
    "route": "/reports/{report}/steps/route",
    "withdraw": "/reports/{report}/steps/withdraw",
    "saved": "/reports/{report}/saved",
    "receipt": "/reports/{report}/receipt",
    "sync": "/sync",
    "connect": "/sync/connect",
    "conflicts": "/conflicts",
    "no conflict": "/conflicts/{report}",
    "accounts": "/accounts",
    "new password": "/accounts/lan/password",
    "end account": "/accounts/lan/end",
    "transfer slip": "/reports/{report}/transfer-slip",
    "counter": "/counter",
    "hand-over": "/hand-over",
    "hand-overs": "/hand-overs",
    "idle calls": "/counter/calls",
    "register": "/books/reception",
    "tracking register": "/books/tracking",
    "blank forms": "/blank-forms",
    "directory": "/directory",
    "change of person": "/switch",
    "help": "/help",
    "not found": "/reports/abcd",
}


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES)
    return [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in found.response["violations"]]


@pytest.fixture(params=["vi", "en"])
def reader(request: pytest.FixtureRequest, context: BrowserContext) -> Page:
    """Lan, reading one of the two languages."""
    return sign_in(context, request.param)


def test_every_page_passes_axe(reader: Page, office: Office) -> None:
    found = {}
    for name, address in PAGES.items():
        reader.goto(address.format(report=office.reports[0].hex()))
        if wrong := violations(reader):
            found[name] = wrong
    assert found == {}


def test_form_with_errors_and_everything_open_passes_axe(reader: Page) -> None:
    reader.locator("#topic").select_option("price_fraud")
    reader.locator("#questions fieldset").wait_for()
    reader.locator("#opening").select_option("guided")
    reader.locator("#urgency").select_option("emergency")
    reader.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert violations(reader) == []
    reader.keyboard.press("Control+Enter")
    reader.locator("[data-error-summary]").wait_for()
    assert violations(reader) == []


def test_sign_in_passes_axe(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/sign-in")
    assert violations(page) == []


def wider_than_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def test_pages_reflow_without_sideways_scrolling(context: BrowserContext, office: Office) -> None:
    page = sign_in(context)
    found = []
    for name, address in PAGES.items():
        page.goto(address.format(report=office.reports[0].hex()))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if wider_than_window(page):
                found.append((name, width))
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    assert found == []


def test_targets_are_big_enough_for_a_finger(context: BrowserContext, office: Office) -> None:
    page = sign_in(context)
    for address in ("/intake", f"/reports/{office.reports[0].hex()}"):
        page.goto(address)
        small = page.evaluate("""() => [...document.querySelectorAll('button, input:not([type=hidden]), select')]
            .filter((each) => each.offsetParent && !each.closest('.visually-hidden') && each.tabIndex >= 0)
            .filter((each) => { const box = each.getBoundingClientRect(); return box.height < 20 || box.width < 20; })
            .map((each) => each.outerHTML.slice(0, 80))""")
        assert small == []
