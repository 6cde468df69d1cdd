"""The batch inbox: what came, from whom, and what became of it."""

from __future__ import annotations

import pytest

from intake_app.actions.amend_report import amend_report
from intake_app.actions.step_report import step_report
from intake_app.central import batches
from tests.central.province import Province


def test_an_inbox_without_batches_says_so(province: Province) -> None:
    page = province.client("dispatch").get("/batches?show=all").text
    assert "No batch has arrived yet." in page


def test_a_batch_that_went_well_is_listed_only_when_all_are_asked_for(province: Province) -> None:
    province.record()
    province.exchange()
    client = province.client("dispatch")
    assert "No batch needs attention." in client.get("/batches").text
    assert "Batch 1" in client.get("/batches?show=all").text


def test_an_exchange_without_news_makes_no_batch(province: Province) -> None:
    province.record()
    province.exchange()
    province.exchange()
    assert "Batch 2" not in province.client("dispatch").get("/batches?show=all").text


def test_a_batch_tells_what_became_of_each_entry_with_a_link_to_the_report(province: Province) -> None:
    report = province.record(summary="Ổ gà trước cổng chợ")
    province.exchange()
    page = province.client("dispatch").get("/batches/1").text
    assert "Ổ gà trước cổng chợ" in page
    assert f'href="/reports/{report.hex()}"' in page
    assert "Taken in" in page


def make_conflict(province: Province) -> None:
    """The office and the centre change one field without knowing of each other."""
    report = province.record(summary="Một")
    province.exchange()
    amend_report(province.centre, province.people["operator"], report, {"summary": "Hai"})
    amend_report(province.office, province.officer, report, {"summary": "Ba"})
    province.exchange()


def test_a_batch_with_a_conflict_needs_attention(province: Province) -> None:
    make_conflict(province)
    page = province.client("dispatch").get("/batches").text
    assert "Batch 2" in page
    assert "Conflict" in page
    assert "Batch 1<" not in page


def test_a_step_that_came_too_late_is_told_in_words(province: Province) -> None:
    report = province.record()
    province.exchange()
    step_report(province.centre, province.people["dispatch"], report, "reject", reason="trùng")
    step_report(province.office, province.officer, report, "verify")
    province.exchange()
    page = province.client("dispatch").get("/batches/2").text
    assert "Conflict" in page


def test_only_batches_of_the_asked_computer_are_listed(province: Province) -> None:
    province.record()
    province.exchange()
    client = province.client("dispatch")
    own, other = province.office.head.node.hex(), province.centre.head.node.hex()
    assert "Batch 1" in client.get(f"/batches?show=all&node={own}").text
    assert client.get(f"/batches?show=all&node={other}").status_code == 404


def test_a_long_inbox_is_read_page_by_page(province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "PAGE_ROWS", 2)
    for _ in range(3):
        province.record()
        province.exchange()
    client = province.client("dispatch")
    first = client.get("/batches?show=all").text
    assert "Batch 3" in first and "Batch 2" in first and "Batch 1<" not in first
    assert "before=2" in first
    assert "Batch 1" in client.get("/batches?show=all&before=2").text


@pytest.mark.parametrize(
    "address",
    ["/batches/99", "/batches/x", "/batches?show=x", "/batches?before=x", "/batches?before=²", "/batches?node=zz"],
)
def test_an_address_that_names_nothing_is_not_found(province: Province, address: str) -> None:
    assert province.client("dispatch").get(address).status_code == 404


def test_a_silent_computer_is_shown_beside_the_batches(province: Province) -> None:
    province.exchange()
    province.clock.at_ms += 80 * 3_600_000
    page = province.client("dispatch").get("/batches").text
    assert "Silent since" in page
    assert "badge-silence red" in page
