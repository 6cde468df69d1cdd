"""Every address of the program with every role, signed in and not: what is not in the table of access does not exist.

The same rights at the other doors: actions and ingest in tests/actions/test_access.py, commands in tests/cli/test_access.py.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from intake_app import create_app
from intake_app.node import Node
from sync.workflow import ROLES
from tests.access_table import PUBLIC, TABLES
from tests.central.staff import OFFICE, PASSWORD, Staffed, open_staffed, set_up
from tests.hired import hire
from tests.pages import Browser

KINDS = ("office", "central")
# Read without a name, but not by a signed-in person's role: what asks who it is by other means.
MACHINES = {"exchange.enroll_once", "exchange.exchange_once"}
SECRET = {"name": "Lê Thị Tuyệt Mật", "phone": "0912 765 432", "confidential": True}
READABLE = ("Tuyệt Mật", "0912 765 432", "0912765432", "912765432")


@dataclass
class Walked:
    """An installation with a person of each role at a browser, and a report whose identity is to be kept secret."""

    node: Node
    app: Flask
    browsers: dict[str, Browser]
    report: str

    def address(self, endpoint: str) -> str:
        rule = next(rule for rule in self.app.url_map.iter_rules() if rule.endpoint == endpoint)
        known = {"report_id": self.report, "name": "verify", "paper": "receipt", "ending": "csv", "filename": "kit.css"}
        numbers = dict.fromkeys(("no", "number", "copy", "code_no"), 1)
        values = dict.fromkeys(rule.arguments, "0" * 32) | known | numbers
        return str(rule.build({name: values[name] for name in rule.arguments})[1])

    def status(self, role: str, endpoint: str, method: str) -> int:
        return self.browsers[role].client.open(self.address(endpoint), method=method, buffered=True).status_code


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staffed]:
    """A centre and its office, for all walks of this file: they look and press, and no walk needs what another changes."""
    folder = tmp_path_factory.mktemp("access")
    set_up(folder / "made")
    made = open_staffed(Path(shutil.copytree(folder / "made", folder / "used")))
    yield made
    for node in (made.centre, *made.offices.values()):
        node.close()


@pytest.fixture(scope="module")
def walked(province: Staffed) -> dict[str, Walked]:
    report = province.arrived(**SECRET).hex()
    office = province.offices[OFFICE]
    nodes = {"central": (province.centre, province.app), "office": (office, create_app(office.settings, office))}
    made = {}
    for kind, (node, app) in nodes.items():
        app.config["WTF_CSRF_ENABLED"] = False  # what is asked here is who may, not from where
        browsers = {}
        for role in ROLES:
            hire(node, f"x{role.replace('_', '-')}", role, [role], PASSWORD)
            browsers[role] = Browser(app)
            browsers[role].sign_in(f"x{role.replace('_', '-')}", PASSWORD)
        made[kind] = Walked(node, app, browsers, report)
    return made


def methods(app: Flask) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(rule.endpoint, set()).update((rule.methods or set()) & {"GET", "POST"})
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_address_is_in_the_table_of_access(walked: dict[str, Walked], kind: str) -> None:
    there = methods(walked[kind].app)
    assert sorted(there) == sorted(TABLES[kind])
    offered = {name: {way for way, who in zip(("GET", "POST"), TABLES[kind][name], strict=True) if who != frozenset()}
               for name in there}  # fmt: skip
    assert {name: (ways, offered[name]) for name, ways in there.items() if ways != offered[name]} == {}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_role_may_what_the_table_says_and_nothing_else(walked: dict[str, Walked], kind: str, role: str) -> None:
    wrong = {}
    for endpoint, access in TABLES[kind].items():
        for method, who in zip(("GET", "POST"), access, strict=True):
            if who == frozenset() or endpoint in MACHINES or endpoint == "sign_in.sign_out":
                continue
            status = walked[kind].status(role, endpoint, method)
            may = who is PUBLIC or role in who
            if (status == 403) == may or status >= 500:
                wrong[f"{method} {endpoint}"] = status
    assert wrong == {}


@pytest.mark.parametrize("kind", KINDS)
def test_without_signing_in_only_what_is_public_answers(walked: dict[str, Walked], kind: str) -> None:
    client, wrong = walked[kind].app.test_client(), {}
    for endpoint, access in TABLES[kind].items():
        for method, who in zip(("GET", "POST"), access, strict=True):
            if who != frozenset():
                status = client.open(walked[kind].address(endpoint), method=method, buffered=True).status_code
                asks = status == 401 or (status == 302 and endpoint != "sign_in.sign_out")
                if asks == (who is PUBLIC):
                    wrong[f"{method} {endpoint}"] = status
    assert wrong == {}


@pytest.mark.parametrize("role", ["auditor", "case_handler", "intake_officer", "administrator"])
@pytest.mark.parametrize("kind", KINDS)
def test_nobody_reads_a_protected_identity_without_an_entry_in_the_audit(
    walked: dict[str, Walked], kind: str, role: str
) -> None:
    unseen = []
    for endpoint in TABLES[kind]:
        with walked[kind].node.database.transaction() as db:
            db.run("DELETE FROM audit WHERE action = 'audit.revealed'")
        if "GET" not in methods(walked[kind].app)[endpoint]:
            continue
        text = (
            walked[kind].browsers[role].client.get(walked[kind].address(endpoint), buffered=True).get_data(as_text=True)
        )
        with walked[kind].node.database.read() as db:
            noted = db.value("SELECT count(*) FROM audit WHERE action = 'audit.revealed'")
        if any(word in text for word in READABLE) and not noted:
            unseen.append(endpoint)
    assert unseen == []


def test_the_walk_would_see_a_protected_identity(walked: dict[str, Walked]) -> None:
    text = walked["office"].browsers["auditor"].client.get(f"/reports/{walked['office'].report}").get_data(as_text=True)
    assert all(word in text for word in READABLE[:2])


def test_the_search_tells_no_protected_name_or_number(walked: dict[str, Walked]) -> None:
    for asked in ("tuyet+mat", "0912765432", "432"):
        text = walked["central"].browsers["auditor"].client.get(f"/search?q={asked}").get_data(as_text=True)
        assert "Tuyệt Mật" not in text.replace(asked, "") and "0912 765 432" not in text
