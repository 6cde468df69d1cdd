"""The tables of every node. Integer keys inside, 16-byte ids at the border: random keys dirty a page per index."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()
# For an index over few rows and the queries that use it, which only happens where both say the very same. Comparisons, for
# SQLite makes a list of three anew for every row that is written: 6 µs each.
IS_REFUSED = "(verdict = 'held' OR verdict = 'quarantined' OR verdict = 'denied')"
IS_OF_PERSON = "(kind = 'person.added' OR kind = 'person.changed' OR kind = 'person.ended')"
Int = BigInteger().with_variant(Integer, "sqlite")  # INTEGER PRIMARY KEY is the rowid only under that very name


def key_column() -> Column[int]:
    return Column("no", Int, primary_key=True)


# ── this installation ────────────────────────────────────────────────────────────────────────────────────────────────
self_node = Table(
    "self_node",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("role", Text, nullable=False),
    Column("node", LargeBinary, nullable=False),
    Column("office", Text, nullable=False),
    Column("life", Int, nullable=False),
    Column("incarnation", LargeBinary, nullable=False),
    Column("seq", Int, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column(
        "epoch", LargeBinary, nullable=False
    ),  # at the centre: of its versions; at a node: the centre's that it knows
    Column("fingerprint", LargeBinary, nullable=False),
    Column("created_ms", Int, nullable=False),
)
upstream = Table(
    "upstream",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("url", Text, nullable=False),
    Column("central", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("acked", Int, nullable=False, server_default="0"),
    Column("judged", Int, nullable=False, server_default="0"),
    Column("settled", Int, nullable=False, server_default="0"),
    Column("safe", Int, nullable=False, server_default="0"),  # up to here the centre has it in two verified backups
    Column("renewing", SmallInteger, nullable=False, server_default="0"),  # until all is of the centre's new epoch
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("next_try_ms", Int, nullable=False, server_default="0"),
    Column("last_try_ms", Int),
    Column("last_contact_ms", Int),
    Column("last_error", Text),
    Column("clock_offset_ms", Int),
    Column("bytes_per_second", Int),
    Column("segment_target", Int),
    Column("alarm", Text),
    Column("run_total", Int),  # of the run that is under way and has more to send than one exchange takes
    Column("run_at_ms", Int),
)
journal = Table(
    "journal",
    metadata,
    key_column(),
    Column("life", Int, nullable=False),
    Column("seq", Int, nullable=False),
    Column("event", LargeBinary, nullable=False),
    Column("entity_no", Int, nullable=False),
    Column("kind", Text, nullable=False),
    Column("header", LargeBinary, nullable=False),
    Column("open", LargeBinary, nullable=False),
    Column("private", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("verdict", Text),
    Column("code", Text),
    Column("params", Text),
    Column("settled_by", LargeBinary),  # of a refused one: the repair or dismissal that takes its place
    UniqueConstraint("life", "seq"),
    Index("journal_entity", "entity_no"),
    Index(
        "journal_refused",
        "entity_no",
        sqlite_where=text(IS_REFUSED),
        postgresql_where=text(IS_REFUSED),
    ),
    # What waits for a verdict is little beside all that ever was. SQLite takes this index where a query bounds seq as well.
    Index(
        "journal_pending",
        "entity_no",
        "seq",
        sqlite_where=text("verdict IS NULL"),
        postgresql_where=text("verdict IS NULL"),
    ),
    # A recorded report's event is found by its entity; only the others need an index of their own.
    Index(
        "journal_event",
        "event",
        sqlite_where=text("kind <> 'report.recorded'"),
        postgresql_where=text("kind <> 'report.recorded'"),
    ),
)
audit = Table(
    "audit",
    metadata,
    key_column(),
    Column("at_ms", Int, nullable=False),
    Column("person", LargeBinary),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("details", Text, nullable=False, server_default="{}"),
    Index("audit_at", "at_ms"),
    Index("audit_person", "person"),
    Index("audit_subject", "subject"),
    Index("audit_action", "action"),
)
broken_promise = Table(
    "broken_promise", metadata, key_column(), Column("at_ms", Int, nullable=False), Column("what", Text, nullable=False)
)

# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────
account = Table(
    "account",
    metadata,
    key_column(),
    Column("person", LargeBinary, nullable=False, unique=True),
    Column("username", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("agency", Text, nullable=False, server_default=""),
    Column("active", SmallInteger, nullable=False, server_default="1"),
    Column("created_ms", Int, nullable=False),
)
login_failure = Table(
    "login_failure",
    metadata,
    key_column(),
    Column("who", Text, nullable=False),
    Column("at_ms", Int, nullable=False),
    Index("login_failure_who", "who", "at_ms"),
)

# ── what is known ────────────────────────────────────────────────────────────────────────────────────────────────────
entity = Table(
    "entity",
    metadata,
    key_column(),
    Column("id", LargeBinary, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("version", Int),  # null until the centre confirmed
    Column("state", LargeBinary),  # confirmed, canonical bytes
    Column("view", LargeBinary),  # confirmed with pending laid over it; null where that is the same
    Column("sole", Int),  # at the centre: the node that alone wrote it, so that an echo is enough
    Index("entity_person", "no", sqlite_where=text("type = 'person'"), postgresql_where=text("type = 'person'")),
)
report = Table(
    "report",
    metadata,
    Column("no", Int, ForeignKey("entity.no"), primary_key=True),
    Column("tracking_code", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("officer", LargeBinary, nullable=False),
    Column("unit", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("lead_agency", Text),
    Column("deadline", Text),  # of what is open and whose clock runs
    Column("received_ms", Int, nullable=False),
    Column("summary", Text, nullable=False),
    Column("phone_tail", Text),
    Column("source_id", Text),
    Column("own_seq", Int, nullable=False, server_default="0"),  # this node's last event about it, in its present life
    Column("conflicts", Integer, nullable=False, server_default="0"),
    Column("refused", Integer, nullable=False, server_default="0"),
    Column("told", SmallInteger, nullable=False, server_default="0"),
    Column("soon", Text),  # from when on the deadline is near; like the deadline none while the clock stands still
    Column("clock", Text, nullable=False, server_default="none"),  # running, paused, on_time, late, none
    Column("tell", Text),  # when somebody has to be told of the deadline next
    Column("reminded", SmallInteger, nullable=False, server_default="0"),  # how far somebody was told
    Column("urged", SmallInteger, nullable=False, server_default="0"),  # a dispatcher has asked for it
    Column("publicity", Text),  # public, waiting, withdrawn; nothing of this for most
    Column("publicity_ms", Int),  # since when
    Index("report_code", "tracking_code"),
    Index("report_received", "received_ms", "no"),
    Index("report_unit", "unit", "received_ms"),
    Index("report_status", "status", "received_ms"),
    Index("report_own_seq", "own_seq"),
    Index(
        "report_agency",
        "lead_agency",
        "received_ms",
        sqlite_where=text("lead_agency IS NOT NULL"),
        postgresql_where=text("lead_agency IS NOT NULL"),
    ),
    Index(
        "report_source",
        "source_id",
        sqlite_where=text("source_id IS NOT NULL"),
        postgresql_where=text("source_id IS NOT NULL"),
    ),
    Index(
        "report_urgent",
        "own_seq",
        sqlite_where=text("urgency <> 'normal'"),
        postgresql_where=text("urgency <> 'normal'"),
    ),
    Index("report_topic", "topic", "received_ms"),
    Index(
        "report_attention",
        "received_ms",
        "no",
        sqlite_where=text("conflicts > 0 OR refused > 0"),
        postgresql_where=text("conflicts > 0 OR refused > 0"),
    ),
)
code_alias = Table(
    "code_alias",
    metadata,
    Column("code", Text, primary_key=True),
    Column("entity_no", Int, primary_key=True),
)
conflict = Table(
    "conflict",
    metadata,
    Column("id", Text, primary_key=True),
    Column("entity_no", Int, nullable=False),
    Column("field", Text, nullable=False),
    Column("at_ms", Int, nullable=False),
    Index("conflict_entity", "entity_no"),
)

# ── at a node: what it holds of the centre ───────────────────────────────────────────────────────────────────────────
scope_cursor = Table(
    "scope_cursor",
    metadata,
    key_column(),
    Column("scope", Text, nullable=False, unique=True),
    Column("position", Int, nullable=False, server_default="0"),
    Column("granted", SmallInteger, nullable=False, server_default="1"),
    Column(
        "anew", SmallInteger, nullable=False, server_default="1"
    ),  # read from the beginning, the end not reached yet
    Column("entities", Int, nullable=False, server_default="0"),  # with `digest`: what is held of it (sync.digest)
    Column("digest", Int, nullable=False, server_default="0"),
    Column("counted_ms", Int),  # when the digest was last made anew from the rows, by the centre's clock
    Column("resynced_ms", Int),  # when it last differed from the centre's and the scope was read again
)
held_row = Table(
    "held_row",
    metadata,
    Column("scope_no", Int, primary_key=True),
    Column("entity_no", Int, primary_key=True),
    Column("feed_seq", Int, nullable=False),
    Column("removed", SmallInteger, nullable=False, server_default="0"),
    Index("held_row_entity", "entity_no"),
    sqlite_with_rowid=False,
)
moved_report = Table(  # a stub of what has left this node: found by its code, and where it is now
    "moved_report",
    metadata,
    Column("code", Text, primary_key=True),
    Column("entity_no", Int, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("agency", Text),
    Index("moved_report_entity", "entity_no"),
)
wanted = Table("wanted", metadata, Column("entity", LargeBinary, primary_key=True))
sync_try = Table(
    "sync_try",
    metadata,
    key_column(),
    Column("at_ms", Int, nullable=False),
    Column("ok", SmallInteger, nullable=False),
    Column("error", Text),
    Column("sent", Integer, nullable=False),
    Column("received", Integer, nullable=False),
    Column("bytes_up", Int, nullable=False),
    Column("bytes_down", Int, nullable=False),
    Column("millis", Int, nullable=False),
)
