"""Who may open which page of the centre: one table, and a walk through every endpoint."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.central.province import PEOPLE, Province

EVERYBODY = frozenset(PEOPLE)
READERS = frozenset({"dispatch", "operator", "admin", "auditor"})
MAKERS = frozenset({"admin"})
ALLOWED = {
    "home.overview": EVERYBODY,
    "dispatch.queue": READERS | {"approver"},
    "agency.queue": frozenset({"health", "trade", "approver"}),
    "batches.listed": READERS,
    "batches.one": READERS,
    "nodes.listed": READERS - {"operator"},
    "nodes.new_code": MAKERS,
    "nodes.make_code": MAKERS,
    "nodes.revoke_code": MAKERS,
}
MODULES = {"home", "dispatch", "agency", "batches", "nodes"}
FILLED = {"no": "1", "code_no": "1"}


def test_the_table_knows_every_page_of_the_centre(province: Province) -> None:
    pages = {rule.endpoint for rule in province.app.url_map.iter_rules()}
    assert {page for page in pages if page.split(".")[0] in MODULES} == set(ALLOWED)


def ask(province: Province, endpoint: str, client: FlaskClient) -> int:
    """The status that a browser gets at an endpoint."""
    rule = next(rule for rule in province.app.url_map.iter_rules() if rule.endpoint == endpoint)
    address = rule.build({name: FILLED[name] for name in rule.arguments})[1]
    method = "POST" if "POST" in (rule.methods or ()) else "GET"
    return client.open(address, method=method).status_code


@pytest.mark.parametrize("username", PEOPLE)
def test_each_role_opens_its_pages_and_no_others(province: Province, username: str) -> None:
    client = province.client(username)
    allowed = {page for page in ALLOWED if ask(province, page, client) != 403}
    assert allowed == {page for page, people in ALLOWED.items() if username in people}


def test_nobody_sees_anything_without_signing_in(province: Province) -> None:
    client = province.client()
    assert {ask(province, page, client) for page in ALLOWED} <= {302, 401}


@pytest.mark.parametrize("username", PEOPLE)
def test_the_menu_offers_only_pages_that_open(province: Province, username: str) -> None:
    client = province.client(username)
    menu = client.get("/centre").text.split("<nav")[1].split("</nav>")[0]
    addresses = [part.split('"')[0] for part in menu.split('href="/')[1:]]
    assert [one for one in addresses if client.get(f"/{one}", follow_redirects=True).status_code != 200] == []
