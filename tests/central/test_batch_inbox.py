"""The batch inbox: what came, from whom, and what became of it."""

from __future__ import annotations

import pytest

from intake_app.actions.amend_report import amend_report
from intake_app.central import batches
from intake_app.store import nodes
from sync.errors import NoNetwork
from tests.central.staff import OFFICE, PASSWORD, Staffed
from tests.hired import hire
from tests.pages import Page

LOOKED = "/batches/looked-at"


def listed(page: Page) -> list[str]:
    """The batches that a page lists."""
    return [cell.text for cell in page.all("td", class_="code") if cell.text.startswith("Batch")]


def test_an_inbox_without_batches_says_so(province: Staffed) -> None:
    assert "No batch has arrived yet." in province.browser("dispatch").get("/batches?show=all").text


def test_a_batch_that_went_well_is_listed_only_when_all_are_asked_for(province: Staffed) -> None:
    province.arrived()
    browser = province.browser("dispatch")
    assert "No batch needs attention." in browser.get("/batches").text
    assert listed(browser.get("/batches?show=all")) == ["Batch 1"]


def test_an_exchange_without_news_makes_no_batch(province: Staffed) -> None:
    province.arrived()
    province.sync()
    assert listed(province.browser("dispatch").get("/batches?show=all")) == ["Batch 1"]


def test_a_batch_from_a_clock_that_is_beyond_all_years_is_listed_without_its_time(province: Staffed) -> None:
    province.arrived()
    with province.centre.database.transaction() as db:
        db.run("UPDATE inbox_event SET event = ? WHERE segment_no = 1", b"\xff" * 16)
    browser = province.browser("dispatch")
    assert listed(browser.get("/batches?show=all")) == ["Batch 1"]
    assert "Batch 1" in browser.get("/batches/1").text


def test_a_batch_tells_what_became_of_each_entry_with_a_link_to_the_report(province: Staffed) -> None:
    report = province.arrived(summary="Ổ gà trước cổng chợ")
    browser = province.browser("dispatch")
    page = browser.get("/batches/1")
    assert "Recorded" in page.text and "Taken in" in page.text
    assert "Ổ gà trước cổng chợ" in browser.get(f"/reports/{report.hex()}").text
    assert f"/reports/{report.hex()}" in [link.attributes["href"] for link in page.all("a")]


def make_conflict(province: Staffed) -> bytes:
    """The office and the centre change one field without knowing of each other."""
    report = province.arrived(summary="Một")
    amend_report(province.centre, province.staff["operator"], report, {"summary": "Hai"})
    amend_report(province.offices[OFFICE], province.actor(OFFICE), report, {"summary": "Ba"})
    province.sync()
    return report


def test_a_batch_with_a_conflict_needs_attention(province: Staffed) -> None:
    make_conflict(province)
    page = province.browser("dispatch").get("/batches")
    assert listed(page) == ["Batch 2"]
    assert "1 conflict" in page.text


def test_a_step_that_came_too_late_is_told_in_words(province: Staffed) -> None:
    found = province.record(OFFICE)
    province.sync()
    province.take("dispatch", found.id, "reject", reason="trùng")
    province.step(OFFICE, found, "verify")
    province.sync()
    assert "Conflict" in province.browser("dispatch").get("/batches/2").text


def test_only_batches_of_the_asked_computer_are_listed(province: Staffed) -> None:
    province.arrived()
    browser = province.browser("dispatch")
    own, other = province.offices[OFFICE].head.node.hex(), "00" * 16
    assert listed(browser.get(f"/batches?show=all&node={own}")) == ["Batch 1"]
    browser.get(f"/batches?show=all&node={other}", 404)


def test_a_long_inbox_is_read_page_by_page(province: Staffed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "PAGE_ROWS", 2)
    for _ in range(3):
        province.arrived()
    browser = province.browser("dispatch")
    first = browser.get("/batches?show=all")
    assert listed(first) == ["Batch 3", "Batch 2"]
    assert listed(browser.get(first.link("Next page"))) == ["Batch 1"]


NOTHING = ("/batches/99", "/batches/x", "/batches?show=x", "/batches?before=x", "/batches?before=²", "/batches?node=zz")


