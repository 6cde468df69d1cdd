from __future__ import annotations

import pytest

from intake_app.actions.accounts import add_account
from intake_app.node import Actor, Node
from tests.desk.conftest import PASSWORD, DeskClock, signed_in
from tests.pages import Browser, Page

TYPED = {"summary": "Gõ dở một nửa", "phone": "0912 345 678", "unit": "hoang", "confidential": "y", "action": "draft"}
DAY_MINUTES = 24 * 60


@pytest.fixture
def parked(lan: Browser) -> Page:
    """The form with a draft of Lan's in it, kept by the button."""
    return lan.send(lan.get("/intake"), TYPED)


def keep(browser: Browser, page: Page, turn: int, **fields: str) -> tuple[int, dict[str, object]]:
    """What the page's script sends two seconds after a change."""
    data = page.values() | fields | {"turn": str(turn)}
    answer = browser.client.post(f"/drafts/{data['draft']}", data=data, headers={"Accept": "application/json"})
    return answer.status_code, answer.get_json()


def test_button_keeps_everything_that_was_typed(parked: Page) -> None:
    shown = parked.values()
    assert (shown["summary"], shown["phone"], shown["unit"], shown["confidential"]) == (
        "Gõ dở một nửa", "0912 345 678", "hoang", "y",
    )  # fmt: skip
    assert "Draft kept by itself 08:5" in parked.text
    assert not parked.all(class_="error-summary")


def test_questions_of_a_topic_are_kept_too(lan: Browser) -> None:
    asked = lan.send(lan.get("/intake"), {"topic": "price_fraud", "action": "show"})
    page = lan.send(asked, {"answers-goods": "Gạo", "answers-price_asked": "không rõ", "action": "draft"})
    assert (page.values()["answers-goods"], page.values()["answers-price_asked"]) == ("Gạo", "không rõ")


def test_page_keeps_its_draft_by_itself_and_counts(lan: Browser) -> None:
    page = lan.get("/intake")
    status, said = keep(lan, page, 1, summary="một")
    assert (status, said["count"], said["recorded"]) == (200, 1, None)
    assert keep(lan, page, 1, summary="muộn")[0] == 409
    assert keep(lan, lan.get("/intake"), 1, summary="hai")[1]["count"] == 2
    assert "Drafts (2)" in lan.get("/intake").text


def test_draft_outlives_an_ended_session_for_the_same_person_only(
    parked: Page, lan: Browser, clock: DeskClock, node: Node, officer: Actor
) -> None:
    key = parked.values()["draft"]
    clock.pass_minutes(60)
    assert lan.get(f"/intake?draft={key}").path == "/sign-in"
    signed_in(lan, "lan")
    assert lan.get(f"/intake?draft={key}").values()["summary"] == "Gõ dở một nửa"
    add_account(node, officer, "binh", "Bình", ("intake_officer",), PASSWORD)
    lan.client.post("/sign-out", data=lan.get("/help").values())
    signed_in(lan, "binh")
    other = lan.get(f"/intake?draft={key}")
    assert (other.values()["summary"], other.values()["draft"] != key) == ("", True)
    assert "Drafts (1)" not in lan.get("/drafts").text


def test_saving_while_signed_out_is_told_to_the_page(lan: Browser, clock: DeskClock) -> None:
    page = lan.get("/intake")
    clock.pass_minutes(60)
    assert keep(lan, page, 1)[0] == 401


def test_saved_report_takes_its_draft_along_and_the_old_address_leads_to_it(lan: Browser, parked: Page) -> None:
    saved = lan.send(parked, {"unit": "2021:14758", "topic": "price_fraud", "action": "save"})
    assert saved.path.endswith("/saved")
    assert "You have no drafts." in lan.get("/drafts").text
    assert lan.get(f"/intake?draft={parked.values()['draft']}").path == saved.path


def test_draft_is_thrown_away_and_taken_back(lan: Browser, parked: Page) -> None:
    key = parked.values()["draft"]
    listed = lan.send(lan.get("/drafts"), to=f"/drafts/{key}/discard")
    assert "You have no drafts." in listed.text
    assert "Gõ dở một nửa" in listed.text
    back = lan.send(listed, to=f"/drafts/{key}/back")
    assert back.values()["summary"] == "Gõ dở một nửa"


def test_old_drafts_are_told_and_stay(lan: Browser, parked: Page, clock: DeskClock) -> None:
    clock.pass_minutes(31 * DAY_MINUTES)
    signed_in(lan, "lan")
    assert "1 draft is older than 30 days" in lan.get("/intake").text
    assert "The citizen may believe" in lan.get("/drafts").text
    assert "Gõ dở một nửa" in lan.get("/drafts").text


def test_last_report_saved_is_one_click_from_its_correction(lan: Browser) -> None:
    good = {"summary": "Sai tên", "unit": "2021:14758", "topic": "price_fraud"}
    page = lan.send(lan.get("/intake"), good | {"action": "save_next"})
    assert lan.get(page.link("Correct it")).path.endswith("/amend")
    saved = lan.send(lan.get("/intake"), good | {"action": "save"})
    assert lan.get(saved.link("Correct it")).values()["summary"] == "Sai tên"


def test_keys_are_turned_off_for_the_person_and_not_for_the_browser(lan: Browser) -> None:
    page = lan.get("/help")
    data = {name: value for name, value in page.values().items() if name != "on"}
    lan.client.post("/help/keys", data=data, headers={"Origin": lan.host, "Referer": lan.host})
    assert lan.get("/intake").all("body")[0].attributes["data-keys"] == "off"
    lan.client.post("/sign-out", data=data)
    signed_in(lan, "lan")
    assert lan.get("/intake").all("body")[0].attributes["data-keys"] == "off"
