from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.desk.conftest import PASSWORD
from tests.journeys import served
from tests.journeys.conftest import Office, sign_in


@pytest.fixture
def lan(plain: BrowserContext) -> Page:
    """Lan at a browser in which no script runs."""
    return sign_in(plain, "en")


def test_signing_in_leads_to_the_form(plain: BrowserContext, office: Office) -> None:
    page = plain.new_page()
    served.sign_in(page, office.address, "lan", PASSWORD)
    assert page.url.endswith("/intake")


def test_report_is_saved(lan: Page) -> None:
    lan.locator("#summary").fill("Không cần script")
    lan.locator("#unit").fill("Phuong Dong Tho, Thanh pho Thanh Hoa")
    lan.locator("#topic").select_option("price_fraud")
    lan.get_by_role("button", name="Save and print").click()
    assert "/saved" in lan.url
    assert "0380 " in lan.locator(".big-code").inner_text()


def test_place_is_chosen_from_buttons_and_nothing_typed_is_lost(lan: Page) -> None:
    lan.locator("#summary").fill("Giữ lại")
    lan.locator("#unit").fill("dong tho")
    lan.locator("#topic").select_option("price_fraud")
    lan.get_by_role("button", name="Save, next").click()
    lan.locator(".offer button").first.click()
    assert lan.locator("#unit").input_value() == "Phường Đông Thọ, Thành phố Thanh Hóa"
    assert lan.locator("#summary").input_value() == "Giữ lại"


def test_questions_of_the_topic_are_shown_by_a_button(lan: Page) -> None:
    lan.locator("#topic").select_option("suspected_case")
    lan.get_by_role("button", name="Show the questions").click()
    expect(lan.get_by_label("Symptoms", exact=True)).to_be_visible()


def test_outcome_and_danger_show_what_they_need(lan: Page) -> None:
    expect(lan.locator("#answer_text")).to_be_hidden()
    lan.locator("#opening").select_option("answered_on_spot")
    lan.locator("#urgency").select_option("emergency")
    expect(lan.locator("#answer_text")).to_be_visible()
    expect(lan.locator(".danger")).to_be_visible()


def test_everything_else_is_reached_by_links(lan: Page) -> None:
    for name in ("List", "Search", "Sync", "Counter", "Conflicts", "Accounts", "Help"):
        lan.locator(".more summary").click()
        lan.locator("#main-menu").get_by_role("link", name=name).click()
        expect(lan.locator("h1")).to_have_count(1)
