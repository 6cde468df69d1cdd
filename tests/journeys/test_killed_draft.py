"""A real server dies under somebody who is typing: nothing of it is lost, and the page says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK
from tests.processes.computer import PASSWORD, USERNAME, Computer, Serving

FIRST, SECOND = "Gõ trước khi máy tắt", " và gõ tiếp sau đó"


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    """An office and its first account."""
    return Computer(tmp_path / "office", "office", "0380")


@pytest.fixture
def page(computer: Computer, chrome: Chromium) -> Iterator[Page]:
    """A window that does not hurry."""
    context = chrome.new_context(viewport=DESK, base_url=computer.url, locale="en-US")  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def begin(computer: Computer, page: Page) -> Serving:
    running = computer.start()
    page.goto("/sign-in?lang=vi")
    page.locator("#username").fill(USERNAME)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url("**/intake")
    return running


def test_a_draft_survives_a_killed_server_and_what_is_typed_meanwhile_too(computer: Computer, page: Page) -> None:
    running = begin(computer, page)
    page.locator("#summary").press_sequentially(FIRST)
    expect(page.locator("[data-draft-note]")).to_contain_text("Bản nháp tự lưu")
    running.kill()
    running.end()
    page.keyboard.press("Control+Enter")  # nobody answers: the form stays where it is
    expect(page.locator("[data-draft-failed]")).to_contain_text("đừng đóng trang")
    page.locator("#summary").press_sequentially(SECOND)
    for _ in range(3):  # it goes on trying by itself
        page.wait_for_event("requestfailed", lambda request: "/drafts/" in request.url)
    expect(page.locator("#summary")).to_have_value(FIRST + SECOND)
    with computer.serving():
        expect(page.locator("[data-draft-failed]")).to_be_hidden()
        page.reload()
        expect(page.locator("#summary")).to_have_value(FIRST + SECOND)
        assert computer.rows("SELECT count(*) FROM draft") == [(1,)]
        assert computer.rows("SELECT count(*) FROM journal WHERE kind = 'report.recorded'") == [(0,)]
