"""People of an agency who sign in at the centre see what is routed to it, and nothing else."""

from __future__ import annotations

import pytest

from intake_app.store.conflicts import count
from tests.central.staff import Staffed


@pytest.fixture
def other(province: Staffed) -> bytes:
    """A report that is routed to another agency than the handler's."""
    return province.routed("SCT", summary="Việc của công thương")


PAGES = ("", "/amend", "/note", "/call", "/inform", "/receipt", "/saved", "/steps/accept")


@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_another_agencys_report_opens(province: Staffed, other: bytes, page: str) -> None:
    province.browser("health").get(f"/reports/{other.hex()}{page}", 403)


@pytest.mark.parametrize("address", ["/reports", "/search?q=cong+thuong", "/conflicts", "/agency", "/centre"])
def test_no_list_shows_another_agencys_report(province: Staffed, other: bytes, address: str) -> None:
    assert "Việc của công thương" not in province.browser("health").get(address).text


def test_its_own_reports_are_found(province: Staffed, other: bytes) -> None:
    report = province.routed("SYT", summary="Việc của y tế")
    browser = province.browser("health")
    assert "Việc của y tế" in browser.get("/reports").text
    assert "Việc của y tế" in browser.get("/search?q=viec+cua").text
    assert browser.get(f"/reports/{report.hex()}").all("h1")


def test_a_supporting_agency_sees_the_report_too(province: Staffed) -> None:
    report = province.arrived()
    province.take("dispatch", report, "route", agency="SCT", supporting=["SYT"])
    assert province.browser("health").get(f"/reports/{report.hex()}").all("h1")


def test_the_hotlines_own_people_see_everything(province: Staffed, other: bytes) -> None:
    assert "Việc của công thương" in province.browser("approver").get("/reports").text
    assert province.browser("auditor").get(f"/reports/{other.hex()}").all("h1")


def test_an_agencys_people_find_the_conflicts_on_their_reports(province: Staffed, other: bytes) -> None:
    own = province.routed("SYT", summary="Việc của y tế")
    node = province.centre
    with node.database.transaction() as db:
        for report in (own, other):
            no = db.value("SELECT no FROM entity WHERE id = ?", report)
            db.run("INSERT INTO conflict (id, entity_no, field, at_ms) VALUES (?,?,?,?)", f"{no:032}", no, "summary", 1)
        assert count(db, "SYT") == 1
        assert count(db) == 2
