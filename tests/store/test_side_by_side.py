"""Several workers at one centre on PostgreSQL: they meet on nodes, reports, codes and drafts, and nothing is lost or doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from intake_app.actions import receive
from intake_app.actions.reconcile import reconcile
from intake_app.actions.record_report import record_report
from intake_app.actions.verify_node import verify_node
from intake_app.node import Node
from intake_app.store import nodes, postgres
from intake_app.store.database import open_database
from sync import tracking_code
from sync.errors import Contended, NoDatabase
from tests.creators import POSTGRES, InProcess, Province, SetClock, bind, make_line, make_node, province
from tests.postgres import wait_until_blocked

SECONDS = 30


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path, "0380", "0381", database=POSTGRES) as made:
        yield made


def worker(centre: Node) -> Node:
    """The same centre as another process has it: with connections and locks of its own."""
    return replace(centre, database=open_database(str(centre.settings.database_url), durable=False))


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Do these at the same time."""
    start = threading.Barrier(len(acts))

    def begin(act: Callable[[], Any]) -> Any:
        start.wait(SECONDS)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [one.result(SECONDS) for one in [pool.submit(begin, act) for act in acts]]


def waiting(centre: Node) -> int:
    with centre.database.read() as db:
        return int(db.value("SELECT count(*) FROM inbox_segment WHERE applied_ms IS NULL"))


def test_offices_that_edit_the_same_reports_in_opposite_order_all_get_through(made: Province) -> None:
    # Routed to both: each office holds them all, and edits another field first.
    reports = [made.record("0380") for _ in range(25)]
    made.sync()
    for report in reports:
        made.step("1022", report, "route", agency="UBND-381")
    made.sync()
    for report in reports:
        made.amend("0380", report, details="của huyện này")
    for report in reversed(reports):
        made.amend("0381", report, details="của huyện kia")
    workers = [worker(made.centre), worker(made.centre)]
    pairs = list(zip(made.offices.values(), workers, strict=True))
    together(*(lambda office=office, at=at: reconcile(office, InProcess(at)) for office, at in pairs))
    made.sync()
    for one in workers:
        one.close()
    assert verify_node(made.centre).problems == []
    with made.centre.database.read() as db:
        assert db.value("SELECT count(*) FROM conflict") == 25
        assert waiting(made.centre) == 0
    assert [made.seen("0380", one) for one in reports] == [made.seen("0381", one) for one in reports]


def test_what_one_worker_judges_is_left_to_it_and_the_others_are_not(made: Province, monkeypatch: Any) -> None:
    for office in ("0380", "0381"):
        made.record(office)
    monkeypatch.setattr(receive, "drain_inbox", lambda *found, **more: 0)
    made.sync()
    monkeypatch.undo()
    other = worker(made.centre)
    with made.centre.database.transaction() as db:
        assert postgres.is_judging(db, db.value("SELECT min(node_no) FROM inbox_segment"))
        assert receive.drain_inbox(other) == 1
    assert (waiting(other), receive.drain_inbox(other), waiting(other)) == (1, 1, 0)
    other.close()


def test_a_code_that_two_computers_of_an_office_claim_at_once_is_given_once(
    tmp_path: Path, made: Province, monkeypatch: Any
) -> None:
    monkeypatch.setattr(tracking_code, "RANDOM_MAX", 40)
    second = make_node(tmp_path / "second", "office", "0380", SetClock())
    bind(made.centre, second)
    for office in (made.offices["0380"], second):
        for _ in range(20):
            record_report(office, made.actor("0380"), make_line("0380"))
    workers = [worker(made.centre), worker(made.centre)]
    links = zip((made.offices["0380"], second), workers, strict=True)
    together(*(lambda office=office, at=at: reconcile(office, InProcess(at)) for office, at in links))
    with made.centre.database.read() as db:
        assert db.one("SELECT count(*), count(DISTINCT tracking_code) FROM report") == (40, 40)
        assert db.value("SELECT count(*) FROM code_alias") > 0
    for one in (second, *workers):
        one.close()
    assert verify_node(made.centre).problems == []


