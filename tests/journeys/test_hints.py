"""Help while the caller speaks, by keyboard, in a real browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from intake_app.actions.record_report import record_report
from tests import creators
from tests.journeys.conftest import Office, open_office
from tests.journeys.looks import violations

MATTER = "Khẩu trang giá gấp ba ở chợ Vườn Hoa"
CALLER = {"phone": "0903 000 111", "name": "Phạm Thị Mẫu", "home_address": "Ngõ 5"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office of their own: a call counted a minute ago or somebody who waits takes a line of the screen."""
    with open_office(tmp_path_factory.mktemp("hints")) as made:
        yield made


@pytest.fixture(scope="module")
def known(office: Office) -> str:
    """A report of a caller who calls again."""
    return record_report(office.node, office.officer, creators.make_line(summary=MATTER, **CALLER)).id.hex()


def type_call(page: Page) -> None:
    page.locator("#phone").fill("0903.000.111")
    page.locator("#summary").fill("khau trang gia gap ba cho vuon hoa")


def test_caller_is_recognised_and_fills_only_what_is_empty(lan: Page, known: str) -> None:
    type_call(lan)
    lan.locator("#caller button").click()
    expect(lan.locator("#name")).to_have_value("Phạm Thị Mẫu")
    assert lan.locator("#home_address").input_value() == "Ngõ 5"
    assert lan.locator("#summary").input_value().startswith("khau trang")
    expect(lan.locator("#summary")).to_be_focused()
    lan.locator("#name").fill("Tên khác")
    assert lan.locator("#name").input_value() == "Tên khác"


def test_duplicates_are_reached_by_a_key_and_the_reader_hears_only_the_count(lan: Page, known: str) -> None:
    type_call(lan)
    expect(lan.locator("[data-duplicates-said]")).to_have_text(re.compile(r"^\d+ phiếu có thể trùng$"))
    lan.keyboard.press("F8")
    expect(lan.locator("#duplicates")).to_be_focused()
    lan.keyboard.press("Tab")
    assert lan.evaluate("document.activeElement.closest('#duplicates') !== null")


def test_one_button_adds_the_caller_to_the_known_case(lan: Page, known: str) -> None:
    type_call(lan)
    button = lan.locator(f"button[name=join][value='{known}']")
    button.press("Enter")
    lan.wait_for_url("**/saved*")
    lan.goto(f"/reports/{known}")
    expect(lan.locator(".linked")).to_contain_text("khau trang gia gap ba")


def test_late_answers_are_dropped(lan: Page, known: str) -> None:
    first = threading.Event()

    def answer(route: Route) -> None:
        turn = int(re.findall(r"turn=(\d+)", route.request.post_data or "")[-1])
        said = {
            "turn": turn,
            "said": f"lần {turn}",
            "caller": "",
            "duplicates": f"<p>lần {turn}</p>",
            "notes": "",
            "unit": "",
        }
        if turn == 1:
            held.append(lambda: route.fulfill(json=said))
            first.set()
        else:
            route.fulfill(json=said)
            held.pop()()

    held: list[Callable[[], None]] = []
    lan.route("**/intake/hints", answer)
    lan.locator("#summary").fill("hai từ")
    lan.wait_for_timeout(400)
    lan.locator("#summary").fill("hai từ nữa")
    expect(lan.locator("[data-duplicates]")).to_have_text("lần 2")
    assert not held
    expect(lan.locator("[data-duplicates]")).to_have_text("lần 2")


def test_suggested_topic_is_taken_by_enter_and_never_by_itself(lan: Page) -> None:
    lan.locator("#summary").fill("Khẩu trang giá gấp ba")
    expect(lan.locator("[data-enter-stop]")).to_be_visible()
    assert lan.locator("#topic").input_value() == ""
    lan.locator("#address").press("Enter")
    expect(lan.locator("[data-enter-stop]")).to_be_focused()
    lan.keyboard.press("Enter")
    expect(lan.locator("#questions")).to_contain_text("Mặt hàng")
    assert lan.locator("#topic").input_value() == "price_fraud"


def test_hint_at_a_denunciation_opens_the_guidance(lan: Page) -> None:
    lan.locator("#summary").fill("Tôi muốn tố cáo một cán bộ")
    lan.locator("button[name=guide]").press("Enter")
    expect(lan.locator("#guided_to")).to_be_focused()
    assert (lan.locator("#opening").input_value(), lan.locator("#guided_to").input_value()) == (
        "guided",
        "denunciation",
    )


def test_an_answer_of_the_library_goes_into_the_form(lan: Page) -> None:
    lan.evaluate("""() => { const made = document.createElement("button"); made.dataset.useAnswer = "";
        made.dataset.text = "Gọi 1900 để hỏi"; made.textContent = "Dùng"; document.querySelector(".aside").append(made); }""")
    lan.locator("[data-use-answer]").press("Enter")
    expect(lan.locator("#answer_text")).to_have_value("Gọi 1900 để hỏi")
    assert lan.locator("#opening").input_value() == "answered_on_spot"


def test_keys_of_an_input_method_do_nothing(lan: Page) -> None:
    lan.locator("#name").focus()
    lan.evaluate("""() => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))""")
    expect(lan.locator("#name")).to_be_focused()
    lan.keyboard.press("Control+Shift+Enter")
    assert "/intake" in lan.url


@pytest.fixture
def crowded(lan: Page, known: str) -> Page:
    """The form with a caller, duplicates, questions and both word hints in it."""
    type_call(lan)
    lan.locator("#summary").fill(f"Tố cáo {MATTER}")
    lan.locator("#topic").select_option("price_fraud")
    lan.locator("#questions fieldset").wait_for()
    lan.locator("#duplicates.found").wait_for()
    lan.locator(".gate").wait_for()
    return lan


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_form_full_of_hints_passes_axe(crowded: Page, lang: str) -> None:
    if lang == "en":
        crowded.keyboard.press("F2")
        expect(crowded.locator("#summary")).to_have_value("")
        crowded.goto(crowded.locator(".draft-tab").first.get_attribute("href") + "&lang=en")
        crowded.locator("#duplicates ol").first.wait_for()
    assert violations(crowded) == []
    crowded.goto("/help?lang=vi")


def test_form_full_of_hints_fits_the_screen_and_reflows(crowded: Page) -> None:
    crowded.locator("#summary").fill(MATTER)
    expect(crowded.locator(".gate")).to_have_count(0)
    assert crowded.evaluate("document.documentElement.scrollHeight") <= 640
    crowded.set_viewport_size({"width": 320, "height": 700})
    assert crowded.evaluate("document.documentElement.scrollWidth") <= 320


def test_focus_is_never_hidden_while_hints_are_shown(crowded: Page) -> None:
    crowded.locator("#channel").focus()
    for _ in range(60):
        crowded.keyboard.press("Tab")
        hidden = crowded.evaluate("""async () => {
            // The browser scrolls to what has the focus with the next frame.
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            const here = document.activeElement, bar = document.querySelector(".save-bar");
            if (bar.contains(here) || here === document.body || here.closest("header")) return "";
            const box = here.getBoundingClientRect(), top = bar.getBoundingClientRect().top;
            const seen = document.elementFromPoint(box.left + box.width / 2, Math.min(box.top + box.height / 2, top - 2));
            return box.bottom > top + 1 && box.top > 0 && box.height < 400 || !seen ? here.outerHTML.slice(0, 80) : "";
        }""")
        assert hidden == ""
