"""An entry that the centre refused, repaired without touching the mouse on a page that everybody can use."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, expect

from tests.creators import journal_event, somebody
from tests.journeys.conftest import Office, sign_in
from tests.journeys.test_accessibility import violations


def refuse(office: Office) -> str:
    """A note that the centre would not take, as if it had said so."""
    event = journal_event(office.node, somebody(office.node), "report.noted", office.reports[0], {"text": 7})
    with office.node.database.transaction() as db:
        db.run("UPDATE journal SET verdict = 'quarantined', code = 'not_text' WHERE event = ?", event.id)
    return event.id.hex()


def test_a_refused_entry_is_repaired_with_the_keyboard(context: BrowserContext, office: Office) -> None:
    event, page = refuse(office), sign_in(context, "en")
    page.goto("/sync")
    page.get_by_role("link", name="Repair or give up").first.press("Enter")
    page.wait_for_url(f"**/sync/refused/{event}")
    assert violations(page) == []
    page.get_by_label("Text").fill("Đã gọi lại")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sync")
    expect(page.locator("#refused")).to_have_count(0)
