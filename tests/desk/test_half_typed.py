"""Half-typed changes, notes and steps: put back into the form they belong to, for whoever typed them, until they are sent."""

from __future__ import annotations

import json
from collections.abc import Callable

from intake_app.actions.accounts import end_account
from intake_app.node import Actor, Node
from intake_app.store import half_typed
from tests.desk.conftest import PASSWORD, signed_in
from tests.hired import hire
from tests.pages import Browser, Page

Record = Callable[..., bytes]


def keep(browser: Browser, form: Page, **typed: str) -> None:
    answer = browser.client.post(f"/half-typed?page={form.path}", data=form.values() | typed)
    assert "Kept by itself" in answer.get_json()["text"]


def put_back(page: Page) -> list[list[str]] | None:
    found = [each for each in page.all("form") if "data-half-typed" in each.attributes]
    return json.loads(str(found[0].attributes["data-half-typed"])) if found else None


def test_half_typed_note_is_put_back_after_signing_in_again(lan: Browser, recorded: Record) -> None:
    address = f"/reports/{recorded().hex()}/note"
    keep(lan, lan.get(address), text="Đang ghi “dở”, 'ngoặc'", audience="internal")
    again = put_back(signed_in(lan, "lan").get(address)) or []
    assert ["text", "Đang ghi “dở”, 'ngoặc'"] in again
    assert not [name for name, _ in again if name in ("csrf_token", "half_typed")]


def test_colleague_at_the_same_computer_sees_nothing_of_it(
    lan: Browser, node: Node, officer: Actor, recorded: Record
) -> None:
    address = f"/reports/{recorded().hex()}/amend"
    keep(lan, lan.get(address), name="Lê Thị Hoa")
    hire(node, "minh", "Phạm Văn Minh", ["intake_officer"], PASSWORD)
    page = signed_in(lan, "minh").get(address)
    assert put_back(page) is None and "Lê Thị Hoa" not in page.response.text


def test_form_that_was_saved_is_empty_again_and_a_refused_one_keeps_its_words(lan: Browser, recorded: Record) -> None:
    address = f"/reports/{recorded().hex()}/note"
    keep(lan, lan.get(address), text="một")
    lan.send(lan.get(address), {"text": " "}, status=422)
    assert put_back(lan.get(address)) is not None
    lan.send(lan.get(address), {"text": "một"})
    assert put_back(lan.get(address)) is None


def test_what_was_put_back_can_be_thrown_away(lan: Browser, recorded: Record) -> None:
    address = f"/reports/{recorded().hex()}/note"
    keep(lan, lan.get(address), text="thôi")
    page = lan.send(lan.get(address), to=f"/half-typed/forget?page={address}")
    assert (page.path, put_back(page)) == (address, None)


def test_ended_account_leaves_no_half_typed_form(node: Node, lan: Browser, officer: Actor, recorded: Record) -> None:
    minh = hire(node, "minh", "Phạm Văn Minh", ["intake_officer"], PASSWORD)
    address = f"/reports/{recorded().hex()}/note"
    browser = signed_in(lan, "minh")
    keep(browser, browser.get(address), text="dở")
    end_account(node, officer, "minh")
    with node.database.read() as db:
        assert half_typed.find(db, minh.person, address) is None
