"""Digests: both sides keep the same sum over what a scope holds; what differs is read again once, and nothing is lost by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake_app.actions import enroll, reconcile
from intake_app.actions.verify_node import verify_node
from intake_app.node import Node
from intake_app.store import feed, holdings
from intake_app.store.database import Database
from sync import cycle, protocol
from sync.digest import share, wrapped
from tests.creators import POSTGRES, SQLITE, InProcess, Province, province

DAY_MS = 24 * 3600 * 1000
DATABASES = (SQLITE, POSTGRES)  # the centre's


def kept(node: Node, table: str = "scope_cursor", name: str = "scope") -> dict[str, tuple[int, int]]:
    with node.database.read() as db:
        return {row[0]: (row[1], row[2]) for row in db.all(f"SELECT {name}, entities, digest FROM {table}")}


def damage(database: Database, sql: str) -> None:
    with database.transaction() as db:
        db.run(sql)


def agree(made: Province) -> bool:
    """Whether every office has for each of its scopes what the centre has."""
    centre = kept(made.centre, "scope", "name")
    mine = [(scope, found) for node in made.offices.values() for scope, found in kept(node).items()]
    return all(centre.get(scope, (0, 0)) == found for scope, found in mine)


def anew(node: Node) -> list[str]:
    with node.database.read() as db:
        return [row[0] for row in db.all("SELECT subject FROM audit WHERE action = 'scope.read_anew'")]


def test_a_sum_is_the_same_in_whatever_order_it_was_made() -> None:
    first, second = share(b"a" * 16, 1), share(b"b" * 16, 7)
    assert wrapped(wrapped(first + second) - first) == wrapped(second)
    assert wrapped(2**64 + 5) == 5 and -(2**63) <= wrapped(first + second) < 2**63


@pytest.mark.parametrize("database", DATABASES)
def test_both_sides_agree_after_records_edits_routing_and_leaving(tmp_path: Path, database: str) -> None:
    with province(tmp_path, "0380", "0381", database=database) as made:
        first, second = made.record("0380"), made.record("0381")
        made.sync()
        made.amend("0380", first, unit="2021:14809")
        made.step("1022", second, "route", agency="UBND-380")
        made.sync()
        made.amend("0380", first, unit="2021:14758")
        made.sync()
        assert agree(made) and kept(made.node("0381"))["office:0381"][0] == 1
        assert all(verify_node(node).ok for node in (made.centre, *made.offices.values()))


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM held_row WHERE entity_no = (SELECT max(no) FROM report)",
        "UPDATE held_row SET removed = 1 WHERE entity_no = (SELECT max(no) FROM report)",
        "UPDATE entity SET version = version - 1 WHERE type = 'report'",
    ],
)
def test_a_row_damaged_by_hand_is_healed_by_reading_the_scope_once_more(tmp_path: Path, sql: str) -> None:
    with province(tmp_path, "0380") as made:
        made.amend("0380", made.record("0380"), summary="Đã sửa")
        made.sync()
        damage(made.node("0380").database, sql)
        assert not verify_node(made.node("0380")).ok
        made.clock.at_ms += DAY_MS
        made.sync()
        assert agree(made) and verify_node(made.node("0380")).ok
        assert sorted(anew(made.node("0380"))) == ["office:0380", "unit:2021:380"]


def test_a_report_deleted_by_hand_comes_back_whole(tmp_path: Path) -> None:
    with province(tmp_path, "0380") as made:
        report = made.record("0380")
        made.sync()
        for table, column in (("report", "no"), ("held_row", "entity_no"), ("entity", "no")):
            damage(made.node("0380").database, f"DELETE FROM {table} WHERE {column} = (SELECT entity_no FROM journal)")
        made.clock.at_ms += DAY_MS
        made.sync()
        assert agree(made) and made.seen("0380", report) == made.seen("1022", report)


def test_a_scope_is_read_again_once_a_day_at_most(tmp_path: Path) -> None:
    with province(tmp_path, "0380") as made:
        made.record("0380")
        made.sync()
        damage(made.centre.database, "UPDATE scope SET digest = digest + 1 WHERE name = 'all'")
        for _ in range(3):
            made.sync()
        assert anew(made.node("0380")) == ["all"]
        made.clock.at_ms += DAY_MS
        made.sync()
        assert anew(made.node("0380")) == ["all", "all"]


def test_reading_anew_takes_nothing_away_before_the_last_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with province(tmp_path, "0380") as made:
        reports = [made.record("0380") for _ in range(5)]
        made.sync()
        node = made.node("0380")
        with node.database.transaction() as db:
            holdings.read_anew(db, [1, 2, 3])
        monkeypatch.setattr(protocol, "PAGE_ENTITIES_MAX", 2)
        for _ in range(3):
            cycle.exchange(reconcile.Port(node), InProcess(made.centre), cycle.Summary())
            assert all(made.holds("0380", report) for report in reports) and verify_node(node).ok
        assert kept(node)["office:0380"][0] == 5


def test_reading_again_keeps_what_was_not_sent_yet(tmp_path: Path) -> None:
    with province(tmp_path, "0380") as made:
        report = made.record("0380")
        made.sync()
        damage(made.centre.database, "UPDATE scope SET digest = digest + 1")
        made.amend("0380", report, summary="Chưa gửi")
        made.sync()
        assert made.seen("1022", report)["summary"] == made.seen("0380", report)["summary"] == "Chưa gửi"


def test_an_exchange_with_nothing_to_say_stays_under_a_kilobyte(tmp_path: Path) -> None:
    with province(tmp_path, "0380") as made:
        made.sync()
        done = made.sync()
        assert done is not None and done.bytes_up + done.bytes_down < 1024


@pytest.mark.parametrize("database", DATABASES)
def test_a_new_scope_is_filled_bit_by_bit_while_its_reports_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    monkeypatch.setattr(feed, "FILL_ENTITIES", 2)
    with province(tmp_path, "0380", "0381", database=database) as made:
        reports = [made.record("0380") for _ in range(8)]
        made.sync("0380")
        code = enroll.make_enrollment_code(made.centre, made.actor("1022"), "0381", ["2021:14758"])
        monkeypatch.setattr(enroll, "FILLS_AT_ONCE", 1)
        monkeypatch.setattr(enroll.fill_scopes, "__defaults__", (1,))
        enroll.enroll(made.node("0381"), made.actor("0381"), "http://127.0.0.1:1", code, link=InProcess(made.centre))  # type: ignore[arg-type]
        for at, report in enumerate((reports[0], reports[-1], reports[-1])):
            made.amend("0380", report, details=f"Lần {at}")
            made.sync()
        while enroll.fill_scopes(made.centre, 1):
            made.sync()
        assert agree(made) and kept(made.node("0381"))["unit:2021:14758"][0] == 8
        assert verify_node(made.centre).ok
