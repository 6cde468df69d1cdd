"""The first schema. Written out: what stands here never changes, whatever becomes of the tables in the code."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # INTEGER PRIMARY KEY is the rowid only under that very name


IS_REFUSED = "(verdict = 'held' OR verdict = 'quarantined' OR verdict = 'denied')"
IS_OWED = "(deadline IS NOT NULL)"
IS_OF_PERSON = "(kind = 'person.added' OR kind = 'person.changed' OR kind = 'person.ended')"


def _where(clause: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(clause), "postgresql_where": sa.text(clause)}


def upgrade() -> None:
    """Make every table, index and the search table."""
    _installation()
    _people()
    _known()
    _held()
    _central_nodes()
    _central_inbox()
    _central_feed()
    _lives()
    _backups()
    _search()
    _desk()
    _counter()
    _lists()
    _articles()
    _deadlines()
    _queries()
    _dispatch()
    _figures()
    _reference()
    _publicity()


def _backups() -> None:
    """Backups: what was made, where it lies, how far each node is in it, and the test restores."""
    op.create_table(
        "backup",
        sa.Column("no", INT, primary_key=True),
        sa.Column("name", sa.Text(), nullable=False, unique=True),
        sa.Column("made_ms", INT, nullable=False),
        sa.Column("verified_ms", INT),
        sa.Column("problem", sa.Text()),
        sa.Column("scheduled", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("seq", INT, nullable=False),
        sa.Column("bytes", INT, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
    )
    op.create_table(
        "backup_file",
        sa.Column("backup_no", INT, primary_key=True),
        sa.Column("folder", sa.Text(), primary_key=True),
        sa.Column("off_machine", sa.SmallInteger(), nullable=False),
        sa.Column("gone_ms", INT),
    )
    op.create_table(
        "backup_life",
        sa.Column("backup_no", INT, primary_key=True),
        sa.Column("node", sa.LargeBinary(), primary_key=True),
        sa.Column("incarnation", sa.LargeBinary(), primary_key=True),
        sa.Column("ack", INT, nullable=False),
    )
    op.create_table(
        "drill",
        sa.Column("no", INT, primary_key=True),
        sa.Column("at_ms", INT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("ok", sa.SmallInteger(), nullable=False),
        sa.Column("problem", sa.Text()),
        sa.Column("millis", INT, nullable=False),
    )
    op.create_table(
        "own_waiting",
        sa.Column("event", sa.LargeBinary(), primary_key=True),
        sa.Column("entity", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_own_waiting_entity", "own_waiting", ["entity"])


def _search() -> None:
    """The search entries: contentless FTS5 on SQLite, a tsvector a report on PostgreSQL."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE report_search (no BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX report_search_words ON report_search USING gin (words)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE report_search USING fts5(words, content='', detail=none,"
        ' tokenize="unicode61 remove_diacritics 0")'
    )
    op.execute("INSERT INTO report_search (report_search, rank) VALUES ('automerge', 16), ('crisismerge', 32)")


