"""A report that has left its office: its code still leads somewhere, to one sentence that says where it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from intake_app import create_app
from tests.creators import Province, Recorded, province
from tests.desk.conftest import PASSWORD, ROLES, signed_in
from tests.hired import hire
from tests.pages import Browser

SECRET = "Bí mật của công dân"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Province]:
    """Two offices and a centre."""
    with province(tmp_path, "0380", "0381") as both:
        yield both


@pytest.fixture
def report(made: Province) -> Recorded:
    """A report that lay with 0381 and was filed under another district's unit."""
    found = made.record("0380", unit="2021:14809", summary=SECRET)
    made.sync()
    made.amend("1022", found, unit="2021:14758")
    made.sync()
    return found


@pytest.fixture
def desk(made: Province, report: Recorded) -> Browser:
    """Somebody at the office that it left."""
    node = made.node("0381")
    hire(node, "lan", "Trần Thị Lan", ROLES, PASSWORD)
    app: Flask = create_app(node.settings, node)
    return signed_in(Browser(app), "lan")


@pytest.mark.parametrize("way", ["/search?q={code}&lang=en", "/reports/{id}?lang=en", "/reports/{id}/receipt?lang=en"])
def test_code_page_and_receipt_say_where_it_is(desk: Browser, report: Recorded, way: str) -> None:
    page = desk.get(way.format(code=report.tracking_code, id=report.id.hex()), status=404)
    assert "has left this office; it is now with" in page.text and "Đông Thọ" in page.text
    assert SECRET not in page.text


def test_a_part_of_its_code_finds_nothing(desk: Browser, report: Recorded) -> None:
    assert "Nothing found" in desk.get(f"/search?q={report.tracking_code[:8]}&lang=en").text


def test_the_sync_page_says_that_something_was_fetched_again(desk: Browser, made: Province) -> None:
    with made.centre.database.transaction() as db:
        db.run("UPDATE scope SET digest = digest + 1 WHERE name = 'all'")
    made.sync("0381")
    assert "was fetched again" in desk.get("/sync?lang=en").text
