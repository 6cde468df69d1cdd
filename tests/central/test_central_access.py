"""Who may open which page of the centre: one table, and a walk through every endpoint."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.central.staff import PEOPLE, Staffed

EVERYBODY = frozenset(PEOPLE)
READERS = frozenset({"dispatch", "operator", "admin", "auditor"})
EDITORS = frozenset({"admin", "dispatch"})
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
    "nodes.revoke": MAKERS,
    "catalogue.listed": EDITORS | {"auditor"},
    "catalogue.history": EDITORS | {"auditor"},
    "catalogue.new": EDITORS,
    "catalogue.edit": EDITORS,
    "catalogue.retire": EDITORS,
    "catalogue.load_samples": EDITORS,
    "rules.listed": EDITORS | {"auditor"},
    "rules.history": EDITORS | {"auditor"},
    "rules.try_out": EDITORS | {"auditor"},
    "rules.new": EDITORS,
    "rules.edit": EDITORS,
    "rules.retire": EDITORS,
    "rules.load_samples": EDITORS,
    "dispatch.reroute": frozenset({"dispatch"}),
    "bulk.route": frozenset({"dispatch"}),
    "alerts.piece": frozenset({"dispatch"}),
    "alerts.seen": frozenset({"dispatch"}),
    "sharing.share": frozenset({"dispatch", "approver"}),
    "duplicates.listed": READERS | {"approver"},
    "duplicates.decide": frozenset({"dispatch", "operator"}),
    "duty.sheet": READERS | {"approver"},
}
MODULES = {"home", "dispatch", "agency", "batches", "nodes", "catalogue"}
MODULES |= {"rules", "bulk", "alerts", "sharing", "duplicates", "duty"}
FILLED = {
    "no": "1",
    "code_no": "1",
    "node_id": "00" * 16,
    "article_id": "00" * 16,
    "rule_id": "00" * 16,
    "report_id": "00" * 16,
}


def test_the_table_knows_every_page_of_the_centre(province: Staffed) -> None:
    pages = {rule.endpoint for rule in province.app.url_map.iter_rules()}
    assert {page for page in pages if page.split(".")[0] in MODULES} == set(ALLOWED)


def ask(province: Staffed, endpoint: str, client: FlaskClient) -> int:
    """The status at an endpoint, past the form token: what is asked here is who may, not from where."""
    province.app.config["WTF_CSRF_ENABLED"] = False
    rule = next(rule for rule in province.app.url_map.iter_rules() if rule.endpoint == endpoint)
    address = rule.build({name: FILLED[name] for name in rule.arguments})[1]
    method = "POST" if "POST" in (rule.methods or ()) else "GET"
    return client.open(address, method=method).status_code


@pytest.mark.parametrize("username", PEOPLE)
def test_each_role_opens_its_pages_and_no_others(province: Staffed, username: str) -> None:
    client = province.browser(username).client
    allowed = {page for page in ALLOWED if ask(province, page, client) != 403}
    assert allowed == {page for page, people in ALLOWED.items() if username in people}


def test_nobody_sees_anything_without_signing_in(province: Staffed) -> None:
    client = province.app.test_client()
    assert {ask(province, page, client) for page in ALLOWED} <= {302, 401}


@pytest.mark.parametrize("username", PEOPLE)
def test_the_menu_offers_only_pages_that_open(province: Staffed, username: str) -> None:
    browser = province.browser(username)
    menu = browser.get("/centre").all("nav")[0].all("a")
    opened = [browser.get(str(link.attributes["href"])).title for link in menu]
    assert len(opened) >= 5
