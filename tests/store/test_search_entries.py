"""However a report was edited, its search entry is the one that it would be given anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake_app.store import schema, search
from intake_app.store.database import Database, open_database

WORDS = ["Đường", "duong", "ngập", "ngap", "số 12", "12", "Lê-Lợi", "loi", "x_y", "ﬀ", "日本", "٣", "e\u0301", ""]
TEXT = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
STATE = st.builds(
    lambda summary, details, name, aliases: {
        "tracking_code": "038040277158",
        "summary": summary,
        "details": details,
        "reporter": {"name": name, "phone": "+84912345678"},
        "aliases": aliases,
    },
    *(TEXT, TEXT, TEXT, st.lists(st.sampled_from(["038011112222", "12"]), max_size=1)),
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("search")
    made = open_database(f"sqlite:///{folder}/search.db", durable=False)
    schema.create(made)
    yield made
    made.close()


def entries(database: Database, *histories: list[dict[str, Any] | None]) -> set[tuple[str, int]]:
    """The words and numbers in an index that is empty before, after each number has had its states in this order."""
    with database.transaction() as db:
        search.empty(db)
        db.run("CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, report_search, instance)")
        for no, history in enumerate(histories, 1):
            for before, after in zip([None, *history], history, strict=False):
                search.replace(db, [(no, before, after)])
        found = {(row[0], row[1]) for row in db.all("SELECT term, doc FROM temp.words")}
        assert search.count(db) == sum(history[-1] is not None for history in histories)
    return found


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.none() | STATE, min_size=1, max_size=5), STATE)
def test_an_edited_entry_equals_a_new_one(
    database: Database, history: list[dict[str, Any] | None], other: dict[str, Any]
) -> None:
    assert entries(database, history, [other]) == entries(database, history[-1:], [other])


def test_an_entry_that_was_edited_can_be_taken_out_when_it_is_the_only_one(database: Database) -> None:
    one = {"tracking_code": "038040277158", "summary": "nước bẩn"}
    assert entries(database, [one, one | {"details": "nước bẩn nước bẩn nước bẩn"}, None]) == set()


def test_a_word_that_stands_elsewhere_too_stays(database: Database) -> None:
    one = {"tracking_code": "038040277158", "summary": "Đường ngập", "details": "đường hỏng"}
    assert ("duong", 1) in entries(database, [one, one | {"summary": "Cống tắc"}])
    assert ("ngap", 1) not in entries(database, [one, one | {"summary": "Cống tắc"}])
