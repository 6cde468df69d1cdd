"""What the public reads is proposed without personal data, checked, previewed, published, taken back."""

from __future__ import annotations

from typing import Any

import pytest

from intake_app.node import Node
from intake_app.store.reports import load_report
from tests.central.staff import Staffed
from tests.creators import record
from tests.pages import Browser

TOLD = {
    "summary": "Bà Nga bán giá cao",
    "details": "Gọi 0900 000 001 gặp Lê Thị Mẫu.",
    "name": "Lê Thị Mẫu",
    "phone": "0900 000 001",
}


@pytest.fixture
def node(province: Staffed) -> Node:
    return province.centre


@pytest.fixture
def browser(province: Staffed) -> Browser:
    return province.browser("dispatch")


def address_of(node: Node, **changes: Any) -> str:
    return f"/reports/{record(node, **TOLD | changes).id.hex()}"


def publicity_of(node: Node, address: str) -> dict[str, Any]:
    with node.database.read() as db:
        found = load_report(db, bytes.fromhex(address.rpartition("/")[2]))
    assert found
    return found.state.get("publicity", {})


def test_the_form_is_filled_with_the_proposal_and_what_went_is_struck_through(browser: Browser, node: Node) -> None:
    page = browser.get(address_of(node, publish_consent=True) + "/publicity")
    assert (page.values()["title"], page.values()["text"]) == ("Bà [tên] bán giá cao", "Gọi [số điện thoại] gặp [tên].")
    assert [gone.text for gone in page.all("del")] == ["Nga", "0900 000 001", "Lê Thị Mẫu"]


def test_a_preview_shows_what_would_be_read_and_publishes_nothing(browser: Browser, node: Node) -> None:
    address = address_of(node, publish_consent=True)
    page = browser.send(browser.get(f"{address}/publicity"), {"title": "Giá khẩu trang", "action": "preview"})
    assert page.all("article", class_="as-read")[0].all("h3")[0].text == "Giá khẩu trang"
    assert publicity_of(node, address) == {}


def test_published_words_are_shown_as_they_are_read_and_are_taken_back(browser: Browser, node: Node) -> None:
    address = address_of(node, publish_consent=True)
    page = browser.send(browser.get(f"{address}/publicity"), {"action": "publish"})
    assert "the public reads this" in page.text and "Bà [tên] bán giá cao" in page.text
    page = browser.send(browser.get(f"{address}/publicity/withdraw"), {"reason": "Người dân đề nghị"})
    assert "Not published any more. Người dân đề nghị" in page.text


def test_what_must_not_be_read_is_refused_beside_its_field(browser: Browser, node: Node) -> None:
    address = address_of(node, publish_consent=True)
    typed = {"text": "Gặp chị Lê Thị Mẫu.", "action": "publish"}
    page = browser.send(browser.get(f"{address}/publicity"), typed, status=422)
    assert "This must not be published: Lê Thị Mẫu." in page.error_of("text")
    assert publicity_of(node, address) == {}


def test_words_about_health_are_named_and_have_to_be_ticked(browser: Browser, node: Node) -> None:
    address = address_of(node, publish_consent=True, details="Có người nghi nhiễm ở chợ.")
    page = browser.get(f"{address}/publicity")
    assert "Words about health that stay in the text: nghi nhiễm" in page.text
    assert "nghi nhiễm" in browser.send(page, {"action": "publish"}, status=422).error_of("checked")
    browser.send(page, {"action": "publish", "checked": "y"})
    assert publicity_of(node, address)["public"] is True


@pytest.mark.parametrize("reason", ["", "Cảnh báo chung"])
def test_a_private_report_asks_for_a_reason(browser: Browser, node: Node, reason: str) -> None:
    address = address_of(node)
    page = browser.get(f"{address}/publicity")
    assert "The citizen does not want this matter to be published." in page.text
    browser.send(page, {"action": "publish", "reason": reason}, status=200 if reason else 422)
    assert publicity_of(node, address).get("reason", "") == reason


def test_who_redacts_a_secret_identity_has_seen_it_and_that_is_noted(browser: Browser, node: Node) -> None:
    browser.get(address_of(node, confidential=True, publish_consent=True) + "/publicity")
    with node.database.read() as db:
        assert db.value("SELECT count(*) FROM audit WHERE action = 'audit.revealed'") == 1
