"""A new topic is written at the centre with the keyboard alone, and an office's form asks its questions after the exchange."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from intake_app import create_app
from tests.central.staff import OFFICE, PASSWORD, open_staffed, set_up
from tests.creators import ALL_ROLES
from tests.hired import hire
from tests.journeys.served import DESKTOP, come_in, serving

MORE = ["Nhà dân có người già", "Elderly people at home"]


def topic_is_typed(page: Page) -> None:
    """Field after field by the Tab key, another row by Enter on its button, and published by Ctrl+Enter."""
    page.locator("[name=name]").focus()
    for typed in ("Mưa lũ, sạt lở", "Floods", "Mưa lũ", "flood", "11"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.locator("[name=questions-0-vi]").focus()
    for typed in ("Nước sâu bao nhiêu (cm)", "How deep is the water (cm)"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # the kind of answer: a number
    page.get_by_role("button", name="Another question").press("Enter")
    for name, typed in zip(("vi", "en"), MORE, strict=True):
        page.fill(f"[name=questions-1-{name}]", typed)
    page.select_option("[name=questions-1-type]", "yes_no")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Published")).to_be_visible()


def test_a_topic_written_by_keyboard_at_the_centre_is_asked_at_an_office(chrome: Browser, tmp_path: Path) -> None:
    set_up(tmp_path)
    province = open_staffed(tmp_path)
    office = province.offices[OFFICE]
    hire(office, "lan", "Trần Thị Lan", ALL_ROLES, PASSWORD)
    page = chrome.new_context(viewport=DESKTOP).new_page()
    with serving(province.app) as centre, serving(create_app(office.settings, office)) as desk:
        come_in(page, "dispatch", PASSWORD, address=centre, path="/topics/new")
        topic_is_typed(page)
        province.sync()
        come_in(page, "lan", PASSWORD, address=desk, path="/intake")
        page.select_option("[name=topic]", "flood")
        expect(page.get_by_label("How deep is the water (cm)")).to_be_visible()
        expect(page.get_by_label(MORE[1])).to_be_visible()
    page.context.close()
