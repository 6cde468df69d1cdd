"""What is PostgreSQL's own: its addresses, its connections, and what it says when something is wrong.

Tables, statements and transactions are the same on both databases and stand elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, Table
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from sync.errors import Contended, IntakeError, NoDatabase, Refused

if TYPE_CHECKING:
    from intake_app.store.database import Db

SCHEMES = ("postgresql://", "postgresql+psycopg://")
CONNECT_SECONDS = 10
LOCK_SECONDS = 30  # as long as a command waits for its turn on SQLite
# Advisory locks are plain numbers; ours begin with the hotline's. JUDGING and CLAIMING go together with a second number.
MAKING, LEADING, JUDGING, CLAIMING = 10_220_001, 10_220_002, 10_220_003, 10_220_004
IDLE_SECONDS = 300  # a worker that hangs inside a transaction holds locks that everybody waits for
# A host that vanished without a word is noticed within a minute instead of the two hours of the system's own.
CONNECT = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "application_name": "intake",
    "client_encoding": "utf8",
}
_SETTINGS = (
    f"SET lock_timeout = '{LOCK_SECONDS}s'",
    f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'",
    "SET jit = off",  # our statements are short: compiling one takes longer than running it
    "SET client_min_messages = warning",
)
_BROKEN_OFF = frozenset({"40001", "40P01"})  # serialization failure, deadlock
_GONE = frozenset({"57P01", "57P02", "57P03", "53300", "25P03"})  # shut down, crashed, starting, full, idle too long
_CODES = {
    "55P03": "database_busy",
    "53100": "database_full",
    "42501": "database_forbids",
    "25006": "database_forbids",
}


# A statement that was asked five times is planned for no value in particular: a list of a status that hardly any report has was
# then walked from end to end, a second among a million. Pages are planned for what they ask each time, in tenths of a millisecond.
BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL plan_cache_mode = force_custom_plan"


def is_postgres(url: str) -> bool:
    """Whether an address is of this database."""
    return url.startswith(SCHEMES)


def with_driver(url: str) -> str:
    """The address as SQLAlchemy wants it: with the driver's name."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def prepared_by(durable: bool) -> Callable[[Any, Any], None]:
    """What is done with each new connection; `durable=False` is for simulated disks only."""
    settings = _SETTINGS if durable else (*_SETTINGS, "SET synchronous_commit = off")

    def prepare_connection(connection: Any, _record: Any) -> None:
        connection.autocommit = True  # we begin and commit by hand, as on SQLite
        connection.execute("; ".join(settings))

    return prepare_connection


@contextmanager
def alone(engine: Engine, lock: int) -> Iterator[None]:
    """Holds a lock of the whole database while the block runs; on SQLite nothing, for there a writer is alone anyway."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_lock(%s)", (lock,))
        try:
            yield
        finally:
            connection.exec_driver_sql("SELECT pg_advisory_unlock(%s)", (lock,))


@contextmanager
def driver_needed() -> Iterator[None]:
    """Says in words that the driver is missing: there is none for some computers."""
    try:
        yield
    except ModuleNotFoundError as problem:
        raise Refused("no_database_driver", module=str(problem.name)) from problem


def check_new(db: Db) -> None:
    """Look whether a database may be filled; two who find it empty at once take turns. Raises Refused."""
    encoding = db.value("SHOW server_encoding")
    if encoding != "UTF8":
        raise Refused("database_encoding", encoding=encoding)
    db.run("SELECT pg_advisory_xact_lock(?)", MAKING)


def holds_tables(db: Db) -> bool:
    """Whether there is any table, ours or somebody else's."""
    return bool(db.value("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"))


def go_on_counting(db: Db, table: Table) -> None:
    """Let the numbers of new rows go on after those that were put into a table with their numbers."""
    key = table.autoincrement_column
    sequence = key is not None and db.value("SELECT pg_get_serial_sequence(?, ?)", table.name, key.name)
    if key is not None and sequence:
        db.run(f"SELECT setval(?::regclass, max({key.name})) FROM {table.name} HAVING max({key.name}) > 0", sequence)


def note_origin(db: Db, digest: str) -> None:
    """Write down in the database itself which backup it was filled from; `digest` is in hexadecimal."""
    db.run(f"COMMENT ON TABLE self_node IS '{bytes.fromhex(digest).hex()}'")  # COMMENT takes no parameters


def origin_of(db: Db) -> str | None:
    """Which backup this database was filled from, or None."""
    found: str | None = db.value("SELECT obj_description(to_regclass('self_node'), 'pg_class')")
    return found


def is_judging(db: Db, origin: int) -> bool:
    """Whether this transaction is the one that judges an origin's segments; another worker's is left alone."""
    return bool(db.value("SELECT pg_try_advisory_xact_lock(?, ?)", JUDGING, origin))


def hold_codes(db: Db, offices: Iterable[str]) -> None:
    """Let no other worker claim a tracking code of these offices before this transaction ends.

    A lock for each code would be finer, but a segment has a thousand, and the server's table of locks a few thousand places.
    """
    for office in sorted({office for office in offices if len(office) == 4 and office.isascii() and office.isdigit()}):
        db.run("SELECT pg_advisory_xact_lock(?, ?)", CLAIMING, int(office))


def transactions(db: Db, table: str) -> tuple[int, int, int]:
    """The oldest transaction that has not ended, this one's number, and the last `no` given for a table.

    This one takes its number after that of the table was read: whoever was given a lower `no` began before it. (The end of a
    snapshot would not do: it is told by what has ended.)
    """
    given = int(db.value(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {table}_no_seq"))
    row = db.one("SELECT pg_snapshot_xmin(pg_current_snapshot())::text, pg_current_xact_id()::text")
    assert row is not None
    return int(row[0]), int(row[1]), given


def went_away(problem: DBAPIError) -> bool:
    """Whether the server is gone, or this connection to it."""
    state = getattr(problem.orig, "sqlstate", None)
    if state is None:
        return isinstance(problem, (OperationalError, InterfaceError))
    return problem.connection_invalidated or state in _GONE or state.startswith("08")


def refusal_of(problem: DBAPIError) -> IntakeError | None:
    """What a person is told of an error of the server; None for one that is our own mistake."""
    state = getattr(problem.orig, "sqlstate", None)
    if state in _BROKEN_OFF:
        return Contended("database_busy")
    if state in _CODES:
        return NoDatabase(_CODES[state], problem=_first_line(problem))
    return NoDatabase("database_away", problem=_first_line(problem)) if went_away(problem) else None


def lost_at_commit() -> NoDatabase:
    """The refusal of a save of which nobody knows whether it was done."""
    return NoDatabase("database_lost_at_commit")


def _first_line(problem: DBAPIError) -> str:
    # The server's own words name host, user and database; the password is never among them.
    lines = str(problem.orig).splitlines()
    return lines[0][:200] if lines else type(problem.orig).__name__
