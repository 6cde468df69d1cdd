"""The settings page: everybody reads it, the administrator changes it; each person their own password and keys."""

from __future__ import annotations

import inspect

import pytest
from flask import Flask

from intake_app import syncbar
from intake_app.actions.accounts import add_account, sign_in
from intake_app.config import load_settings, write_settings
from intake_app.desk.guide import BAR
from intake_app.node import Actor, Node
from sync.errors import Refused
from tests.creators import Province
from tests.desk.conftest import PASSWORD, signed_in
from tests.desk.test_refused import pages
from tests.desk.test_refused import town as town
from tests.pages import Browser

NEW_PASSWORD = "mật khẩu khác"


@pytest.fixture
def hung(node: Node, officer: Actor, app: Flask) -> Browser:
    """Hùng, who records and administers nothing."""
    add_account(node, officer, "hung", "Lê Văn Hùng", {"intake_officer"}, PASSWORD)
    return signed_in(Browser(app), "hung")


def test_everybody_reads_how_the_computer_stands(hung: Browser, node: Node) -> None:
    page = hung.get("/settings")
    for words in ("UBND thành phố Thanh Hóa (0380)", node.head.node.hex()[:8], "not connected yet", "none yet", " MB"):
        assert words in page.text
    assert page.all("main")[0].all("form") == []


@pytest.mark.parametrize("what", ["language", "backup", "test-restore"])
def test_who_is_no_administrator_changes_nothing(hung: Browser, what: str) -> None:
    page = hung.get("/my-account")
    assert "Ask the administrator" in hung.send(page, to=f"/settings/{what}", status=403).text


def test_the_language_is_kept_and_begins_with_the_next_page(lan: Browser, node: Node, app: Flask) -> None:
    # The language stands in the settings file; the node of the tests was made without one.
    write_settings(node.settings)
    lan.send(lan.get("/settings"), {"language": "en"}, to="/settings/language")
    assert load_settings(node.settings.instance).language == "en"
    assert Browser(app).get("/sign-in").all("html")[0].attributes["lang"] == "en"


def test_a_backup_is_made_and_tested_from_the_page(lan: Browser, node: Node) -> None:
    (node.settings.instance / "settings.toml").write_text('role = "office"\noffice = "0380"\n')
    (node.settings.instance / "secret.key").write_text("x" * 64)
    page = lan.send(lan.get("/settings"), to="/settings/backup")
    assert "was restored for a test" in page.text
    page = lan.send(page, to="/settings/test-restore")
    assert "everything in it fits together" in page.text
    assert "The last 1 backups" in page.text


def test_a_test_restore_without_a_backup_says_so(lan: Browser) -> None:
    assert "There is no backup yet" in lan.send(lan.get("/settings"), to="/settings/test-restore").text


def test_a_person_changes_the_own_password_by_knowing_the_present_one(hung: Browser, node: Node) -> None:
    new = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    form = hung.get("/my-account")
    wrong = hung.send(form, new | {"present": "đoán mò"}, status=422)
    assert "not your present password" in wrong.error_of("present")
    assert "Your new password is set." in hung.send(form, new | {"present": PASSWORD}).text
    assert sign_in(node, "hung", NEW_PASSWORD, "").username == "hung"


def test_guessing_the_present_password_is_slowed(hung: Browser, node: Node) -> None:
    form = hung.get("/my-account")
    for _ in range(6):
        page = hung.send(form, {"present": "đoán", "password": NEW_PASSWORD, "again": NEW_PASSWORD}, status=422)
    assert "Too many wrong tries" in page.text
    with pytest.raises(Refused, match="throttled"):
        sign_in(node, "hung", PASSWORD, "")


def test_roles_are_changed_on_their_page(lan: Browser, node: Node, hung: Browser) -> None:
    form = lan.get(lan.get("/accounts").link("Change roles hung"))
    assert "Nothing was changed." in lan.send(form, {"roles": "intake_officer"}, status=422).text
    assert "The roles of hung are changed." in lan.send(form, {"roles": "auditor"}).text
    assert sign_in(node, "hung", PASSWORD, "").roles == {"auditor"}


def test_the_clock_and_the_centre_are_told(town: Province) -> None:
    browser = signed_in(Browser(pages(town)), "lan")
    assert "right, as the centre says" in browser.get("/settings").text
    with town.node("0380").database.transaction() as db:
        db.run("UPDATE upstream SET clock_offset_ms = 600000, last_error = 'timed_out'")
    assert "10 minutes fast" in browser.get("/settings").text


def test_the_help_explains_every_state_of_the_bar(lan: Browser) -> None:
    source = inspect.getsource(syncbar)
    states = {part.split('"')[1] for part in source.split("return Bar(")[1:]}
    assert states == set(BAR)
    assert "No contact with the centre" in lan.get("/help").text
