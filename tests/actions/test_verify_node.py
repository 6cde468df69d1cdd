"""Verify: every kind of damage that is planted is found, and what is only a cache is made anew from what is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake_app.actions.rebuild_rows import rebuild_rows
from intake_app.actions.step_report import step_report
from intake_app.actions.verify_node import verify_node
from intake_app.node import Node
from intake_app.store.finding import find_reports
from intake_app.store.side_file import Mark
from tests.creators import Province, province, record, somebody

CACHES = [
    ("DELETE FROM report WHERE no = 2", "row_differs"),
    ("UPDATE report SET tracking_code = '038000000018' WHERE no = 2", "row_differs"),
    ("UPDATE report SET status = 'closed' WHERE no = 2", "row_differs"),
    ("UPDATE report SET summary = 'khác' WHERE no = 2", "row_differs"),
    ("UPDATE report SET urgency = 'emergency' WHERE no = 2", "row_differs"),
    ("UPDATE report SET lead_agency = 'SYT' WHERE no = 2", "row_differs"),
    ("UPDATE report SET received_ms = received_ms + 1000 WHERE no = 2", "row_differs"),
    ("UPDATE report SET phone_tail = '000' WHERE no = 2", "row_differs"),
    ("UPDATE report SET officer = x'00' WHERE no = 2", "row_differs"),
    ("UPDATE report SET told = 1 WHERE no = 2", "row_differs"),
    ("INSERT INTO report_support (agency, entity_no) VALUES ('SYT', 2)", "row_differs"),
    ("INSERT INTO conflict (id, entity_no, field, at_ms) VALUES ('x', 2, 'summary', 0)", "conflicts_differ"),
    ("DELETE FROM report_search_docsize WHERE id = 2", "search_differs"),
]
JOURNAL = [
    ("UPDATE journal SET open = CAST(replace(open, 'Việc', 'Viec') AS BLOB) WHERE seq = 2", "chain_broken"),
    ("UPDATE journal SET private = x'7b7d' WHERE seq = 2", "chain_broken"),
    ("UPDATE journal SET header = zeroblob(length(header)) WHERE seq = 2", "chain_broken"),
    ("UPDATE journal SET hash = zeroblob(32) WHERE seq = 2", "chain_broken"),
    ("DELETE FROM journal WHERE seq = 2", "journal_gap"),
    ("DELETE FROM journal WHERE seq = 3", "head_differs"),
    ("UPDATE self_node SET seq = 4", "head_differs"),
]
INBOX = [
    (
        "UPDATE inbox_segment SET packed = CAST(substr(packed, 1, 40) || x'00' || substr(packed, 42) AS BLOB)",
        "segment_damaged",
    ),
    ("UPDATE inbox_segment SET packed = x''", "segment_damaged"),
    ("UPDATE inbox_segment SET tip = zeroblob(32)", "segment_damaged"),
    ("UPDATE inbox_segment SET signature = zeroblob(64)", "segment_damaged"),
    ("DELETE FROM inbox_segment", "ack_differs"),
    ("UPDATE node_life SET ack = ack - 1", "ack_differs"),
    ("UPDATE inbox_segment SET first_seq = 2", "inbox_gap"),
]


@pytest.fixture
def filled(node: Node) -> Node:
    """An office with three reports, its first one routed."""
    made = [record(node, phone="0912 345 678", village="Thôn 1") for _ in range(3)]
    assert len(made) == 3
    return node


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Province]:
    """A centre that holds two reports of an office and one of its own, one of them amended at both ends."""
    with province(tmp_path) as both:
        reports = [both.record("0380") for _ in range(2)]
        both.record("1022")
        both.sync()
        both.amend("1022", reports[0], summary="Ở trung tâm")
        both.amend("0380", reports[0], summary="Ở huyện")
        both.step("1022", reports[1], "verify")
        both.sync()
        yield both


def damage(node: Node, sql: str) -> None:
    with node.database.transaction() as db:
        db.run("PRAGMA defer_foreign_keys=ON")
        db.run(sql)


def found(node: Node) -> set[str]:
    return {problem["what"] for problem in verify_node(node).problems}


def test_a_node_at_work_verifies(made: Province) -> None:
    assert [verify_node(made.node(office)).problems for office in ("0380", "1022")] == [[], []]
    counts = verify_node(made.centre).counts
    assert (counts["reports"], counts["stored_events"]) == (3, 3)


@pytest.mark.parametrize(("sql", "what"), CACHES)
def test_a_damaged_cache_is_found_and_mended(filled: Node, sql: str, what: str) -> None:
    damage(filled, sql)
    assert what in found(filled)
    rebuild_rows(filled)
    assert found(filled) == set()


def test_a_view_that_says_something_else_is_found_and_mended(filled: Node) -> None:
    damage(filled, "UPDATE entity SET view = CAST(replace(view, 'Thôn 1', 'Thôn 9') AS BLOB) WHERE no = 2")
    assert found(filled) == {"view_differs"}
    rebuild_rows(filled)
    assert found(filled) == set()


@pytest.mark.parametrize(("sql", "what"), JOURNAL)
def test_a_damaged_journal_is_found(filled: Node, sql: str, what: str) -> None:
    damage(filled, sql)
    assert what in found(filled)


@pytest.mark.parametrize(("sql", "what"), INBOX)
def test_a_damaged_inbox_is_found(made: Province, sql: str, what: str) -> None:
    damage(made.centre, sql)
    assert what in found(made.centre)


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("UPDATE entity SET state = CAST(replace(state, 'Ở trung tâm', 'Ở đâu đó') AS BLOB)", "replay_differs"),
        ("UPDATE inbox_event SET verdict = 'applied' WHERE verdict = 'conflict'", "verdict_differs"),
        ("DELETE FROM inbox_event WHERE no = 1", "replay_differs"),
    ],
)
def test_a_confirmed_state_that_does_not_follow_from_the_inbox_is_found(made: Province, sql: str, what: str) -> None:
    damage(made.centre, sql)
    assert what in found(made.centre)


def test_a_search_entry_under_other_words_is_found(filled: Node) -> None:
    damage(filled, "DROP TABLE report_search")
    with filled.database.transaction() as db:
        db.run("CREATE VIRTUAL TABLE report_search USING fts5(words, content='')")
        db.many("INSERT INTO report_search (rowid, words) VALUES (?, 'khac')", [(no,) for no in (1, 2, 3)])
    assert found(filled) == {"search_entry_missing"}
    rebuild_rows(filled)
    assert found(filled) == set()


def test_an_alarm_is_a_finding(filled: Node) -> None:
    filled.side_file.write(Mark(filled.head.incarnation, 99, b"\1" * 32))
    filled.alarms.append("rolled_back")
    assert found(filled) == {"rolled_back"}


@pytest.mark.parametrize("office", ["0380", "1022"])
def test_rebuilding_changes_nothing_that_was_right(made: Province, office: str) -> None:
    node = made.node(office)
    before = everything(node)
    rebuild_rows(node)
    assert everything(node) == before


def everything(node: Node) -> list[Any]:
    with node.database.read() as db:
        tables = [
            db.all(f"SELECT * FROM {name} ORDER BY 1, 2") for name in ("report", "conflict", "code_alias", "entity")
        ]
        return [[tuple(row) for row in rows] for rows in tables] + [
            [one.row.id for one in find_reports(db, "trung tam")]
        ]


def test_verifying_changes_nothing(made: Province) -> None:
    before = everything(made.node("0380"))
    verify_node(made.node("0380"))
    assert everything(made.node("0380")) == before


def test_the_list_of_problems_has_an_end(node: Node) -> None:
    for _ in range(104):
        record(node)
    damage(node, "UPDATE report SET status = 'closed'")
    assert len(verify_node(node).problems) == 100


def test_a_step_after_a_rebuild_goes_on_as_before(filled: Node) -> None:
    rebuild_rows(filled)
    report = record(filled)
    step_report(filled, somebody(filled), report.id, "verify")
    assert found(filled) == set()