def test_a_draft_sent_to_two_workers_becomes_one_report(made: Province) -> None:
    workers = [worker(made.centre) for _ in range(4)]
    line = make_line("1022")
    acts = [lambda at=at: record_report(at, made.actor("1022"), line, draft="d1") for at in workers]
    done = together(*acts)
    assert len({one.id for one in done}) == 1
    assert sorted(one.known for one in done) == [False, True, True, True]
    for one in workers:
        one.close()


def test_the_centres_own_journal_has_no_gap_however_many_write_it(made: Province) -> None:
    workers = [worker(made.centre) for _ in range(4)]

    def record_some(at: Node) -> None:
        for _ in range(10):
            record_report(at, made.actor("1022"), make_line("1022"))

    together(*(lambda at=at: record_some(at) for at in workers))
    for one in workers:
        one.close()
    found = verify_node(made.centre)
    assert (found.problems, found.counts["events"]) == ([], 40)


def test_two_transactions_in_each_others_way_are_both_done(made: Province) -> None:
    tries: list[str] = []
    meet = threading.Barrier(2)

    def lock(first: int, second: int) -> None:
        with made.centre.database.transaction() as db:
            tries.append("try")
            db.run("SELECT pg_advisory_xact_lock(?)", first)
            if len(tries) <= 2:
                meet.wait(SECONDS)
            db.run("SELECT pg_advisory_xact_lock(?)", second)

    again = made.centre.database.again
    together(lambda: again(lambda: lock(1, 2)), lambda: again(lambda: lock(2, 1)))
    assert len(tries) == 3


def test_what_is_in_each_others_way_for_ever_ends_with_a_refusal(made: Province) -> None:
    def busy() -> None:
        raise Contended("database_busy")

    with pytest.raises(NoDatabase, match="database_busy"):
        made.centre.database.again(busy)


OTHERS = (
    "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def end_connections(centre: Node) -> None:
    """What a restart of the server does to everybody who is connected."""
    killer = worker(centre)
    with killer.database.read() as db:
        db.all(OTHERS)
    killer.close()


def test_a_server_that_was_restarted_is_found_again(made: Province) -> None:
    made.record("1022")
    end_connections(made.centre)
    assert made.record("1022").known is False


def break_in_the_middle(centre: Node) -> None:
    with centre.database.transaction() as db:
        db.run("UPDATE feed_counter SET value = 77777")
        end_connections(centre)
        db.value("SELECT 1")


def test_a_connection_that_breaks_saves_nothing_and_says_so(made: Province) -> None:
    with pytest.raises(NoDatabase, match="database_away"):
        break_in_the_middle(made.centre)
    with made.centre.database.read() as db:
        assert db.value("SELECT value FROM feed_counter") != 77777


def test_a_connection_that_breaks_at_the_commit_says_that_nobody_knows(made: Province) -> None:
    address = str(made.centre.settings.database_url)
    probed = open_database(address, probe=lambda moment: end_connections(made.centre) if "before" in moment else None)
    with pytest.raises(NoDatabase, match="database_lost_at_commit"), probed.transaction() as db:
        db.run("UPDATE feed_counter SET value = value")
    probed.close()


def test_two_workers_store_for_one_node_one_after_the_other(made: Province) -> None:
    made.record("0380")
    other = worker(made.centre)
    with ThreadPoolExecutor(1) as pool:
        with made.centre.database.transaction() as db:
            nodes.hold(db, db.value("SELECT no FROM node WHERE office = '0380'"))
            sent = pool.submit(reconcile, made.offices["0380"], InProcess(other))
            wait_until_blocked(other.database, sent.done)
            assert not sent.done()
        assert sent.result(SECONDS).sent == 1
    other.close()
