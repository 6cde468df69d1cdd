from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.pages import Browser

State = Callable[[bytes], dict[str, Any]]
MATTER = "Khẩu trang giá gấp ba ở chợ"


@pytest.fixture
def known(recorded: Callable[..., bytes]) -> bytes:
    """A report that somebody called about a moment ago."""
    return recorded(summary=MATTER, phone="0912345678", name="Lê Thị Hoa", home_address="Ngõ 5", address="Chợ Vườn Hoa")


def hints(browser: Browser, **typed: str) -> dict[str, Any]:
    data = browser.get("/intake").values() | typed
    answer = browser.client.post("/intake/hints", data=data | {"turn": "7"}, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return dict(answer.get_json())


def test_answer_carries_the_number_of_its_question(lan: Browser) -> None:
    assert hints(lan, summary="gì đó")["turn"] == 7


def test_caller_and_duplicates_are_shown_with_the_reasons(lan: Browser, known: bytes) -> None:
    found = hints(lan, phone="0912.345.678", summary="khau trang gia gap ba", unit="2021:14758", address="chợ vườn hoa")
    assert "Lê Thị Hoa" in found["caller"]
    assert 'data-fill-home-address="Ngõ 5"' in found["caller"]
    for why in ("same phone", "same place", "% alike", "0380 "):
        assert why in found["duplicates"]
    assert found["said"] == "1 report may be the same"


def test_topic_is_suggested_and_never_chosen(lan: Browser) -> None:
    assert 'name="take_topic" value="price_fraud"' in hints(lan, summary=MATTER)["notes"]
    assert "take_topic" not in hints(lan, summary=MATTER, topic="suspected_case")["notes"]
    assert lan.send(lan.get("/intake"), {"summary": MATTER, "action": "show"}).values()["topic"] == ""


def test_denunciation_is_hinted_and_the_officer_decides(lan: Browser, state_of: State) -> None:
    page = lan.send(lan.get("/intake"), {"summary": "Tố cáo cán bộ thôn", "action": "show"})
    assert page.values()["opening"] == "received"
    guided = lan.send(page, {"guide": "denunciation"})
    assert (guided.values()["opening"], guided.values()["guided_to"]) == ("guided", "denunciation")
    saved = lan.send(
        guided, {"unit": "2021:14758", "topic": "other_directed", "procedure": "gặp bà Lan", "action": "save"}
    )
    state = state_of(bytes.fromhex(saved.path.split("/")[2]))
    assert state["status"] == "guided"
    assert "Luật Tố cáo số 25/2018/QH14" in state["procedure"]
    assert state["procedure"].endswith("– gặp bà Lan")


def test_buttons_fill_what_is_empty_and_leave_what_is_typed(lan: Browser, known: bytes) -> None:
    typed = {"phone": "0912345678", "name": "Hoa (đã đổi tên)", "summary": MATTER, "fill": "1"}
    filled = lan.send(lan.get("/intake"), typed).values()
    assert (filled["name"], filled["home_address"]) == ("Hoa (đã đổi tên)", "Ngõ 5")
    assert (
        lan.send(lan.get("/intake"), {"summary": MATTER, "take_topic": "price_fraud"}).values()["topic"]
        == "price_fraud"
    )


def test_another_reporter_is_added_in_one_go(lan: Browser, known: bytes, state_of: State) -> None:
    page = lan.send(lan.get("/intake"), {"phone": "0987654321", "name": "Bình", "join": known.hex()})
    made = bytes.fromhex(page.path.split("/")[2])
    state = state_of(made)
    assert (state["summary"], state["unit"], state["topic"]) == (MATTER, "2021:14758", "price_fraud")
    assert (state["reporter"]["name"], state["links"][0]["relation"]) == ("Bình", "same_matter")
    other = lan.get(f"/reports/{known.hex()}")
    assert "Linked reports" in other.text
    assert lan.get(other.link(MATTER)).path == f"/reports/{made.hex()}"


def test_same_person_again_is_a_duplicate_and_keeps_its_own_words(lan: Browser, known: bytes, state_of: State) -> None:
    page = lan.send(lan.get("/intake"), {"phone": "0912 345 678", "summary": "Vẫn còn bán", "join": known.hex()})
    state = state_of(bytes.fromhex(page.path.split("/")[2]))
    assert (state["summary"], state["links"][0]["relation"]) == ("Vẫn còn bán", "duplicate_of")


def test_link_to_a_secret_reporter_does_not_tell_that_the_number_typed_is_theirs(
    lan: Browser, recorded: Callable[..., bytes], state_of: State
) -> None:
    secret = recorded(phone="0912 345 678", name="Lê Thị Kín", confidential=True, summary=MATTER)
    page = lan.send(lan.get("/intake"), {"phone": "0912 345 678", "summary": "Vẫn còn bán", "join": secret.hex()})
    assert state_of(bytes.fromhex(page.path.split("/")[2]))["links"][0]["relation"] == "same_matter"


@pytest.mark.parametrize(
    ("answer", "switches"), [("anonymous", (True, None)), ("behalf", (None, True)), ("self", (None, None))]
)
def test_who_a_report_is_from_is_one_question(lan: Browser, state_of: State, answer: str, switches: Any) -> None:
    typed = {"report_as": answer, "name": "Bà Sáu", "representative_name": "Cháu Bảy", "summary": MATTER}
    page = lan.send(lan.get("/intake"), typed | {"unit": "2021:14758", "topic": "price_fraud", "action": "save"})
    state = state_of(bytes.fromhex(page.path.split("/")[2]))
    assert (state.get("anonymous"), state.get("representative")) == switches
    assert state["reporter"].get("representative_name") == ("Cháu Bảy" if answer == "behalf" else None)


def test_walk_in_form_begins_at_the_name(lan: Browser) -> None:
    for address, begins in (("/intake?channel=walk_in", "name"), ("/intake", "phone")):
        fields = lan.get(address).all("input")
        assert [each.attributes["id"] for each in fields if "autofocus" in each.attributes] == [begins]


def test_library_is_asked_where_it_lives(browser: Browser) -> None:
    browser.sign_in("lan", "một mật khẩu dài")
    box = browser.get("/intake").all(id="library")[0]
    assert (box.attributes["data-hints"], box.attributes["data-url"]) == ("library", "/library/hints")


def test_guidance_slip_is_offered_to_print_after_guiding(browser: Browser) -> None:
    browser.sign_in("lan", "một mật khẩu dài", "en")
    typed = {"summary": "Tố cáo", "unit": "2021:14758", "topic": "other_directed", "action": "save"}
    page = browser.send(browser.get("/intake"), typed | {"opening": "guided", "guided_to": "denunciation"})
    assert page.link("Guidance slip")
    assert not [each for each in browser.send(browser.get("/intake"), typed).all("a") if "guidance slip" in each.text.lower()]
