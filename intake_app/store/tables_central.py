"""The tables that only the centre fills: nodes, codes, inbox, feed. They exist everywhere, so that there is one schema."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, SmallInteger, Table, Text, UniqueConstraint, text

from intake_app.store import tables_articles as tables_articles
from intake_app.store import tables_backups as tables_backups  # one schema: whoever knows these tables knows those
from intake_app.store import tables_counter as tables_counter  # one schema: whoever knows these tables knows those
from intake_app.store import tables_deadlines as tables_deadlines
from intake_app.store import tables_desk as tables_desk  # one schema: whoever knows these tables knows those
from intake_app.store import tables_dispatch as tables_dispatch  # one schema: whoever knows these tables knows those
from intake_app.store import tables_figures as tables_figures  # one schema: whoever knows these tables knows those
from intake_app.store import tables_lists as tables_lists  # one schema: whoever knows these tables knows those
from intake_app.store import tables_lives as tables_lives  # one schema: whoever knows these tables knows those
from intake_app.store import tables_queries as tables_queries  # one schema: whoever knows these tables knows those
from intake_app.store import tables_reference as tables_reference  # one schema: whoever knows these tables knows those
from intake_app.store.tables import IS_OF_PERSON, IS_REFUSED, Int, key_column, metadata

NEEDS_LOOK = "(attention = 1 AND looked_ms IS NULL)"

node = Table(
    "node",
    metadata,
    key_column(),
    Column("id", LargeBinary, nullable=False, unique=True),
    Column("office", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("enrolled_ms", Int, nullable=False),
    Column("last_seen_ms", Int),
    Column("revoked_ms", Int),
    Column("unsent", Int),
    Column("oldest_ms", Int),
    Column("disk_free_mb", Int),
    Column("version", Text),
    Column("clock_offset_ms", Int),
    Column("alarm", Text),
    Column("alarm_ms", Int),
    Column("incarnation", LargeBinary),  # its newest life
    Column("told", Int, nullable=False, server_default="0"),  # how far it has read its verdicts, by its own word
)
# Every scope a node was ever granted: whether it may write about a report is judged by what it held when it wrote.
node_grant = Table(
    "node_grant",
    metadata,
    Column("node_no", Int, primary_key=True),
    Column("scope", Text, primary_key=True),
)
node_life = Table(
    "node_life",
    metadata,
    Column("node_no", Int, primary_key=True),
    Column("incarnation", LargeBinary, primary_key=True),
    Column("ack", Int, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("judged", Int, nullable=False, server_default="0"),
    Column("began_ms", Int),  # when it was first heard of
    Column("after_incarnation", LargeBinary),  # the life it says it goes on from, as in `life` at the node
    Column("after_seq", Int),
    Column("after_hash", LargeBinary),
    Column("reason", Text),
    Column("hole", Int, nullable=False, server_default="0"),  # events before it that neither side has any more
)
enrollment_code = Table(
    "enrollment_code",
    metadata,
    key_column(),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("hint", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("office", Text, nullable=False),
    Column("units", Text, nullable=False),
    Column("made_ms", Int, nullable=False),
    Column("made_by", LargeBinary),
    Column("expires_ms", Int, nullable=False),
    Column("used_ms", Int),
    Column("used_by", LargeBinary),
    Column("revoked_ms", Int),
)
inbox_segment = Table(
    "inbox_segment",
    metadata,
    key_column(),
    Column("node_no", Int, nullable=False),
    Column("incarnation", LargeBinary, nullable=False),
    Column("first_seq", Int, nullable=False),
    Column("last_seq", Int, nullable=False),
    Column("before", LargeBinary, nullable=False),
    Column("tip", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("codec", SmallInteger, nullable=False),
    Column("raw_length", Int, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Column("ahead", SmallInteger, nullable=False, server_default="0"),  # urgent, arrived before its turn
    Column("carrier", Text, nullable=False),
    Column("received_ms", Int, nullable=False),
    Column("clock_offset_ms", Int),
    Column("applied_ms", Int),
    Column("counts", Text, nullable=False, server_default="{}"),
    Column("attention", SmallInteger, nullable=False, server_default="0"),
    Column("looked_ms", Int),  # when somebody saw to what needed attention, and who
    Column("looked_by", LargeBinary),
    Column("repeats", Int, nullable=False, server_default="0"),  # how often it came again, and when last
    Column("repeated_ms", Int),
    Index("inbox_segment_seq", "node_no", "incarnation", "last_seq"),
    Index(
        "inbox_segment_todo", "no", sqlite_where=text("applied_ms IS NULL"), postgresql_where=text("applied_ms IS NULL")
    ),
    Index("inbox_segment_attention", "no", sqlite_where=text(NEEDS_LOOK), postgresql_where=text(NEEDS_LOOK)),
    Index("inbox_segment_received", "received_ms"),
)
inbox_event = Table(
    "inbox_event",
    metadata,
    key_column(),  # the order of application
    Column("event", LargeBinary, nullable=False, unique=True),
    Column("payload", LargeBinary, nullable=False),
    Column("segment_no", Int),  # null for the centre's own events, whose bytes stand in its journal
    Column("seq", Int, nullable=False),
    Column("node_no", Int, nullable=False),
    Column("entity_no", Int),
    Column("kind", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("code", Text),
    Column("params", Text),
    Column("replaces", LargeBinary),  # of a repair: the first refused event of this matter
    Column("settled_by", LargeBinary),  # of a refused one: the repair or dismissal that took its place
    Index("inbox_event_segment", "segment_no", "seq"),
    Index(
        "inbox_event_refused",
        "node_no",
        "entity_no",
        sqlite_where=text(IS_REFUSED),
        postgresql_where=text(IS_REFUSED),
    ),
    # What a person was when something held back was written; no report recorded pays for this one.
    Index(
        "inbox_event_person",
        "entity_no",
        sqlite_where=text(IS_OF_PERSON),
        postgresql_where=text(IS_OF_PERSON),
    ),
)
scope = Table(
    "scope",
    metadata,
    key_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("entities", Int, nullable=False, server_default="0"),  # with `digest`: what lies in it (sync.digest)
    Column("digest", Int, nullable=False, server_default="0"),
    Column("fill_from", Int),  # entities from this number on are still to be looked at; null once it is filled
    Column("purged", Int, nullable=False, server_default="0"),  # up to here removed rows may have been purged
)
feed_counter = Table(
    "feed_counter", metadata, Column("id", SmallInteger, primary_key=True), Column("value", Int, nullable=False)
)
feed = Table(
    "feed",
    metadata,
    Column("scope_no", Int, primary_key=True),
    Column("entity_no", Int, primary_key=True),
    Column("feed_seq", Int, nullable=False),
    Column("removed", SmallInteger, nullable=False, server_default="0"),
    Index("feed_seq", "scope_no", "feed_seq"),
    Index("feed_removed", "feed_seq", sqlite_where=text("removed = 1"), postgresql_where=text("removed = 1")),
    sqlite_with_rowid=False,
)
feed_mark = Table(  # how far the feed had come, noted once a day: what is older than the horizon is told by it
    "feed_mark",
    metadata,
    key_column(),
    Column("at_ms", Int, nullable=False),
    Column("value", Int, nullable=False),
)
verdict_feed = Table(
    "verdict_feed",
    metadata,
    key_column(),
    Column("node_no", Int, nullable=False),
    Column("feed_seq", Int, nullable=False),
    Column("event", LargeBinary, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("code", Text),
    Column("params", Text),
    Column("header", LargeBinary),
    Column("open", LargeBinary),
    Column("private", LargeBinary),
    UniqueConstraint("node_no", "event"),
    Index("verdict_feed_seq", "node_no", "feed_seq"),
)
