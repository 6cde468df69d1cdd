"""A report sent back travels to its office as a task, and the centre hears how it was settled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.actions.rebuild_rows import rebuild_rows
from intake_app.actions.send_back import send_back, settle_query
from intake_app.actions.verify_node import verify_node
from intake_app.store.queries import count_open, list_queries
from sync.errors import InvalidFields, Refused
from tests.creators import Province, Recorded, province, somebody

OFFICE = "0380"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path, OFFICE) as found:
        yield found


def sent_back(made: Province, reason: str = "Ghi lại số nhà") -> Recorded:
    """A report of the office that the centre has sent back, and the office knows."""
    found = made.record(OFFICE)
    made.sync()
    send_back(made.centre, made.actor("1022"), found.id, reason)
    made.sync()
    return found


def waiting(made: Province, office: str) -> list[str]:
    """The reasons of what waits, as that installation lists them."""
    with made.node(office).database.read() as db:
        return [row.entry["reason"] for row in list_queries(db, settled=False).rows]


def query_of(made: Province, found: Recorded) -> str:
    return str(made.seen(OFFICE, found)["queries"][0]["id"])


def settle(made: Province, found: Recorded, how: str, text: str = "") -> None:
    settle_query(made.node(OFFICE), made.actor(OFFICE), found.id, query_of(made, found), how, text)


def test_what_is_sent_back_is_a_task_at_the_office_with_its_reason(made: Province) -> None:
    sent_back(made)
    assert waiting(made, OFFICE) == waiting(made, "1022") == ["Ghi lại số nhà"]
    with made.node(OFFICE).database.read() as db:
        assert (count_open(db, [OFFICE]), count_open(db, ["0381"])) == (1, 0)


def test_a_task_settled_without_a_network_reaches_the_centre_with_its_words(made: Province) -> None:
    found = sent_back(made)
    settle(made, found, "noted", "Nhà không có số")
    assert waiting(made, OFFICE) == [] and waiting(made, "1022") == ["Ghi lại số nhà"]
    made.sync()
    assert waiting(made, "1022") == []
    assert made.seen("1022", found)["queries"][0]["settled"]["text"] == "Nhà không có số"


def test_that_a_report_was_corrected_is_said_only_after_it_was(made: Province) -> None:
    found = sent_back(made)
    with pytest.raises(Refused, match="not_amended"):
        settle(made, found, "amended")
    made.amend(OFFICE, found, address="Số 12")
    settle(made, found, "amended")
    made.sync()
    assert made.seen("1022", found)["queries"][0]["settled"]["how"] == "amended"


def test_a_task_is_settled_once(made: Province) -> None:
    found = sent_back(made)
    settle(made, found, "dismissed", "Phiếu của nơi khác")
    with pytest.raises(Refused, match="no_such_query"):
        settle(made, found, "noted", "Lần nữa")


def test_a_word_is_needed_and_a_reason_too(made: Province) -> None:
    found = sent_back(made)
    with pytest.raises(InvalidFields):
        settle(made, found, "noted", "  ")
    with pytest.raises(InvalidFields):
        send_back(made.centre, made.actor("1022"), found.id, " ")


def test_an_office_sends_nothing_back_and_a_handler_does_not_either(made: Province) -> None:
    found = sent_back(made)
    with pytest.raises(Refused, match="centre_sends_back"):
        send_back(made.node(OFFICE), made.actor(OFFICE), found.id, "Sửa")
    with pytest.raises(Refused, match="not_allowed"):
        send_back(made.centre, somebody(made.centre, "case_handler"), found.id, "Sửa")


def test_the_tasks_are_made_anew_from_the_journal(made: Province) -> None:
    sent_back(made)
    with made.node(OFFICE).database.transaction() as db:
        db.run("DELETE FROM query")
    assert "row_differs" in {problem["what"] for problem in verify_node(made.node(OFFICE)).problems}
    rebuild_rows(made.node(OFFICE))
    assert waiting(made, OFFICE) == ["Ghi lại số nhà"]


def test_a_long_list_of_tasks_is_read_page_by_page(made: Province) -> None:
    for reason in ("một", "hai", "ba"):
        sent_back(made, reason)
    with made.centre.database.read() as db:
        first = list_queries(db, settled=False, limit=2)
        rest = list_queries(db, settled=False, after=first.next, limit=2)
    assert [row.entry["reason"] for row in (*first.rows, *rest.rows)] == ["một", "hai", "ba"]
    assert rest.next is None
