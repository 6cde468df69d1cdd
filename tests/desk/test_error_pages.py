from __future__ import annotations

import pytest
from flask import Flask, abort

from intake_app import auth
from intake_app.errors import PAGES
from sync.errors import BrokenPromise, NoNetwork
from tests.pages import Browser

# What a person may open without signing in: anything else here is a leak.
PUBLIC = {"health.healthz", "sign_in.sign_in", "sign_in.sign_out", "static", "bootstrap.static"}


def test_every_page_but_these_needs_somebody_signed_in(app: Flask, browser: Browser) -> None:
    open_to_all = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "access", None) == "public" or rule.endpoint.endswith("static")
    }
    assert open_to_all == PUBLIC


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("status", sorted(set(PAGES) - {400, 401}))
def test_every_error_page_says_what_happened_whether_it_is_safe_and_what_to_do(
    app: Flask, browser: Browser, status: int, lang: str
) -> None:
    app.testing = False

    @app.get("/break")
    @auth.public
    def broken() -> None:
        abort(status)

    page = browser.get(f"/break?lang={lang}", status=status)
    assert len(page.all("h2")) == 3
    assert page.all("html")[0].attributes["lang"] == lang


def test_mistake_of_ours_is_a_page_and_never_a_traceback(app: Flask, browser: Browser) -> None:
    app.testing = False

    @app.get("/break")
    @auth.public
    def broken() -> None:
        raise BrokenPromise("bí mật")

    assert "bí mật" not in browser.get("/break", status=500).text


def test_program_gets_json_with_the_code_and_the_words(app: Flask, browser: Browser) -> None:
    @app.get("/break")
    @auth.public
    def broken() -> None:
        raise NoNetwork("no_network")

    answer = browser.client.get("/break?lang=en", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]) == (503, "no_network")
    assert "cannot be reached" in answer.json["message"]


def test_wrong_method_is_a_page(lan: Browser) -> None:
    assert "Not possible this way" in lan.get("/sync/now", status=405).text


def test_too_much_at_once_is_a_page(lan: Browser) -> None:
    page = lan.get("/intake")
    assert "Too much" in lan.send(page, {"details": "x" * 3_000_000}, status=413).text


def test_pages_with_people_in_them_are_not_kept_by_the_browser(lan: Browser) -> None:
    assert lan.get("/reports").response.headers["Cache-Control"] == "no-store"


def test_health_tells_nothing_about_anybody(browser: Browser) -> None:
    assert browser.client.get("/healthz").json == {"ok": True, "role": "office"}


def test_database_that_cannot_be_read_is_a_page_too(app: Flask, lan: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    app.testing = False

    def broken() -> None:
        raise OSError("disk")

    monkeypatch.setattr(app.extensions["node"].database, "read", broken)
    page = lan.get("/reports", status=500)
    assert "Ghi nội dung ra giấy" in page.text
    assert "Write the matter on paper" in page.text
