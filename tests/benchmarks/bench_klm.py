"""How long a phone report takes by keyboard alone: keys beside the text itself, and what the program adds to them.

A scripted person records a call in a real Chromium before a real office; every key press is counted. The time is that of the
keystroke-level model (Card, Moran, Newell 1980) with the operators below, and what the machine adds is measured: from each
key that asks the server for something until the page shows it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from intake_app.benchmarks import Figure
from tests.benchmarks.filled import filled_office
from tests.browser import find_browser
from tests.processes.computer import PASSWORD, USERNAME

NAME = "klm"
REPORTS = 2_000
ON_REQUEST = True  # it needs a browser and the packages of the journeys
# Seconds: a key of an average typist who does not look at the keys; one thought before each field and before saving.
KEY, THOUGHT = 0.28, 1.35
PHONE, WHO = "0912345678", "Nguyễn Văn A"
SUMMARY, DETAILS = "Khẩu trang giá gấp ba ngày thường", "Cửa hàng cạnh chợ bán 150.000 đồng một hộp"
PLACE, ADDRESS = "dong tho", "Cạnh chợ Vườn Hoa"
TEXTS = (PHONE, WHO, SUMMARY, DETAILS, PLACE, ADDRESS)
FIELDS = 7  # the six above and the topic


class Person:
    """Somebody at the keyboard: counts what they press beside the text, and how long they wait for the page."""

    def __init__(self, page: object) -> None:
        self.page = page
        self.keys = 0
        self.waited = 0.0

    def type(self, text: str) -> None:
        """Type the words of the caller."""
        self.page.keyboard.type(text)  # type: ignore[attr-defined]

    def press(self, key: str, until: Callable[[], object] | None = None) -> None:
        """Press a key, or two at once, and wait for what the page then shows."""
        self.keys += key.count("+") + 1
        started = time.perf_counter()
        self.page.keyboard.press(key)  # type: ignore[attr-defined]
        if until is not None:
            until()
        self.waited += time.perf_counter() - started


def run(reports: int) -> list[Figure]:
    """Records one phone report without touching the mouse."""
    from playwright.sync_api import sync_playwright  # tests only; whoever does not measure needs no browser

    office = filled_office(reports)
    browser = find_browser()
    with office.serving() as server, sync_playwright() as driver:
        chrome = driver.chromium.launch(executable_path=browser, args=["--headless", "--no-sandbox", "--disable-gpu"])
        page = chrome.new_page(viewport={"width": 1366, "height": 640}, base_url=server.address)
        page.goto("/sign-in?lang=vi")
        page.locator("#username").fill(USERNAME)
        page.locator("#password").fill(PASSWORD)
        page.locator("#password").press("Enter")
        page.wait_for_url("**/intake")
        person = Person(page)
        _record(person)
        chrome.close()
    typed = sum(map(len, TEXTS))
    model = person.keys * KEY + (FIELDS + 1) * THOUGHT
    return [
        Figure("phone report: keys beside the text", person.keys, "keys", "≤ 15"),
        Figure("phone report: time by the keystroke-level model, without the text", model, "s", "≤ 30"),
        Figure("phone report: the text itself", typed, "characters"),
        Figure("phone report: what the machine adds", person.waited, "s", "≤ 0.5"),
    ]


def _record(person: Person) -> None:
    """The call, in the order in which it is told; the topic is suggested by the words, and taken."""
    page = person.page
    person.type(PHONE)
    person.press("Enter")
    person.type(WHO)
    person.press("F4")
    person.type(SUMMARY)
    person.press("Enter")
    person.type(DETAILS)
    person.press("Tab")
    person.type(PLACE)
    page.locator("#unit-list [role=option]").first.wait_for()  # type: ignore[attr-defined]
    person.press("Enter")
    person.type(ADDRESS)
    page.locator("[data-enter-stop]").wait_for()  # type: ignore[attr-defined]
    person.press("Enter")
    person.press("Enter", page.locator("#questions fieldset").wait_for)  # type: ignore[attr-defined]
    person.press("Control+Enter", page.locator(".big-code").wait_for)  # type: ignore[attr-defined]
