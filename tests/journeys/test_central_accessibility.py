"""Every page of the centre passes axe, in both languages, on a desk's screen and on a phone's, without sideways scrolling."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from intake_app.actions.amend_report import amend_report
from intake_app.actions.enroll import make_enrollment_code
from tests.central.staff import OFFICE, PASSWORD, Staffed, open_staffed, set_up
from tests.journeys.served import DESKTOP, PHONE, serving, sign_in

ONLY_FAULTS = {"resultTypes": ["violations"]}
SIZES = (DESKTOP, PHONE)
OF_WHOM = {
    "admin": ("/centre", "/batches", "/batches?show=all", "/batches/1", "/batches/99", "/nodes", "/nodes/codes/new"),
    "dispatch": ("/dispatch", "/dispatch?queue=reopened", "/reports/{new}", "/reports/{new}/steps/route"),
    "health": ("/centre", "/agency", "/nodes", "/reports/{working}/steps/submit"),
}


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Staffed:
    """A centre with something on every page."""
    folder: Path = tmp_path_factory.mktemp("centre")
    set_up(folder)
    return open_staffed(folder)


@pytest.fixture(scope="module")
def reports(province: Staffed) -> dict[str, str]:
    """A new report, one that is worked on, one in conflict; and an open code."""
    new, working = province.arrived(urgency="urgent"), province.routed("SYT")
    province.take("health", working, "accept")
    province.routed("SYT")
    amend_report(province.centre, province.staff["operator"], new, {"summary": "Hai"})
    amend_report(province.offices[OFFICE], province.actor(OFFICE), new, {"summary": "Ba"})
    province.sync()
    make_enrollment_code(province.centre, province.staff["admin"], "0381", ["2021:14758"])
    return {"new": new.hex(), "working": working.hex()}


def faults(page: Page, address: str) -> list[str]:
    """What is wrong with the page that is open."""
    found = [
        f"{address}: {fault['id']} {fault['nodes'][0]['target']}"
        for fault in Axe().run(page, options=ONLY_FAULTS).response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*found, f"{address}: scrolls sideways"] if wide else found


@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_of_the_centre_have_no_faults(
    province: Staffed, reports: dict[str, str], chrome: Browser, language: str
) -> None:
    found: list[str] = []
    page = chrome.new_context(viewport=DESKTOP).new_page()  # type: ignore[arg-type]
    with serving(province.app) as centre:
        for username, addresses in OF_WHOM.items():
            sign_in(page, centre, username, PASSWORD, language)
            for address in addresses:
                page.goto(centre + address.format(**reports))
                for size in SIZES:
                    page.set_viewport_size(size)  # type: ignore[arg-type]
                    found += faults(page, f"{address} at {size['width']}")
    page.context.close()
    assert found == []
