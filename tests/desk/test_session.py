from __future__ import annotations

import pytest
from flask import Flask

from intake_app.actions.accounts import end_account
from intake_app.node import Actor, Node
from tests.desk.conftest import PASSWORD, DeskClock
from tests.hired import hire
from tests.pages import Browser

TYPED = {"summary": "Gõ dở", "unit": "2021:14758", "topic": "price_fraud", "action": "save"}


def test_nobody_reads_anything_without_signing_in(browser: Browser) -> None:
    assert browser.leads("/reports?show=mine") == "/sign-in?next=/reports?show%3Dmine"


def test_sign_in_leads_back_to_the_page_asked_for(browser: Browser) -> None:
    page = browser.get("/search?q=khau")
    assert browser.send(page, {"username": "lan", "password": PASSWORD}).path == "/search"


def test_sign_in_never_leads_to_another_site(browser: Browser) -> None:
    page = browser.get("/sign-in?next=https://example.com/")
    assert browser.send(page, {"username": "lan", "password": PASSWORD}).path == "/intake"
    for elsewhere in ("//example.com", "/\\example.com", "javascript:alert(1)"):
        assert "example" not in str(browser.get(f"/sign-in?next={elsewhere}").values())


def test_wrong_password_is_told_without_saying_which_half(browser: Browser) -> None:
    page = browser.send(browser.get("/sign-in?lang=en"), {"username": "lan", "password": "không phải"}, status=401)
    assert "User name or password is wrong." in page.text


def test_guessing_is_slowed_and_the_wait_is_told(browser: Browser) -> None:
    page = browser.get("/sign-in?lang=en")
    for _ in range(5):
        browser.send(page, {"username": "lan", "password": "đoán"}, status=401)
    assert "Wait " in browser.send(page, {"username": "lan", "password": PASSWORD}, status=429).text


def test_session_ends_after_half_an_hour_without_a_touch(lan: Browser, clock: DeskClock) -> None:
    clock.pass_minutes(29)
    assert lan.get("/intake").path == "/intake"
    clock.pass_minutes(31)
    assert lan.get("/intake").path == "/sign-in"


def test_bar_that_asks_by_itself_keeps_no_session_alive(lan: Browser, clock: DeskClock) -> None:
    for _ in range(4):
        clock.pass_minutes(10)
        lan.client.get("/sync/status", headers={"Accept": "application/json"})
    assert lan.get("/intake").path == "/sign-in"


def test_form_sent_after_the_session_ended_is_kept_through_sign_in(lan: Browser, clock: DeskClock) -> None:
    form = lan.get("/intake")
    clock.pass_minutes(45)
    page = lan.send(form, TYPED, status=401)
    assert "What you typed is kept" in page.text
    again = lan.send(page, {"username": "lan", "password": PASSWORD}, to="/sign-in")
    assert "Gõ dở" in again.text
    assert lan.send(again, to="/intake").path.endswith("/saved")


def test_form_from_another_site_is_not_kept(browser: Browser) -> None:
    sent = {"summary": "của kẻ khác"}
    answer = browser.client.post("/intake", data=sent, headers={"Origin": "https://example.com"}, follow_redirects=True)
    assert "của kẻ khác" not in answer.text


def test_form_with_an_old_token_is_shown_again_to_be_sent(lan: Browser) -> None:
    page = lan.send(lan.get("/intake"), TYPED | {"csrf_token": "cũ"}, status=400)
    assert "Gõ dở" in page.text
    assert lan.send(page, to="/intake").path.endswith("/saved")


def test_ended_account_is_out_at_once(lan: Browser, node: Node, officer: Actor, app: Flask) -> None:
    lan.send(
        lan.get("/accounts"), {"name": "Quản trị", "username": "quan", "roles": "administrator", "password": PASSWORD}
    )
    end_account(node, officer, "lan")
    assert lan.get("/intake").path == "/sign-in"


def test_sign_out_ends_the_session_and_keeps_the_language(lan: Browser) -> None:
    token = lan.get("/help").all("input", name="csrf_token")[0].attributes["value"]
    page = lan.send(lan.get("/intake"), {"csrf_token": token}, to="/sign-out")
    assert "You are signed out." in page.text
    assert lan.get("/intake").path == "/sign-in"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_language_switch_stays_and_names_itself_in_its_own_language(browser: Browser, lang: str) -> None:
    browser.get(f"/sign-in?lang={lang}")
    page = browser.get("/sign-in")
    assert page.all("html")[0].attributes["lang"] == lang
    other = page.all(class_="who")[0].all("a")[0]
    assert other.attributes["lang"] == other.attributes["hreflang"] != lang


def test_session_cookie_is_closed_to_scripts_and_other_sites(browser: Browser) -> None:
    page = browser.get("/sign-in")
    data = page.values() | {"username": "lan", "password": PASSWORD}
    cookie = browser.client.post("/sign-in", data=data).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_switching_the_language_stays_on_the_page_with_its_filters(lan: Browser) -> None:
    page = lan.get("/reports?show=mine&status=received")
    switch = page.all("a", hreflang="vi")[0]
    assert switch.attributes["lang"] == "vi"
    there = lan.get(str(switch.attributes["href"]))
    assert (there.path, there.all("html")[0].attributes["lang"]) == ("/reports", "vi")
    assert "show=mine" in str(there.all("a", hreflang="en")[0].attributes["href"])
    assert lan.get("/search").all("html")[0].attributes["lang"] == "vi"


def test_changed_password_ends_every_other_session_of_the_account(app: Flask, lan: Browser) -> None:
    elsewhere = Browser(app)
    elsewhere.sign_in("lan", PASSWORD)
    new = {"present": PASSWORD, "password": "mật khẩu mới dài", "again": "mật khẩu mới dài"}
    assert "signed out" in lan.send(lan.get("/my-account"), new).text
    assert lan.get("/intake").path == "/intake"
    assert elsewhere.get("/intake").path == "/sign-in"


def test_password_reset_by_the_administrator_ends_the_sessions_of_the_account(
    app: Flask, lan: Browser, node: Node, officer: Actor
) -> None:
    hire(node, "minh", "Phạm Văn Minh", ["intake_officer"], PASSWORD)
    minh = Browser(app)
    minh.sign_in("minh", PASSWORD)
    lan.send(lan.get("/accounts/minh/password"), {"password": "mật khẩu mới dài", "again": "mật khẩu mới dài"})
    assert minh.get("/intake").path == "/sign-in"
    assert lan.get("/intake").path == "/intake"


def test_administrator_who_resets_the_own_password_stays_signed_in(lan: Browser) -> None:
    lan.send(lan.get("/accounts/lan/password"), {"password": "mật khẩu mới dài", "again": "mật khẩu mới dài"})
    assert lan.get("/intake").path == "/intake"
