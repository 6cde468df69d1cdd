"""A reader that polls while others commit misses nothing (invariant 13), and the test would notice if it did.

The feed's number is taken from one row, which stays locked until its taker has committed: who takes a later number
commits later. A sequence gives numbers out without a lock, and what commits late stands below the reader's cursor.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from intake_app.store import feed
from intake_app.store.database import Database, Db, open_database
from tests.postgres import postgres_address, shared_server, wait_until_blocked

WRITERS, TRANSACTIONS, ROWS = 8, 15, 5
Take = Callable[[Db, int], int]


@pytest.fixture
def database() -> Iterator[Database]:
    """An empty centre's database on a real server."""
    address = postgres_address()
    made = open_database(address, durable=False)
    with made.transaction() as db:
        db.run("INSERT INTO feed_counter (id, value) VALUES (1, 0)")
        db.run("CREATE SEQUENCE planted")
    yield made
    made.close()
    shared_server().drop(address)


def from_a_sequence(db: Db, count: int) -> int:
    """What must not be done."""
    return min(row[0] for row in db.all("SELECT nextval('planted') FROM generate_series(1, ?)", count))


def write(database: Database, take: Take, entities: range, before_commit: Callable[[], object] = bool) -> None:
    with database.transaction() as db:
        first = take(db, len(entities))
        rows = [(entity, first + at) for at, entity in enumerate(entities)]
        db.many("INSERT INTO feed (scope_no, entity_no, feed_seq) VALUES (1, ?, ?)", rows)
        before_commit()


class Reader:
    """Somebody who reads on from where it was, as a node does."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.cursor = 0
        self.seen: set[int] = set()

    def poll(self) -> None:
        with self.database.read() as db:
            rows = db.all("SELECT feed_seq, entity_no FROM feed WHERE scope_no = 1 AND feed_seq > ?", self.cursor)
        self.seen.update(row[1] for row in rows)
        self.cursor = max([self.cursor, *(row[0] for row in rows)])


def missed_by_a_reader(database: Database, take: Take) -> set[int]:
    """The first writer stalls with its number before it commits, the second would commit meanwhile, a reader polls."""
    taken, go, reader = threading.Event(), threading.Event(), Reader(database)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(write, database, take, range(1, 2), lambda: (taken.set(), go.wait(20)))
        assert taken.wait(20)
        second = pool.submit(write, database, take, range(2, 3))
        wait_until_blocked(database, second.done)
        reader.poll()
        go.set()
        first.result()
        second.result()
    reader.poll()
    return {1, 2} - reader.seen


def test_who_commits_late_is_not_passed_over(database: Database) -> None:
    assert missed_by_a_reader(database, feed.take_numbers) == set()


def test_a_sequence_would_lose_who_commits_late(database: Database) -> None:
    assert missed_by_a_reader(database, from_a_sequence) == {1}


def test_eight_writers_and_a_polling_reader_lose_nothing(database: Database) -> None:
    reader, entities = Reader(database), WRITERS * TRANSACTIONS * ROWS

    def work(writer: int) -> None:
        for at in range(TRANSACTIONS):
            start = (writer * TRANSACTIONS + at) * ROWS
            write(database, feed.take_numbers, range(start, start + ROWS))

    with ThreadPoolExecutor(WRITERS) as pool:
        running = [pool.submit(work, writer) for writer in range(WRITERS)]
        while not all(one.done() for one in running):
            reader.poll()
    reader.poll()
    assert [one.result() for one in running] == [None] * WRITERS
    assert reader.seen == set(range(entities))


def test_a_scope_that_is_being_granted_gets_what_changes_meanwhile(database: Database) -> None:
    granted, go = threading.Event(), threading.Event()

    def grant() -> None:
        with database.transaction() as db:
            feed.open_scopes(db, ["unit:x"])
            granted.set()
            go.wait(20)

    def change() -> None:
        with database.transaction() as db:
            feed.publish(db, [feed.Change(7, bytes(16), None, 1, frozenset(), frozenset({"unit:x"}))])

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(grant)
        assert granted.wait(20)
        second = pool.submit(change)
        wait_until_blocked(database, second.done)
        go.set()
        first.result()
        second.result()
    with database.read() as db:
        assert db.value("SELECT entity_no FROM feed") == 7
