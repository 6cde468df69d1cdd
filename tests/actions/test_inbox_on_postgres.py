"""The inbox, what is sent back, the computers, people and audit on the PostgreSQL of a centre: the same statements answer there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.actions.look_after import look_after
from intake_app.actions.look_at_batches import look_at_batches
from intake_app.actions.send_back import send_back, settle_query
from intake_app.store.audits import AuditFilter, list_entries, people_in
from intake_app.store.batches import BatchFilter, count_attention, list_batches, load_batch
from intake_app.store.lists import ListFilter, list_reports
from intake_app.store.node_pages import load_details
from intake_app.store.nodes import list_nodes
from intake_app.store.people import list_people
from intake_app.store.queries import count_open, list_queries
from sync.errors import NoNetwork
from tests import creators
from tests.creators import Province

OFFICE = "0380"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    folder: Path = tmp_path_factory.mktemp("province")
    with creators.province(folder, database=creators.POSTGRES) as made:
        yield made


def test_a_query_is_listed_paged_settled_and_counted(province: Province) -> None:
    found = province.record(OFFICE)
    province.sync()
    for reason in ("một", "hai"):
        send_back(province.centre, province.actor("1022"), found.id, reason)
    query = province.seen("1022", found)["queries"][0]["id"]
    settle_query(province.centre, province.actor("1022"), found.id, query, "dismissed", "Thôi")
    with province.centre.database.read() as db:
        assert (count_open(db), count_open(db, [OFFICE], "SYT")) == (1, 0)
        assert list_queries(db, True, [OFFICE], after=list_queries(db, True, limit=1).next or "9999999999999~z").rows
        assert len(list_reports(db, ListFilter(sent_back=True)).rows) == 1


def test_batches_are_filtered_repeated_and_looked_at(province: Province) -> None:
    province.record(OFFICE)
    with pytest.raises(NoNetwork):
        province.sync(lose=1)
    province.sync()
    with province.centre.database.transaction() as db:
        newest = list_batches(db, BatchFilter(received_from_ms=0, received_to_ms=2**53))[0]
        db.run("UPDATE inbox_segment SET attention = 1 WHERE no = ?", newest.no)
        assert (newest.repeats, count_attention(db)) == (1, 1)
        assert load_batch(db, newest.no, loud=True) is not None
    assert look_at_batches(province.centre, province.actor("1022"), [newest.no]) == 1
    with province.centre.database.read() as db:
        assert (count_attention(db), list_batches(db, BatchFilter(attention=True))) == (0, [])


def test_a_computer_is_given_units_and_tells_about_itself(province: Province) -> None:
    look_after(province.centre, creators.somebody(province.centre), province.node(OFFICE).head.node, ["2021:14809"])
    with province.centre.database.read() as db:
        row = list_nodes(db)[0]
        details = load_details(db, row.no, row.id)
    assert "unit:2021:14809" in details.scopes and details.lives[0].is_newest


def test_people_and_audit_are_read(province: Province) -> None:
    creators.employ(province.centre, "operator")
    with province.centre.database.read() as db:
        assert [one.username for one in list_people(db)] == ["tam"]
        who = people_in(db)[0]
        narrowed = AuditFilter(person=who, actions=["node.looks_after", "enrollment_code.made"], from_ms=1, to_ms=2**53)
        assert list_entries(db, narrowed, before=2**40)
