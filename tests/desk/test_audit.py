"""The audit: who saw and did what, in sentences; filtered, paged, taken out as a file; for two roles only."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from flask import Flask

from forms.audited import ACTIONS, KINDS, said
from intake_app.desk import audit
from intake_app.node import Actor, Node
from intake_app.store import audits
from tests import creators
from tests.desk.conftest import PASSWORD
from tests.hired import hire
from tests.pages import Browser, Page

HOME = Path(__file__).resolve().parents[2] / "intake_app"


@pytest.fixture
def auditor(app: Flask, node: Node) -> Browser:
    """The person who reads all and changes nothing."""
    hire(node, "ha", "Giám sát Hà", ["auditor"], PASSWORD)
    browser = Browser(app)
    browser.sign_in("ha", PASSWORD, "en")
    return browser


def lines(page: Page) -> list[str]:
    return [cell.text for cell in page.all("td", class_="said")]


def secret_report(node: Node, officer: Actor) -> creators.Recorded:
    return creators.record(node, officer, name="Lê Thị Kín", phone="0912 345 678", confidential=True)


def actions_noted() -> dict[str, str]:
    """Every action that the product notes, with the file that does."""
    found: dict[str, str] = {}
    for file in HOME.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "audits.note":
                names = [part.value for part in ast.walk(call.args[3]) if isinstance(part, ast.Constant)]
                found |= {name: file.name for name in names if isinstance(name, str) and "." in name}
    return found


def test_every_action_that_is_noted_has_its_sentence_and_kind() -> None:
    noted = actions_noted() | {"event.dismissed": "settle_refused.py", "sign_in.done": "accounts.py"}
    assert {action: file for action, file in noted.items() if action not in ACTIONS} == {}
    assert {kind for kind, _ in ACTIONS.values()} == set(KINDS)


@pytest.mark.parametrize("action", ACTIONS)
def test_every_sentence_can_be_said_of_an_entry_that_lacks_details(action: str) -> None:
    assert "%(" not in said(action, "subject", {}, "", str)


def test_signing_in_and_failing_to_are_both_there(auditor: Browser, app: Flask) -> None:
    browser = Browser(app)
    browser.send(browser.get("/sign-in"), {"username": "lan", "password": "sai mật khẩu"}, status=401)
    found = lines(auditor.get("/audit?kind=sign_in"))
    assert "Somebody tried to sign in as “lan” from 127.0.0.1 and could not" in found
    assert "signed in as “ha” from 127.0.0.1" in found


def test_each_look_at_a_protected_identity_is_found_by_the_reports_code(
    auditor: Browser, node: Node, officer: Actor
) -> None:
    found = secret_report(node, officer)
    auditor.get(f"/reports/{found.id.hex()}")
    page = auditor.get(f"/audit?code={found.tracking_code}")
    assert ["saw the protected identity" in line for line in lines(page)] == [True]
    assert "Giám sát Hà" in page.text and f"/reports/{found.id.hex()}" in page.link("saw the protected")


def test_the_form_to_change_a_protected_report_is_a_look_too(
    app: Flask, auditor: Browser, node: Node, officer: Actor
) -> None:
    found = secret_report(node, officer)
    browser = Browser(app)
    browser.sign_in("lan", PASSWORD)
    browser.get(f"/reports/{found.id.hex()}/amend")
    assert len(lines(auditor.get("/audit?kind=identity"))) == 1


def test_the_list_is_narrowed_to_a_person_and_a_day(auditor: Browser, node: Node, officer: Actor) -> None:
    with node.database.transaction() as db:
        audits.note(db, node.clock.now_ms() - 10 * 86_400_000, officer.person, "settings.language", "vi")
    assert lines(auditor.get(f"/audit?person={officer.person.hex()}")) == ["set the language of this computer to “Vietnamese”"]
    assert lines(auditor.get("/audit?first=25%2F11%2F2021&last=25%2F11%2F2021")) == [
        "set the language of this computer to “Vietnamese”"
    ]
    assert "No entry fits these filters." in auditor.get("/audit?kind=export").text


def test_a_long_audit_is_read_page_by_page(auditor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PAGE_ROWS", 1)
    auditor.get("/audit")
    with_two = auditor.get("/audit?kind=sign_in")
    assert len(lines(with_two)) == 1


def test_the_file_for_excel_has_its_mark_and_no_cell_runs(auditor: Browser, node: Node) -> None:
    with node.database.transaction() as db:
        audits.note(db, 1, None, "sign_in.failed", "=1+1", address="x")
    data = auditor.client.get("/audit.csv?kind=sign_in").data
    assert data.startswith(b"\xef\xbb\xbf")
    assert "'=1+1" in data.decode()


def test_json_lines_say_who_and_what_and_that_they_were_taken_out_is_noted(auditor: Browser) -> None:
    rows = [json.loads(line) for line in auditor.client.get("/audit.jsonl").text.splitlines()]
    assert {"at", "name", "action", "text", "details"} <= rows[0].keys()
    assert rows[0]["text"] == "took “Audit” out as a file (jsonl)"


@pytest.mark.parametrize("address", ["/audit", "/audit.csv", "/audit.jsonl"])
def test_others_do_not_read_it(app: Flask, node: Node, officer: Actor, address: str) -> None:
    hire(node, "minh", "Minh", ["intake_officer", "dispatcher"], PASSWORD)
    browser = Browser(app)
    browser.sign_in("minh", PASSWORD)
    browser.get(address, 403)


@pytest.mark.parametrize("address", ["/audit.pdf", "/audit?before=x"])
def test_an_address_that_names_nothing_is_not_found(auditor: Browser, address: str) -> None:
    auditor.get(address, 404)


def test_a_code_that_is_none_is_said_beside_its_field(auditor: Browser) -> None:
    assert "Not a tracking code" in auditor.get("/audit?code=12").error_of("code")
