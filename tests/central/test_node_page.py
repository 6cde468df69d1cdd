"""The page of one computer: what it said, what it may see, its alarms and what to do, giving it other communes."""

from __future__ import annotations

import pytest

from intake_app.actions.add_to_report import note_report
from intake_app.actions.look_after import look_after
from intake_app.store import nodes
from sync.errors import Refused
from tests.central.staff import OFFICE, Staffed
from tests.creators import record

NEIGHBOUR = "2021:14809"  # a commune of another district


def node_of(province: Staffed) -> str:
    return province.offices[OFFICE].head.node.hex()


def elsewhere(province: Staffed) -> bytes:
    """A report that the hotline recorded, about a commune that is not the office's."""
    return record(province.centre, province.staff["operator"], unit=NEIGHBOUR).id


def sees(province: Staffed, report: bytes) -> bool:
    with province.offices[OFFICE].database.read() as db:
        return db.one("SELECT 1 FROM report r JOIN entity e ON e.no = r.no WHERE e.id = ?", report) is not None


def give(province: Staffed, *units: str) -> None:
    look_after(province.centre, province.staff["admin"], province.offices[OFFICE].head.node, units)
    province.sync()


def test_a_computer_has_a_page_that_says_what_it_may_see_and_what_it_was(province: Staffed) -> None:
    province.arrived()
    page = province.browser("auditor").get(f"/nodes/{node_of(province)}").text
    assert "Everything about" in page and "What UBND thành phố Thanh Hóa recorded" in page
    assert "its first" in page and "Batches received 1" in page


def test_a_computer_that_gets_a_commune_sees_its_reports_and_loses_them_with_it(province: Staffed) -> None:
    found = elsewhere(province)
    assert not sees(province, found)
    give(province, NEIGHBOUR)
    assert sees(province, found)
    give(province)
    assert not sees(province, found)


def test_what_was_written_about_a_commune_before_it_was_taken_away_is_not_stranded(province: Staffed) -> None:
    found = elsewhere(province)
    give(province, NEIGHBOUR)
    note_report(province.offices[OFFICE], province.actor(OFFICE), found, "Đã đến xem")
    give(province)
    assert "Đã đến xem" in province.browser("dispatch").get(f"/reports/{found.hex()}").text


def test_the_form_finds_communes_by_name_and_says_when_nothing_changes(province: Staffed) -> None:
    browser = province.browser("admin")
    address = f"/nodes/{node_of(province)}/units"
    page = browser.send(browser.get(address), {"units": NEIGHBOUR})
    assert "From its next exchange on" in page.text
    assert "Nothing was changed." in browser.send(browser.get(address)).text
    assert "There is no commune" in browser.send(browser.get(address), {"units": "Xã Không Có"}, status=422).error_of(
        "units"
    )


def test_a_computer_that_is_shut_out_is_given_nothing(province: Staffed) -> None:
    browser = province.browser("admin")
    page = browser.send(browser.get(f"/nodes/{node_of(province)}/revoke"))
    assert "learns nothing more" in page.text
    with pytest.raises(Refused, match="shut_out_already"):
        give(province, NEIGHBOUR)


@pytest.mark.parametrize("alarm", nodes.ALARMS)
def test_each_alarm_says_what_to_do(province: Staffed, alarm: str) -> None:
    with province.centre.database.transaction() as db:
        known = nodes.find_node(db, province.offices[OFFICE].head.node)
        assert known is not None
        nodes.raise_alarm(db, known, alarm, 1)
    page = province.browser("admin").get(f"/nodes/{node_of(province)}")
    assert "the office" in page.all(class_="bad")[0].text


def test_the_sheet_of_a_code_can_be_scanned_and_says_what_to_do_at_the_office(province: Staffed) -> None:
    browser = province.browser("admin")
    page = browser.send(browser.get(f"/nodes/codes/new?office={OFFICE}"))
    assert [title.text for title in page.all("title")[1:]] == ["Connection code", "Address of the centre"]
    assert "19/12/2021, once, for this office only." in page.text and "Tear this sheet up" in page.text
