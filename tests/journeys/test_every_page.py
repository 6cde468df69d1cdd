"""Every page of an office and of the centre passes axe in both languages and keeps its shape: narrow, zoomed, widely spaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.central.staff import PASSWORD
from tests.journeys.every_page import AS, DESK, EXEMPT, World, make_world, pages_of
from tests.journeys.looks import bring_axe, violations, wider_than_window
from tests.journeys.pictures import walk
from tests.journeys.served import DESKTOP, come_in, serving

ROLES = ("office", "central")
NARROW = {"width": 320, "height": 640}  # 1.4.10, and a 1280-pixel window at 400 %
ZOOMED = {"width": 683, "height": 384}  # 1366 × 768 at 200 %
SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
                       p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""
NOT_FOUND: dict[str, dict[str, int]] = {"office": {}, "central": {"/batches/99": 404}}  # looked at as well
CUT = """() => [...document.querySelectorAll('button, .btn, summary, th, td, label')]
    .filter((each) => each.offsetParent && !each.closest('.table-wrap, .visually-hidden, details:not([open])'))
    .filter((each) => each.scrollWidth > each.clientWidth + 1)
    .filter((each) => getComputedStyle(each).display !== 'inline' && getComputedStyle(each).overflow !== 'visible')
    .map((each) => each.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One province for all of them: nothing here changes it."""
    made = make_world(tmp_path_factory.mktemp("world"))
    yield made
    made.close()


def app_of(world: World, role: str) -> Flask:
    return world.office if role == "office" else world.centre


@pytest.fixture
def opened(world: World, chrome: Browser) -> Iterator[Page]:
    page = chrome.new_context(viewport=DESKTOP).new_page()  # type: ignore[arg-type]
    yield page
    page.context.close()


@dataclass
class Look:
    """What was found wrong on the pages of one side in one language: one walk through them answers for all promises."""

    wrong_language: list[str] = field(default_factory=list)
    answered: dict[str, int] = field(default_factory=dict)  # those that did not answer 200, by address
    axe: dict[str, list[str]] = field(default_factory=dict)
    shape: list[str] = field(default_factory=list)


def each_page(world: World, page: Page, role: str, language: str) -> Iterator[tuple[str, str, int]]:
    """Open one page after the other, as whoever has it; what the centre shares with an office is looked at there."""
    own = [
        name
        for name in pages_of(role)
        if role == "office" or name not in DESK or name in AS or name.startswith("library")
    ]
    with serving(app_of(world, role)) as address:
        who = ""
        for owner, name, path in sorted(walk(world, role, own)):
            if owner != who:
                come_in(page, owner, PASSWORD, language, address=address, path="/help")
                who = owner
            answer = page.goto(address + path)
            yield name, path, answer.status if answer else 0


def shape_of(page: Page, name: str) -> list[str]:
    """What does not fit when the page is narrow, zoomed or widely spaced."""
    found = []
    for what, size in (("narrow", NARROW), ("zoomed", ZOOMED), ("", DESKTOP)):
        page.set_viewport_size(size)
        found += [f"{name} {what}"] if wider_than_window(page) else []
    page.evaluate(SPACED)
    found += [f"{name} spaced"] if wider_than_window(page) else []
    return found + [f"{name} cuts {each}" for each in page.evaluate(CUT)]


@pytest.fixture(scope="module")
def look(world: World, chrome: Browser) -> Callable[[str, str], Look]:
    """The walk through the pages of a side in a language, done once."""

    @cache
    def walked(role: str, language: str) -> Look:
        window = chrome.new_context(viewport=DESKTOP)
        bring_axe(window)
        made, page = Look(), window.new_page()
        for name, path, status in each_page(world, page, role, language):
            made.answered |= {path: status} if status != 200 else {}
            made.wrong_language += [name] if page.locator("html").get_attribute("lang") != language else []
            made.axe |= {name: faults} if (faults := violations(page)) else {}
            made.shape += shape_of(page, name) if language == "vi" else []  # its words are the longer ones
        window.close()
        return made

    return walked


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_in_the_list_or_exempt_with_a_reason(world: World, role: str) -> None:
    rules = [rule for rule in app_of(world, role).url_map.iter_rules() if "GET" in (rule.methods or ())]
    listed = pages_of(role).keys() | EXEMPT.keys()
    assert {rule.endpoint for rule in rules} - listed == set()
    assert pages_of(role).keys() - {rule.endpoint for rule in rules} == set()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_every_page_passes_axe(look: Callable[[str, str], Look], role: str, language: str) -> None:
    found = look(role, language)
    assert (found.axe, found.wrong_language, found.answered) == ({}, [], NOT_FOUND[role])


@pytest.mark.parametrize("role", ROLES)
def test_every_page_keeps_its_shape_narrow_zoomed_and_spaced(look: Callable[[str, str], Look], role: str) -> None:
    assert look(role, "vi").shape == []


def test_the_menu_folds_on_a_narrow_screen_and_its_keys_still_work(world: World, opened: Page) -> None:
    opened.set_viewport_size(NARROW)  # type: ignore[arg-type]
    with serving(world.office) as address:
        come_in(opened, "lan", PASSWORD, "vi", address=address)
        button = opened.get_by_role("button", name="Thực đơn")
        expect(opened.locator("#main-menu")).to_be_hidden()
        button.press("Enter")
        expect(opened.locator("#main-menu")).to_be_visible()
        expect(button).to_have_attribute("aria-expanded", "true")
        button.press("Enter")
        opened.keyboard.press("F1")
        opened.wait_for_url("**/help")


def test_the_menu_of_a_dispatcher_is_one_line_however_long_the_name_is(world: World, opened: Page) -> None:
    with serving(world.centre) as address:
        come_in(opened, "dispatch", PASSWORD, "vi", address=address)
        name = opened.locator(".top .who .name")
        name.evaluate("(each) => { each.textContent = 'Công Tằng Tôn Nữ Hoàng Phương Khánh Linh Đan'; }")
        assert name.get_attribute("title") == "Người dispatch"
        assert opened.evaluate("document.querySelector('.top').offsetHeight") < 60


def test_more_opens_by_keyboard_and_escape_gives_the_focus_back(world: World, opened: Page) -> None:
    with serving(world.office) as address:
        come_in(opened, "lan", PASSWORD, "vi", address=address, path="/help")
        summary = opened.locator(".more summary")
        summary.press("Enter")
        assert violations(opened) == []
        opened.keyboard.press("Tab")
        assert opened.evaluate("document.activeElement.pathname") == "/counter"
        opened.keyboard.press("Escape")
        assert opened.evaluate("document.activeElement.tagName") == "SUMMARY"
        assert summary.locator("..").get_attribute("open") is None


def test_a_short_answer_is_copied(world: World, opened: Page) -> None:
    with serving(world.office) as address:
        come_in(opened, "lan", PASSWORD, "vi", address=address, path=f"/library/{world.names['article']}")
        opened.get_by_role("button", name="Sao chép câu trả lời ngắn").press("Enter")
        opened.get_by_text("Đã sao chép", exact=True).wait_for()


def test_nobody_is_signed_out_without_a_warning(world: World, opened: Page) -> None:
    with serving(world.office) as address:
        opened.clock.install()
        come_in(opened, "lan", PASSWORD, "vi", address=address)
        opened.locator("#summary").wait_for()
        opened.clock.fast_forward(28 * 60_000 + 6_000)
        dialog = opened.locator("#idle-dialog")
        dialog.wait_for()
        dialog.get_by_role("button").click()
        assert not dialog.is_visible()


def test_an_answer_that_fits_is_offered_while_the_summary_is_typed_and_used_by_keyboard(
    world: World, opened: Page
) -> None:
    with serving(world.office) as address:
        come_in(opened, "lan", PASSWORD, "vi", address=address)
        opened.locator("#summary").fill("Khẩu trang bán giá cao")
        button = opened.locator(f"[data-article='{world.names['article']}']")
        button.press("Enter")
        expect(opened.locator("#answer_text")).to_have_value(re.compile("^Cho biết tên cửa hàng"))
        expect(opened.locator("[name=article]")).to_have_value(world.names["article"])


def test_the_batch_inbox_is_walked_chosen_and_opened_by_keyboard(world: World, opened: Page) -> None:
    with serving(world.centre) as address:
        come_in(opened, "dispatch", PASSWORD, "vi", address=address, path="/batches")
        here = "document.activeElement.textContent.trim()"
        seen = []
        for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
            opened.keyboard.press(key)
            seen.append(opened.evaluate(here))
        assert seen == ["Lô 5", "Lô 2", "Lô 5"]
        opened.keyboard.press("Space")
        expect(opened.locator("#batch-5")).to_be_checked()
        opened.keyboard.press("Enter")
        opened.wait_for_url("**/batches/5")