def _installation() -> None:
    """This installation: who it is, its centre, its journal."""
    op.create_table(
        "self_node",
        sa.Column("id", sa.SmallInteger(), primary_key=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("node", sa.LargeBinary(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("life", INT, nullable=False),
        sa.Column("incarnation", sa.LargeBinary(), nullable=False),
        sa.Column("seq", INT, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("created_ms", INT, nullable=False),
    )
    op.create_table(
        "upstream",
        sa.Column("id", sa.SmallInteger(), primary_key=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("central", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("acked", INT, nullable=False, server_default="0"),
        sa.Column("judged", INT, nullable=False, server_default="0"),
        sa.Column("settled", INT, nullable=False, server_default="0"),
        sa.Column("safe", INT, nullable=False, server_default="0"),
        sa.Column("renewing", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_try_ms", INT, nullable=False, server_default="0"),
        sa.Column("last_try_ms", INT),
        sa.Column("last_contact_ms", INT),
        sa.Column("last_error", sa.Text()),
        sa.Column("clock_offset_ms", INT),
        sa.Column("bytes_per_second", INT),
        sa.Column("segment_target", INT),
        sa.Column("alarm", sa.Text()),
        sa.Column("run_total", INT),
        sa.Column("run_at_ms", INT),
    )
    op.create_table(
        "journal",
        sa.Column("no", INT, primary_key=True),
        sa.Column("life", INT, nullable=False),
        sa.Column("seq", INT, nullable=False),
        sa.Column("event", sa.LargeBinary(), nullable=False),
        sa.Column("entity_no", INT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("open", sa.LargeBinary(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("verdict", sa.Text()),
        sa.Column("code", sa.Text()),
        sa.Column("params", sa.Text()),
        sa.Column("settled_by", sa.LargeBinary()),
        sa.UniqueConstraint("life", "seq"),
    )
    op.create_index("journal_entity", "journal", ["entity_no"])
    op.create_index("journal_event", "journal", ["event"], **_where("kind <> 'report.recorded'"))
    op.create_index("journal_pending", "journal", ["entity_no", "seq"], **_where("verdict IS NULL"))
    op.create_index("journal_refused", "journal", ["entity_no"], **_where(IS_REFUSED))
    op.create_table(
        "audit",
        sa.Column("no", INT, primary_key=True),
        sa.Column("at_ms", INT, nullable=False),
        sa.Column("person", sa.LargeBinary()),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False, server_default="{}"),
    )
    op.create_table(
        "broken_promise",
        sa.Column("no", INT, primary_key=True),
        sa.Column("at_ms", INT, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
    )


def _people() -> None:
    """People who sign in here."""
    op.create_table(
        "account",
        sa.Column("no", INT, primary_key=True),
        sa.Column("person", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("username", sa.Text(), nullable=False, unique=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False, server_default=""),
        sa.Column("active", sa.SmallInteger(), nullable=False, server_default="1"),
        sa.Column("created_ms", INT, nullable=False),
    )
    op.create_table(
        "login_failure",
        sa.Column("no", INT, primary_key=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at_ms", INT, nullable=False),
    )
    op.create_index("login_failure_who", "login_failure", ["who", "at_ms"])


def _known() -> None:
    """What is known: entities, and what lists read."""
    op.create_table(
        "entity",
        sa.Column("no", INT, primary_key=True),
        sa.Column("id", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("version", INT),
        sa.Column("state", sa.LargeBinary()),
        sa.Column("view", sa.LargeBinary()),
        sa.Column("sole", INT),
    )
    op.create_table(
        "report",
        sa.Column("no", INT, sa.ForeignKey("entity.no"), primary_key=True),
        sa.Column("tracking_code", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("officer", sa.LargeBinary(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("lead_agency", sa.Text()),
        sa.Column("deadline", sa.Text()),
        sa.Column("received_ms", INT, nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("phone_tail", sa.Text()),
        sa.Column("source_id", sa.Text()),
        sa.Column("own_seq", INT, nullable=False, server_default="0"),
        sa.Column("conflicts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("refused", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("told", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("soon", sa.Text()),
        sa.Column("clock", sa.Text(), nullable=False, server_default="none"),
        sa.Column("tell", sa.Text()),
        sa.Column("reminded", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("urged", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("publicity", sa.Text()),
        sa.Column("publicity_ms", INT),
    )
    op.create_index("report_agency", "report", ["lead_agency", "received_ms"], **_where("lead_agency IS NOT NULL"))
    op.create_index("report_attention", "report", ["received_ms", "no"], **_where("conflicts > 0 OR refused > 0"))
    op.create_index("report_code", "report", ["tracking_code"])
    op.create_index("report_own_seq", "report", ["own_seq"])
    op.create_index("report_received", "report", ["received_ms", "no"])
    op.create_index("report_source", "report", ["source_id"], **_where("source_id IS NOT NULL"))
    op.create_index("report_status", "report", ["status", "received_ms"])
    op.create_index("report_topic", "report", ["topic", "received_ms"])
    op.create_index("report_unit", "report", ["unit", "received_ms"])
    op.create_index("report_urgent", "report", ["own_seq"], **_where("urgency <> 'normal'"))
    op.create_table(
        "code_alias",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("entity_no", INT, primary_key=True),
    )
    op.create_table(
        "conflict",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("entity_no", INT, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("at_ms", INT, nullable=False),
    )
    op.create_index("conflict_entity", "conflict", ["entity_no"])


def _held() -> None:
    """At a node: what it holds of the centre."""
    op.create_table(
        "scope_cursor",
        sa.Column("no", INT, primary_key=True),
        sa.Column("scope", sa.Text(), nullable=False, unique=True),
        sa.Column("position", INT, nullable=False, server_default="0"),
        sa.Column("granted", sa.SmallInteger(), nullable=False, server_default="1"),
        sa.Column("anew", sa.SmallInteger(), nullable=False, server_default="1"),
        sa.Column("entities", INT, nullable=False, server_default="0"),
        sa.Column("digest", INT, nullable=False, server_default="0"),
        sa.Column("counted_ms", INT),
        sa.Column("resynced_ms", INT),
    )
    op.create_table(
        "held_row",
        sa.Column("scope_no", INT, primary_key=True),
        sa.Column("entity_no", INT, primary_key=True),
        sa.Column("feed_seq", INT, nullable=False),
        sa.Column("removed", sa.SmallInteger(), nullable=False, server_default="0"),
        sqlite_with_rowid=False,
    )
    op.create_index("held_row_entity", "held_row", ["entity_no"])
    op.create_table(
        "moved_report",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("entity_no", INT, primary_key=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text()),
    )
    op.create_index("moved_report_entity", "moved_report", ["entity_no"])
    op.create_table(
        "wanted",
        sa.Column("entity", sa.LargeBinary(), primary_key=True),
    )
    op.create_table(
        "sync_try",
        sa.Column("no", INT, primary_key=True),
        sa.Column("at_ms", INT, nullable=False),
        sa.Column("ok", sa.SmallInteger(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("bytes_up", INT, nullable=False),
        sa.Column("bytes_down", INT, nullable=False),
        sa.Column("millis", INT, nullable=False),
    )


def _central_nodes() -> None:
    """At the centre: the nodes and the codes that bind them."""
    op.create_table(
        "node",
        sa.Column("no", INT, primary_key=True),
        sa.Column("id", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("enrolled_ms", INT, nullable=False),
        sa.Column("last_seen_ms", INT),
        sa.Column("revoked_ms", INT),
        sa.Column("unsent", INT),
        sa.Column("oldest_ms", INT),
        sa.Column("disk_free_mb", INT),
        sa.Column("version", sa.Text()),
        sa.Column("clock_offset_ms", INT),
        sa.Column("alarm", sa.Text()),
        sa.Column("alarm_ms", INT),
        sa.Column("incarnation", sa.LargeBinary()),
        sa.Column("told", INT, nullable=False, server_default="0"),
    )
    op.create_table(
        "node_grant",
        sa.Column("node_no", INT, primary_key=True),
        sa.Column("scope", sa.Text(), primary_key=True),
    )
    op.create_table(
        "node_life",
        sa.Column("node_no", INT, primary_key=True),
        sa.Column("incarnation", sa.LargeBinary(), primary_key=True),
        sa.Column("ack", INT, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("judged", INT, nullable=False, server_default="0"),
        sa.Column("began_ms", INT),
        sa.Column("after_incarnation", sa.LargeBinary()),
        sa.Column("after_seq", INT),
        sa.Column("after_hash", sa.LargeBinary()),
        sa.Column("reason", sa.Text()),
        sa.Column("hole", INT, nullable=False, server_default="0"),
    )
    op.create_table(
        "enrollment_code",
        sa.Column("no", INT, primary_key=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("made_ms", INT, nullable=False),
        sa.Column("made_by", sa.LargeBinary()),
        sa.Column("expires_ms", INT, nullable=False),
        sa.Column("used_ms", INT),
        sa.Column("used_by", sa.LargeBinary()),
        sa.Column("revoked_ms", INT),
    )


def _central_inbox() -> None:
    """At the centre: what came in."""
    op.create_table(
        "inbox_segment",
        sa.Column("no", INT, primary_key=True),
        sa.Column("node_no", INT, nullable=False),
        sa.Column("incarnation", sa.LargeBinary(), nullable=False),
        sa.Column("first_seq", INT, nullable=False),
        sa.Column("last_seq", INT, nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("tip", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("codec", sa.SmallInteger(), nullable=False),
        sa.Column("raw_length", INT, nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("ahead", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("received_ms", INT, nullable=False),
        sa.Column("clock_offset_ms", INT),
        sa.Column("applied_ms", INT),
        sa.Column("counts", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("attention", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("looked_ms", INT),
        sa.Column("looked_by", sa.LargeBinary()),
        sa.Column("repeats", INT, nullable=False, server_default="0"),
        sa.Column("repeated_ms", INT),
    )
    op.create_index("inbox_segment_seq", "inbox_segment", ["node_no", "incarnation", "last_seq"])
    op.create_index("inbox_segment_todo", "inbox_segment", ["no"], **_where("applied_ms IS NULL"))
    op.create_index(
        "inbox_segment_attention", "inbox_segment", ["no"], **_where("(attention = 1 AND looked_ms IS NULL)")
    )
    op.create_index("inbox_segment_received", "inbox_segment", ["received_ms"])
    op.create_table(
        "inbox_event",
        sa.Column("no", INT, primary_key=True),
        sa.Column("event", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("segment_no", INT),
        sa.Column("seq", INT, nullable=False),
        sa.Column("node_no", INT, nullable=False),
        sa.Column("entity_no", INT),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("params", sa.Text()),
        sa.Column("replaces", sa.LargeBinary()),
        sa.Column("settled_by", sa.LargeBinary()),
    )
    op.create_index(
        "inbox_event_person",
        "inbox_event",
        ["entity_no"],
        **_where(IS_OF_PERSON),
    )
    op.create_index(
        "inbox_event_refused",
        "inbox_event",
        ["node_no", "entity_no"],
        **_where(IS_REFUSED),
    )
    op.create_index("inbox_event_segment", "inbox_event", ["segment_no", "seq"])


def _central_feed() -> None:
    """At the centre: what goes out."""
    op.create_table(
        "scope",
        sa.Column("no", INT, primary_key=True),
        sa.Column("name", sa.Text(), nullable=False, unique=True),
        sa.Column("entities", INT, nullable=False, server_default="0"),
        sa.Column("digest", INT, nullable=False, server_default="0"),
        sa.Column("fill_from", INT),
        sa.Column("purged", INT, nullable=False, server_default="0"),
    )
    op.create_table(
        "feed_counter",
        sa.Column("id", sa.SmallInteger(), primary_key=True),
        sa.Column("value", INT, nullable=False),
    )
    op.create_table(
        "feed",
        sa.Column("scope_no", INT, primary_key=True),
        sa.Column("entity_no", INT, primary_key=True),
        sa.Column("feed_seq", INT, nullable=False),
        sa.Column("removed", sa.SmallInteger(), nullable=False, server_default="0"),
        sqlite_with_rowid=False,
    )
    op.create_index("feed_seq", "feed", ["scope_no", "feed_seq"])
    op.create_index("feed_removed", "feed", ["feed_seq"], **_where("removed = 1"))
    op.create_table(
        "feed_mark",
        sa.Column("no", INT, primary_key=True),
        sa.Column("at_ms", INT, nullable=False),
        sa.Column("value", INT, nullable=False),
    )
    op.create_table(
        "verdict_feed",
        sa.Column("no", INT, primary_key=True),
        sa.Column("node_no", INT, nullable=False),
        sa.Column("feed_seq", INT, nullable=False),
        sa.Column("event", sa.LargeBinary(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("params", sa.Text()),
        sa.Column("header", sa.LargeBinary()),
        sa.Column("open", sa.LargeBinary()),
        sa.Column("private", sa.LargeBinary()),
        sa.UniqueConstraint("node_no", "event"),
    )
    op.create_index("verdict_feed_seq", "verdict_feed", ["node_no", "feed_seq"])


def _lives() -> None:
    """The lives of this database; at the centre the retired keys of nodes and what revoked ones pushed."""
    op.create_table(
        "life",
        sa.Column("life", INT, primary_key=True),
        sa.Column("incarnation", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("began_ms", INT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("after_incarnation", sa.LargeBinary()),
        sa.Column("after_seq", INT),
        sa.Column("after_hash", sa.LargeBinary()),
        sa.Column("missing", INT),
        sa.Column("again", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("fetched", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("told_ms", INT),
        sa.Column("reconciled_ms", INT),
    )
    op.create_table(
        "node_key",
        sa.Column("no", INT, primary_key=True),
        sa.Column("node_no", INT, nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("retired_ms", INT, nullable=False),
        sa.UniqueConstraint("node_no", "public_key"),
    )
    op.create_table(
        "kept_apart",
        sa.Column("no", INT, primary_key=True),
        sa.Column("node_no", INT, nullable=False),
        sa.Column("incarnation", sa.LargeBinary(), nullable=False),
        sa.Column("first_seq", INT, nullable=False),
        sa.Column("last_seq", INT, nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("tip", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("codec", sa.SmallInteger(), nullable=False),
        sa.Column("raw_length", INT, nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("received_ms", INT, nullable=False),
        sa.Column("clock_offset_ms", INT),
        sa.Column("let_in_ms", INT),
        sa.UniqueConstraint("node_no", "incarnation", "tip"),
    )
    op.create_index("kept_apart_node", "kept_apart", ["node_no", "incarnation", "first_seq"])


def _desk() -> None:
    """What is a desk's own: half-typed reports, and how somebody likes to work."""
    op.create_table(
        "draft",
        sa.Column("no", INT, primary_key=True),
        sa.Column("key", sa.Text(), nullable=False, unique=True),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("turn", INT, nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("began_ms", INT, nullable=False),
        sa.Column("saved_ms", INT, nullable=False),
        sa.Column("discarded_ms", INT),
        sa.Column("given_by", sa.LargeBinary()),
    )
    op.create_index("draft_person", "draft", ["person", "saved_ms"])
    op.create_table(
        "preference",
        sa.Column("person", sa.LargeBinary(), primary_key=True),
        sa.Column("keys_off", sa.SmallInteger(), nullable=False, server_default="0"),
    )
    op.create_table(
        "half_typed",
        sa.Column("person", sa.LargeBinary(), primary_key=True),
        sa.Column("page", sa.Text(), primary_key=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("saved_ms", INT, nullable=False),
    )
    op.create_index("half_typed_saved", "half_typed", ["saved_ms"])


def _counter() -> None:
    """The counter of an office: prints, idle calls, hand-overs, who waits, telephone numbers, codes on blank forms."""
    op.create_table(
        "paper_print",
        sa.Column("no", INT, primary_key=True),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("copy", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, unique=True),
        sa.Column("at_ms", INT, nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("revealed", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.UniqueConstraint("report", "paper", "copy"),
    )
    op.create_table(
        "idle_call",
        sa.Column("no", INT, primary_key=True),
        sa.Column("at_ms", INT, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, unique=True),
        sa.Column("undone_ms", INT),
    )
    op.create_index("idle_call_day", "idle_call", ["day"])
    op.create_index("idle_call_at", "idle_call", ["at_ms"])
    op.create_index("entity_shift", "entity", ["no"], **_where("type = 'shift'"))
    op.create_table(
        "waiting_person",
        sa.Column("no", INT, primary_key=True),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False, server_default=""),
        sa.Column("key", sa.Text(), nullable=False, unique=True),
        sa.Column("at_ms", INT, nullable=False),
        sa.Column("called_ms", INT),
        sa.Column("called_by", sa.LargeBinary()),
        sa.Column("done_ms", INT),
        sa.UniqueConstraint("day", "number"),
    )
    op.create_table(
        "contact",
        sa.Column("no", INT, primary_key=True),
        sa.Column("duty", sa.SmallInteger(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False, server_default=""),
        sa.Column("place", sa.Text(), nullable=False, server_default=""),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Text()),
        sa.Column("added_ms", INT, nullable=False),
        sa.Column("added_by", sa.LargeBinary(), nullable=False),
        sa.Column("removed_ms", INT),
    )
    op.create_table(
        "reserved_code",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("made_ms", INT, nullable=False),
        sa.Column("made_by", sa.LargeBinary(), nullable=False),
        sa.Column("used_ms", INT),
        sa.Column("report", sa.LargeBinary()),
        sa.Column("spoiled_ms", INT),
    )
    op.create_index("ix_reserved_code_batch", "reserved_code", ["batch"])


def _lists() -> None:
    """Whom to call, and which reports point to which."""
    op.create_table(
        "callback",
        sa.Column("entity_no", INT, primary_key=True),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("due_ms", INT, nullable=False),
        sa.Column("planned", sa.SmallInteger(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
    )
    op.create_index("callback_due", "callback", ["due_ms", "entity_no"])
    op.create_index("callback_office", "callback", ["office", "due_ms", "entity_no"])
    op.create_table(
        "report_link",
        sa.Column("other", sa.LargeBinary(), primary_key=True),
        sa.Column("entity_no", INT, primary_key=True),
        sa.Column("relation", sa.Text(), primary_key=True),
    )
    op.create_index("report_link_entity", "report_link", ["entity_no"])
    op.create_index("journal_merged", "journal", ["no"], **_where("(verdict = 'merged')"))
    op.create_index(
        "report_due",
        "report",
        ["deadline", "no", "soon", "lead_agency", "reminded", "urged"],
        **_where(IS_OWED),
    )
    op.create_table(
        "report_support",
        sa.Column("agency", sa.Text(), primary_key=True),
        sa.Column("entity_no", INT, primary_key=True),
    )
    op.create_index("report_support_entity", "report_support", ["entity_no"])


def _articles() -> None:
    """The answer library: a row an article, and its words."""
    op.create_table(
        "article",
        sa.Column("no", INT, primary_key=True, autoincrement=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.Text(), nullable=False),
        sa.Column("retired", sa.SmallInteger(), nullable=False),
        sa.Column("sample", sa.SmallInteger(), nullable=False),
        sa.Column("at_ms", INT, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE article_search (no BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX article_search_words ON article_search USING gin (words)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE article_search USING fts5("
        'question, short, rest, pairs, more_pairs, tokenize="unicode61 remove_diacritics 0")'
    )


def _queries() -> None:
    """What the centre sent back, as tasks to list; who did what, by time, person and report."""
    op.create_table(
        "query",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("entity_no", INT, nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("at_ms", INT, nullable=False),
        sa.Column("settled_ms", INT),
        sa.Column("how", sa.Text()),
    )
    op.create_index("query_entity", "query", ["entity_no"])
    op.create_index("query_open", "query", ["at_ms"], **_where("settled_ms IS NULL"))
    op.create_index("query_settled", "query", ["settled_ms"])
    op.create_index("entity_person", "entity", ["no"], **_where("type = 'person'"))
    op.create_index("audit_at", "audit", ["at_ms"])
    op.create_index("audit_person", "audit", ["person"])
    op.create_index("audit_subject", "audit", ["subject"])
    op.create_index("audit_action", "audit", ["action"])


def _reference() -> None:
    """Units, offices, agencies and topics that the centre published."""
    op.create_table(
        "reference",
        sa.Column("no", INT, primary_key=True, autoincrement=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("at_ms", INT, nullable=False),
    )
    op.create_index("reference_code", "reference", ["type", "code"])
    op.create_table(
        "reference_mark",
        sa.Column("id", sa.SmallInteger(), primary_key=True),
        sa.Column("mark", INT, nullable=False),
    )


def _dispatch() -> None:
    """Routing rules, and what is known of reports at one machine only: in whose hands, seen, told apart."""
    op.create_table(
        "routing_rule",
        sa.Column("no", INT, primary_key=True, autoincrement=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.Text(), nullable=False),
        sa.Column("retired", sa.SmallInteger(), nullable=False),
        sa.Column("sample", sa.SmallInteger(), nullable=False),
        sa.Column("at_ms", INT, nullable=False),
    )
    op.create_table(
        "claim",
        sa.Column("report", sa.LargeBinary(), primary_key=True),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since_ms", INT, nullable=False),
        sa.Column("until_ms", INT, nullable=False),
        sa.Column("taken_from", sa.Text(), nullable=False, server_default=""),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
    )
    op.create_table(
        "urgent_seen",
        sa.Column("report", sa.LargeBinary(), primary_key=True),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at_ms", INT, nullable=False),
    )
    op.create_table(
        "told_apart",
        sa.Column("one", sa.LargeBinary(), primary_key=True),
        sa.Column("other", sa.LargeBinary(), primary_key=True),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("at_ms", INT, nullable=False),
    )
    waiting = "(urgency <> 'normal' AND (status = 'received' OR status = 'verifying'))"
    op.create_index("report_alert", "report", ["urgency", "received_ms"], **_where(waiting))


def _figures() -> None:
    """Counts kept ready, bulletins as they were issued, exports that were asked for."""
    op.create_table(
        "tally",
        sa.Column("axis", sa.Text(), primary_key=True),
        sa.Column("span", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("timeliness", sa.Text(), primary_key=True),
        sa.Column("n", INT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally_mark",
        sa.Column("id", sa.SmallInteger(), primary_key=True),
        sa.Column("event_no", INT, nullable=False),
        sa.Column("looked_ms", INT, nullable=False),
        sa.Column("counted_ms", INT),
    )
    op.create_table("tally_dirty", sa.Column("day", INT, primary_key=True, autoincrement=False))
    op.create_table(
        "bulletin",
        sa.Column("no", INT, primary_key=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Text(), nullable=False),
        sa.Column("issued_ms", INT, nullable=False),
        sa.Column("issued_by", sa.LargeBinary(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("last_no", INT, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.UniqueConstraint("year", "number"),
    )
    op.create_index("bulletin_kind", "bulletin", ["kind", "first_day"])
    op.create_table(
        "export",
        sa.Column("no", INT, primary_key=True),
        sa.Column("asked_ms", INT, nullable=False),
        sa.Column("asked_by", sa.LargeBinary(), nullable=False),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Text()),
        sa.Column("last_day", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("total", INT),
        sa.Column("done", INT, nullable=False, server_default="0"),
        sa.Column("told_ms", INT),
        sa.Column("ended_ms", INT),
        sa.Column("file", sa.Text()),
        sa.Column("bytes", INT),
        sa.Column("problem", sa.Text()),
    )


def _deadlines() -> None:
    """What the centre published about deadlines, and how far the list rows follow it."""
    op.create_table(
        "deadline_source",
        sa.Column("entity_no", INT, primary_key=True, autoincrement=False),
        sa.Column("type", sa.Text(), nullable=False),
    )
    op.create_table(
        "deadline_stamp",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("refreshed", sa.Text(), nullable=False),
        sa.Column("next_no", INT, nullable=False),
    )
    op.create_index("report_tell", "report", ["tell"], **_where("(tell IS NOT NULL)"))


def _publicity() -> None:
    """What is public: found by the list row, and by the words that are released."""
    columns = ["publicity", "publicity_ms", "no", "topic", "lead_agency"]
    op.create_index("report_publicity", "report", columns, **_where("(publicity IS NOT NULL)"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE public_search (no BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX public_search_words ON public_search USING gin (words)")
        return
    op.execute('CREATE VIRTUAL TABLE public_search USING fts5(words, tokenize="unicode61 remove_diacritics 0")')