@pytest.mark.parametrize("address", NOTHING)
def test_an_address_that_names_nothing_is_not_found(province: Staffed, address: str) -> None:
    province.browser("dispatch").get(address, 404)


def test_a_silent_computer_is_shown_beside_the_batches(province: Staffed) -> None:
    province.sync()
    province.clock.at_ms += 80 * 3_600_000
    page = province.browser("dispatch").get("/batches")
    assert [badge.text[:14] for badge in page.all(class_="red")] == ["✖ Silent since"]


def test_of_very_many_computers_some_stand_beside_the_batches_and_a_link_leads_to_all(
    province: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "COMPUTERS_MAX", 1)
    with province.centre.database.transaction() as db:
        for number in range(2):
            nodes.add_node(db, bytes([number]) * 16, OFFICE, bytes(32), [], 1)
    page = province.browser("dispatch").get("/batches")
    assert len(page.all(class_="nodes")[0].all("li")) == 1
    assert page.link("on the page of computers") == "/nodes"


def test_a_batch_looked_at_leaves_the_list_with_a_name_and_a_time_and_is_not_lost(province: Staffed) -> None:
    make_conflict(province)
    browser = province.browser("dispatch")
    page = browser.send(browser.get("/batches"), {"batch": "2", "back": "/batches"}, to=LOOKED)
    assert "Marked as looked at: 1." in page.text and "No batch needs attention." in page.text
    assert "looked at by Người dispatch on" in browser.get("/batches?show=all").text


def test_a_batch_looked_at_by_mistake_needs_attention_again(province: Staffed) -> None:
    make_conflict(province)
    browser = province.browser("dispatch")
    browser.send(browser.get("/batches/2"), to=LOOKED)
    page = browser.send(browser.get("/batches/2"), {"action": "again"}, to=LOOKED)
    assert "need attention again" in page.text and listed(browser.get("/batches")) == ["Batch 2"]


def test_marking_nothing_says_so(province: Staffed) -> None:
    make_conflict(province)
    browser = province.browser("dispatch")
    assert "Choose at least one batch first." in browser.send(browser.get("/batches"), to=LOOKED).text


def test_a_batch_that_arrives_again_says_when_it_was_received_and_how_often_it_came(province: Staffed) -> None:
    province.record(OFFICE)
    with pytest.raises(NoNetwork):
        province.sync(lose=1)
    province.sync()
    browser = province.browser("dispatch")
    assert "came again 1 time" in browser.get("/batches?show=all").text
    assert "it had been received on" in browser.get("/batches/1").text


def test_only_batches_of_the_asked_day_are_listed(province: Staffed) -> None:
    province.arrived()
    browser = province.browser("dispatch")
    assert listed(browser.get("/batches?show=all&day=05%2F12%2F2021")) == ["Batch 1"]
    assert "No batch fits these filters." in browser.get("/batches?show=all&day=06%2F12%2F2021").text


def test_a_report_is_sent_back_from_its_batch_and_the_way_leads_back_there(province: Staffed) -> None:
    province.arrived()
    browser = province.browser("dispatch")
    form = browser.get(browser.get("/batches/1").link("Send back"))
    page = browser.send(form, {"reason": "Thiếu địa chỉ"}, to=f"{form.path}?from=/batches/1")
    assert "Sent back. The office sees it as a task" in page.text and page.path == "/batches/1"
    assert (
        "waits for the office" not in browser.get("/sent-back").text
        and "Thiếu địa chỉ" in browser.get("/sent-back").text
    )


def test_whoever_sees_one_agency_only_sees_no_batch_of_others(province: Staffed) -> None:
    hire(province.centre, "syt", "Điều phối Sở Y tế", ["dispatcher"], PASSWORD, "SYT")
    browser = province.browser("syt")
    for address in ("/batches", "/batches/1", "/nodes"):
        browser.get(address, 403)


def test_a_batch_of_many_entries_is_read_page_by_page(province: Staffed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "LINES_MAX", 2)
    for _ in range(3):
        province.record(OFFICE)
    province.sync()
    browser = province.browser("dispatch")
    first = browser.get("/batches/1")
    assert len(first.all("tbody")[0].all("tr")) == 2
    assert len(browser.get(first.link("Next page")).all("tbody")[0].all("tr")) == 1
