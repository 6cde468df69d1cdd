"""The working list of what the centre refused: each entry is repaired or given up on a page of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from intake_app import create_app
from tests.creators import Province, journal_event, province, record
from tests.desk.conftest import PASSWORD, ROLES, signed_in
from tests.hired import hire
from tests.pages import Browser

TOWN = "0380"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Province]:
    """A centre and an office with a report whose note was refused and whose next note waits."""
    with province(tmp_path) as made:
        found = record(made.node(TOWN), made.actor(TOWN), summary="Ngập nước", name="Bà Tư")
        journal_event(made.node(TOWN), made.actor(TOWN), "report.noted", found.id, {"text": 7, "internal": True})
        journal_event(made.node(TOWN), made.actor(TOWN), "report.noted", found.id, {"text": "Đợi"})
        made.sync()
        yield made


def pages(town: Province) -> Flask:
    node = town.node(TOWN)
    hire(node, "lan", "Trần Thị Lan", ROLES, PASSWORD)
    return create_app(node.settings, node)


@pytest.fixture
def lan(town: Province) -> Browser:
    """Lan at the office, reading English."""
    return signed_in(Browser(pages(town)), "lan")


def opened(lan: Browser, number: int = -1):  # type: ignore[no-untyped-def]
    """The page of a refused entry; the oldest stands last."""
    row = lan.get("/sync").all("section", id="refused")[0].all("tbody")[0].all("tr")[number]
    return lan.get(str(row.all("a")[-1].attributes["href"]))


def test_a_refused_entry_is_repaired_on_its_page(lan: Browser, town: Province) -> None:
    page = opened(lan)
    assert "Text is expected here" in page.text
    to = str(page.all("form", **{"aria-labelledby": "repair-title"})[0].attributes["action"])
    assert "repaired entry is saved" in lan.send(page, {"value-text": "Đã sửa"}, to=to).text
    town.sync()
    town.sync()
    with town.centre.database.read() as db:
        assert db.value("SELECT count(*) FROM inbox_event WHERE verdict = 'applied' AND kind = 'report.noted'") == 2
    assert not lan.get("/sync").all("section", id="refused")


def test_what_still_does_not_fit_is_told_beside_its_field(lan: Browser) -> None:
    page = opened(lan)
    to = str(page.all("form", **{"aria-labelledby": "repair-title"})[0].attributes["action"])
    again = lan.send(page, {"value-text": "x" * 6000}, to=to, status=422)
    assert "Too long" in again.all(class_="error-summary")[0].text


def test_giving_up_asks_for_the_reason(lan: Browser, town: Province) -> None:
    page = opened(lan)
    to = str(page.all("form", **{"aria-labelledby": "dismiss-title"})[0].attributes["action"])
    assert "Fill this in" in lan.send(page, {"reason": ""}, to=to, status=422).text
    assert "given up" in lan.send(page, {"reason": "Nhập nhầm"}, to=to).text
    town.sync()
    assert not lan.get("/sync").all("section", id="refused")


def test_what_waits_behind_it_is_not_repaired_itself(lan: Browser) -> None:
    page = opened(lan, 0)
    assert "judged by itself" in page.text
    assert not page.all("form", **{"aria-labelledby": "repair-title"})


def test_an_entry_that_is_not_refused_is_told_in_words(lan: Browser) -> None:
    assert "taken the earlier entry" in lan.get("/sync/refused/abcd", status=409).text


def test_the_report_leads_to_its_refused_entry(lan: Browser, town: Province) -> None:
    with town.node(TOWN).database.read() as db:
        report = db.value("SELECT id FROM entity WHERE type = 'report'")
    page = lan.get(f"/reports/{report.hex()}")
    assert "/sync/refused/" in page.link("Repair or give up")


def test_every_value_of_a_refused_entry_has_a_name_in_the_language_of_the_page(lan: Browser) -> None:
    page = opened(lan)
    lan.get("/help?lang=vi")
    assert "Nội bộ" in lan.get(page.path).text and "Internal" in page.text
