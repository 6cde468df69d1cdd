"""What is public is listed, counted and found in the same way on both databases, and made anew from the states."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.actions.rebuild_rows import rebuild_rows
from intake_app.actions.set_publicity import publish_report, withdraw_report
from intake_app.actions.verify_node import verify_node
from intake_app.store import publicity
from intake_app.store.publicity import Wanted, count_stages, each_public, list_publicity
from tests.creators import BOTH, Province, Recorded, province


@pytest.fixture(params=BOTH)
def made(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Province]:
    with province(tmp_path, database=request.param) as found:
        yield found


def published(made: Province, title: str, topic: str = "price_fraud") -> Recorded:
    report = made.record("1022", topic=topic, publish_consent=True)
    made.step("1022", report, "route", agency="SYT")
    made.step("1022", report, "accept")
    made.step("1022", report, "answer", answer="Xong", sources="Không")
    words = {"title": title, "text": f"{title} ở phố", "answer": "Xong"}
    publish_report(made.centre, made.actor("1022"), report.id, words)
    return report


def listed(made: Province, **wanted: object) -> list[str]:
    with made.centre.database.read() as db:
        rows = list_publicity(db, Wanted(**wanted)).rows  # type: ignore[arg-type]
    return [row.state["publicity"].get("title", "") for row in rows]


def test_public_words_are_found_without_accents_and_go_with_what_is_taken_back(made: Province) -> None:
    report, _ = published(made, "Cống tràn"), published(made, "Đèn hỏng", "other_directed")
    assert listed(made) == ["Đèn hỏng", "Cống tràn"]
    assert (listed(made, words="o pho"), listed(made, words="cong tr")) == (["Đèn hỏng", "Cống tràn"], ["Cống tràn"])
    assert (listed(made, topic="other_directed"), listed(made, agency="SCT")) == (["Đèn hỏng"], [])
    withdraw_report(made.centre, made.actor("1022"), report.id, "Nhầm")
    assert (listed(made), listed(made, words="cong tr")) == (["Đèn hỏng"], [])
    with made.centre.database.read() as db:
        assert count_stages(db) == {"public": 1, "waiting": 0, "withdrawn": 1}
        assert count_stages(db, "SCT") == {"public": 0, "waiting": 0, "withdrawn": 0}


def test_words_that_many_hold_are_found_by_walking_the_list(made: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publicity, "FEW_MAX", 1)
    for title in ("Cống tràn", "Đèn hỏng", "Cống vỡ"):
        published(made, title)
    assert listed(made, words="cong") == ["Cống vỡ", "Cống tràn"]
    assert listed(made, words="vo") == ["Cống vỡ"]


def test_a_file_walks_through_all_of_them(made: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publicity, "EXPORTED_AT_ONCE", 2)
    for number in range(5):
        published(made, f"Việc {number}")
    rows = list(each_public(made.centre.database.read, Wanted()))
    assert [row.state["publicity"]["title"] for row in rows] == [f"Việc {number}" for number in (4, 3, 2, 1, 0)]


def test_rows_and_words_are_made_anew_and_a_lost_entry_is_noticed(made: Province) -> None:
    published(made, "Cống tràn")
    with made.centre.database.transaction() as db:
        publicity.empty(db)
        db.run("UPDATE report SET publicity = NULL")
    assert "row_differs" in {each["what"] for each in verify_node(made.centre).problems}
    rebuild_rows(made.centre)
    assert listed(made, words="cong") == ["Cống tràn"]
    assert verify_node(made.centre).problems == []


def test_an_office_knows_what_is_public_of_its_reports_too(made: Province) -> None:
    published(made, "Cống tràn")
    made.sync()
    with made.offices["0380"].database.read() as db:
        assert [row.state["publicity"]["title"] for row in list_publicity(db, Wanted(words="cong")).rows] == [
            "Cống tràn"
        ]
