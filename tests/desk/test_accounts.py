from __future__ import annotations

from intake_app.actions.accounts import sign_in
from intake_app.actions.keep_draft import keep_draft
from intake_app.node import Node
from tests.desk.conftest import PASSWORD, signed_in
from tests.hired import hire
from tests.pages import Browser

NEW = {"name": "Lê Văn Hùng", "username": "hung", "roles": "auditor", "password": PASSWORD}


def test_new_account_can_sign_in(lan: Browser, node: Node) -> None:
    page = lan.send(lan.get("/accounts"), NEW)
    assert "The account hung is ready." in page.text
    assert sign_in(node, "hung", PASSWORD, "").name == "Lê Văn Hùng"


def test_account_that_does_not_fit_is_refused_by_field(lan: Browser) -> None:
    page = lan.send(lan.get("/accounts"), {"name": "A", "username": "Lê Hùng", "password": "ngắn"}, status=422)
    assert "small letters" in page.error_of("username")
    assert "Choose one of: Intake officer" in page.error_of("roles")
    assert PASSWORD not in page.response.text


def test_taken_name_is_refused(lan: Browser) -> None:
    assert "taken" in lan.send(lan.get("/accounts"), NEW | {"username": "lan"}, status=422).error_of("username")


def test_new_password_is_typed_twice(lan: Browser, node: Node) -> None:
    lan.send(lan.get("/accounts"), NEW)
    form = lan.get("/accounts/hung/password")
    assert "differ" in lan.send(form, {"password": "mật khẩu một", "again": "mật khẩu hai"}, status=422).error_of(
        "again"
    )
    lan.send(form, {"password": "mật khẩu một", "again": "mật khẩu một"})
    assert sign_in(node, "hung", "mật khẩu một", "").username == "hung"


def test_ended_account_is_shown_as_ended(lan: Browser) -> None:
    lan.send(lan.get("/accounts"), NEW)
    page = lan.send(lan.get("/accounts/hung/end"))
    assert "ended" in page.all("tbody")[0].all("tr")[1].text


def test_last_administrator_stays(lan: Browser) -> None:
    page = lan.send(lan.get("/accounts/lan/end"), status=409)
    assert "last administrator" in page.text


def test_unknown_account_is_a_sentence(lan: Browser) -> None:
    assert "no account" in lan.get("/accounts/nobody/end", status=404).text


def test_who_is_no_administrator_sees_no_accounts_and_is_told(lan: Browser) -> None:
    lan.send(lan.get("/accounts"), NEW)
    hung = signed_in(lan, "hung")
    assert "Accounts" not in hung.get("/reports").all("nav")[0].text
    assert "Ask the administrator" in hung.get("/accounts", status=403).text


def test_auditor_reads_and_is_offered_nothing_to_write(lan: Browser) -> None:
    from_lan = lan.send(
        lan.get("/intake"), {"summary": "Một", "unit": "2021:14758", "topic": "price_fraud", "action": "save"}
    )
    lan.send(lan.get("/accounts"), NEW)
    hung = signed_in(lan, "hung")
    assert hung.leads("/") == "/reports"
    page = hung.get(from_lan.link("Look at the report"))
    assert not page.all("main")[0].all("a", class_="btn")
    hung.get("/intake", status=403)


def test_administrator_sees_the_drafts_of_an_ended_account_and_hands_them_over(lan: Browser, node: Node) -> None:
    minh = hire(node, "minh", "Phạm Văn Minh", ["intake_officer"], PASSWORD)
    keep_draft(node, minh, "ab" * 16, [("summary", "Bí mật của Minh")], 1)
    assert "1 half-typed" in lan.get("/accounts/minh/end").text
    lan.get("/accounts/minh/drafts", status=409)
    page = lan.send(lan.get("/accounts/minh/end"))
    assert "1 half-typed report of an ended account" in page.text
    form = lan.get(page.link("Hand over 1 draft"))
    assert "Bí mật" not in form.text
    assert lan.send(form, {"to": ""}, status=422).error_of("to")
    assert "1 draft is handed over" in lan.send(form, {"to": "lan"}).text
    assert "Bí mật của Minh from Phạm Văn Minh" in lan.get("/drafts").text
    assert "No draft of this account is left" in lan.get("/accounts/minh/drafts").text
