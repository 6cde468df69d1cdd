"""One database and its transactions. The only place that commits.

SQLite: writers take `BEGIN IMMEDIATE` and one lock in this process: with its defaults a read-modify-write loses updates
silently, and sixteen competing writers wait 1.3 s at the 99th percentile. PostgreSQL (a centre's): writers run side by
side and lock the rows they rest on. On both, readers see one snapshot and block nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Engine, MetaData, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from intake_app.store import bulk, postgres
from intake_app.store.straight import Rows, Straight
from sync.errors import Contended

BUSY_MILLIS = 30_000  # a command beside a running server waits for its turn
CACHE_KIB = 6_144  # of each connection: a server has several in use at once, and the system keeps the file in memory too
AUTOCHECKPOINT_PAGES = 4_000
STREAM_ROWS = 1_000

TRIES = 5  # of a transaction that the database broke off for another's sake

Row = Any
Probe = Callable[[str], None]
Done = TypeVar("Done")


class Db:
    """A connection inside a transaction; `?` marks a parameter on every database."""

    def __init__(self, connection: Connection, writable: bool, memory: dict[str, Any]) -> None:
        self._connection = connection
        self.memory = memory  # what this process may keep of this database; whoever keeps something says for how long it holds
        self.postgres = connection.dialect.name == "postgresql"
        self._straight = None if self.postgres else Straight(connection)
        self.writable = writable
        # What a writer reads and then rests on; SQLite's one writer has locked everything already.
        self.for_update = " FOR UPDATE" if self.postgres else ""
        self._after: list[Callable[[], None]] = []

    def _execute(self, sql: str, args: tuple[Any, ...], **options: Any) -> CursorResult[Any] | Rows:
        if self._straight is not None:
            return self._straight.run(sql, args)
        spelling = bulk.spelled(sql)
        return self._connection.exec_driver_sql(
            spelling.sql, spelling.arguments(args), execution_options=options or None
        )

    def run(self, sql: str, *args: Any) -> int:
        """Run a statement and return how many rows it touched."""
        return self._execute(sql, args).rowcount

    def many(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run a statement once a row."""
        if self._straight is not None:
            if rows:
                self._straight.many(sql, rows)
            return
        into = bulk.bulk_of(sql)
        if into is not None and not into.tail and len(rows) >= bulk.ROWS_MIN:
            bulk.copy_rows(self._connection, into, rows)
        elif rows:
            spelling = bulk.spelled(sql)
            self._connection.exec_driver_sql(spelling.sql, [spelling.arguments(row) for row in rows])

    def merge(self, sql: str, rows: Sequence[tuple[Any, ...]], metadata: MetaData) -> None:
        """Run an INSERT … ON CONFLICT once a row, where no two rows have the same key."""
        into = bulk.bulk_of(sql) if self.postgres else None
        if into is None or len(rows) < bulk.ROWS_MIN:
            self.many(sql, rows)
        else:
            self._connection.exec_driver_sql(bulk.unnested(metadata, into), tuple(map(list, zip(*rows, strict=True))))

    def one(self, sql: str, *args: Any) -> Row | None:
        """The first row, or None."""
        return self._execute(sql, args).first()

    def all(self, sql: str, *args: Any) -> Sequence[Row]:
        """Every row."""
        return self._execute(sql, args).all()

    def value(self, sql: str, *args: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.one(sql, *args)
        return None if row is None else row[0]

    def stream(self, sql: str, *args: Any) -> Iterator[Row]:
        """Rows one after the other, in flat memory."""
        options = {"stream_results": True, "max_row_buffer": STREAM_ROWS} if self.postgres else {}
        yield from self._execute(sql, args, **options)

    def copied_out(self, query: str, types: Sequence[str]) -> Iterator[Row]:
        """Every row of a query of PostgreSQL, as quick as it can be and in flat memory."""
        return bulk.rows_copied_out(self._connection, query, types)

    def copied_in(self, into: bulk.Bulk, rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows into a table of PostgreSQL as one stream."""
        bulk.copy_rows(self._connection, into, rows)

    def by_key(self) -> None:
        """Look everything up by its key until this transaction ends.

        PostgreSQL reads a table whole that it believes to be small: one that nobody has counted since it was empty, as in the
        first minutes of a new centre, or after a plan was made then. Asking for fifty codes took 4 ms instead of 0.2.
        """
        if self.postgres:
            self.run("SET LOCAL enable_seqscan = off")

    def next_numbers(self, table: str, count: int) -> Sequence[int]:
        """Numbers for new rows of a table, rising, that no other writer is given."""
        if self.postgres:
            taken = self.all(f"SELECT nextval('{table}_no_seq') FROM generate_series(1, ?)", count)
            return [row[0] for row in taken]
        first = (self.value(f"SELECT max(no) FROM {table}") or 0) + 1  # the last page of the table; nobody else writes
        return range(first, first + count)

    def has_table(self, name: str) -> bool:
        """Whether there is a table of this name."""
        return inspect(self._connection).has_table(name)

    def make_tables(self, metadata: MetaData) -> None:
        """Make the tables that are not there, as part of this transaction."""
        metadata.create_all(self._connection)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the transaction that is undone alone when it breaks."""
        self.run("SAVEPOINT part")
        try:
            yield
        except Exception:  # whatever ends the program undoes the whole transaction anyway
            self.run("ROLLBACK TO SAVEPOINT part")
            self.run("RELEASE SAVEPOINT part")
            raise
        self.run("RELEASE SAVEPOINT part")

    def after_commit(self, act: Callable[[], None]) -> None:
        """Do this once the transaction is durable, before the next writer starts."""
        self._after.append(act)

    def settle(self) -> None:
        """Run what was to be done after the commit."""
        for act in self._after:
            act()


class Database:
    """An engine and its transactions; `probe` is told of every durable moment (the simulator kills there)."""

    def __init__(self, engine: Engine, probe: Probe = lambda moment: None) -> None:
        self.engine = engine
        self.probe = probe
        self.postgres = engine.dialect.name == "postgresql"
        self._writer = nullcontext() if self.postgres else threading.RLock()
        self._begin = "BEGIN" if self.postgres else "BEGIN IMMEDIATE"
        self._begin_reading = postgres.BEGIN_READING if self.postgres else "BEGIN"
        self._telling = self._told if self.postgres else nullcontext
        self._inside = threading.local()
        self.memory: dict[str, Any] = {}

    @contextmanager
    def transaction(self) -> Iterator[Db]:
        """One writer's transaction: all of it is durable when the block ends, or none of it happened.

        Raises NoDatabase where the database went away, Contended where it broke this one off for another's sake.
        """
        if getattr(self._inside, "open", False):
            raise RuntimeError("a transaction is open already: actions do not call actions inside one")
        with self._writer, self._telling(), self.engine.connect() as connection:
            self._inside.open = True
            try:
                connection.exec_driver_sql(self._begin)
                db = Db(connection, True, self.memory)
                yield db
                self.probe("before commit")
                self._commit(connection)
            except BaseException:
                _roll_back(connection)
                raise
            finally:
                self._inside.open = False
            self.probe("after commit")
            db.settle()

    def _commit(self, connection: Connection) -> None:
        try:
            connection.exec_driver_sql("COMMIT")
        except DBAPIError as problem:
            # Nobody knows whether the server had done it when the line broke: "not saved" might be a lie.
            if self.postgres and postgres.went_away(problem):
                raise postgres.lost_at_commit() from problem
            raise
        connection.commit()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What a server says when it is gone or in trouble, as a refusal with a sentence."""
        try:
            yield
        except DBAPIError as problem:
            if told := postgres.refusal_of(problem):
                raise told from problem
            raise

    @contextmanager
    def read(self) -> Iterator[Db]:
        """One reader's snapshot."""
        with self._telling(), self.engine.connect() as connection:
            connection.exec_driver_sql(self._begin_reading)
            try:
                yield Db(connection, False, self.memory)
            finally:
                _roll_back(connection)

    def again(self, act: Callable[[], Done]) -> Done:
        """Do what is one transaction, and do it again where the database broke it off for another's sake."""
        for _ in range(TRIES - 1):
            try:
                return act()
            except Contended:
                continue
        return act()

    def close(self) -> None:
        """Fold the write-ahead log into the file and let go of it."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self.engine.dispose()


def _roll_back(connection: Connection) -> None:
    if connection.closed or connection.invalidated:
        return
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "postgresql":
        # A server that is gone has rolled back already; why it went is what the caller is about to be told.
        with suppress(DBAPIError):
            connection.exec_driver_sql("ROLLBACK")
    elif driver is not None and driver.in_transaction:
        connection.exec_driver_sql("ROLLBACK")
    connection.rollback()


def engine_options(url: str) -> dict[str, Any]:
    """What every engine of ours is made with: transactions are begun by hand, connections are few and shared."""
    options = {"poolclass": QueuePool, "pool_size": 12, "max_overflow": 8, "pool_use_lifo": True}
    # A file is always there; a server may have been restarted since the connection was last used.
    remote = url.startswith("postgresql")
    return options | {"pool_pre_ping": remote} | ({"connect_args": postgres.CONNECT} if remote else {})


def prepare(engine: Engine, durable: bool = True) -> Engine:
    """Teach an engine the rules of this file; `durable=False` is for simulated disks only."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", postgres.prepared_by(durable))
    else:
        event.listen(engine, "connect", _pragmas(durable))
    return engine


def _pragmas(durable: bool) -> Callable[[Any, Any], None]:
    pragmas = (
        "journal_mode=WAL",
        f"synchronous={'FULL' if durable else 'OFF'}",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLIS}",
        f"cache_size=-{CACHE_KIB}",
        f"wal_autocheckpoint={AUTOCHECKPOINT_PAGES}",
        "temp_store=MEMORY",
    )

    def prepare_connection(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return prepare_connection


def open_database(url: str, *, durable: bool = True, probe: Probe = lambda moment: None) -> Database:
    """The database at an address such as `sqlite:////folder/intake.db` or `postgresql+psycopg://…`."""
    with postgres.driver_needed():
        engine = create_engine(url, **engine_options(url))
    return Database(prepare(engine, durable), probe)
