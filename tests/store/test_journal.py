"""The journal: gap-free, each event bound to the one before, and nothing of a transaction that failed."""

from __future__ import annotations

from contextlib import suppress

import pytest

from intake_app.actions.making import make_event
from intake_app.node import Node
from intake_app.store import journal
from intake_app.store.own_events import write_events
from sync import chain
from sync.errors import BrokenPromise
from sync.event import Event, EventBytes
from tests.creators import make_line, record, somebody, state_of


def rows(node: Node) -> list[tuple[int, EventBytes, bytes]]:
    with node.database.read() as db:
        found = db.all("SELECT seq, header, open, private, hash FROM journal ORDER BY no")
    return [(row[0], EventBytes(*row[1:4]), row[4]) for row in found]


def head(node: Node) -> journal.Head:
    with node.database.read() as db:
        return journal.head(db)


def an_event(node: Node, **changes: object) -> Event:
    code = {"tracking_code": "038000000018", "office": "0380", "received_at": "2021-12-05T08:00:00+07:00"}
    return make_event(node, somebody(node), "report.recorded", None, make_line() | code | changes)


def test_seqs_follow_each_other_without_a_gap(node: Node) -> None:
    for _ in range(4):
        record(node)
    assert [row[0] for row in rows(node)] == [1, 2, 3, 4]
    assert head(node).seq == 4


def test_each_hash_follows_from_the_one_before(node: Node) -> None:
    for _ in range(3):
        record(node, name="Nguyễn Văn Mẫu")
    before = chain.genesis(node.head.node, node.head.incarnation)
    for _, raw, stored in rows(node):
        before = chain.link(before, raw)
        assert stored == before
    assert head(node).hash == before


def test_a_rollback_leaves_no_hole(node: Node) -> None:
    record(node)
    with suppress(ZeroDivisionError), node.database.transaction() as db:
        write_events(node, db, [an_event(node), an_event(node)])
        raise ZeroDivisionError
    record(node)
    assert [row[0] for row in rows(node)] == [1, 2]


def test_a_rollback_does_not_move_the_side_file(node: Node) -> None:
    record(node)
    with suppress(ZeroDivisionError), node.database.transaction() as db:
        write_events(node, db, [an_event(node)])
        raise ZeroDivisionError
    found = node.side_file.read()
    assert found is not None
    assert found.seq == 1


def test_who_reported_stands_in_the_private_part_only(node: Node) -> None:
    record(node, name="Nguyễn Văn Mẫu", phone="0912 345 678")
    raw = rows(node)[0][1]
    assert "Nguyễn Văn Mẫu".encode() in raw.private
    assert all(word not in raw.open for word in ("Mẫu".encode(), b"912345678", b"0912"))


def test_an_event_is_kept_as_the_bytes_that_were_hashed(node: Node) -> None:
    made = record(node, summary="Ổ gà trên đường Lê Lợi")
    with node.database.read() as db:
        stored = journal.all_of(db, 1)[0]
    assert stored.event.id == made.id
    assert stored.event.open["summary"] == state_of(node, made)["summary"] == "Ổ gà trên đường Lê Lợi"


def test_a_report_that_its_own_rules_refuse_is_never_journalled(node: Node) -> None:
    with pytest.raises(BrokenPromise), node.database.transaction() as db:
        write_events(node, db, [an_event(node, summary="x" * 121)])
    assert rows(node) == []


def test_the_hash_at_a_seq_is_known_and_beyond_the_end_is_not(node: Node) -> None:
    record(node)
    with node.database.read() as db:
        asked = [journal.hash_at(db, 1, node.head.incarnation, node.head.node, seq) for seq in (0, 1, 2)]
    assert asked == [chain.genesis(node.head.node, node.head.incarnation), head(node).hash, None]
