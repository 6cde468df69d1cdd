"""The tables of figures at the centre: counts kept ready, bulletins as they were issued, exports that were asked for."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, SmallInteger, Table, Text, UniqueConstraint

from intake_app.store.tables import Int, key_column, metadata

tally = Table(  # how many reports received in a day, month or year stand how, by one thing about them; made from `report`
    "tally",
    metadata,
    Column("axis", Text, primary_key=True),
    Column("span", Text, primary_key=True),  # d2021-12-05, m2021-12, y2021
    Column("key", Text, primary_key=True),
    Column("timeliness", Text, primary_key=True),
    Column("n", Int, nullable=False),
    sqlite_with_rowid=False,
)
tally_mark = Table(
    "tally_mark",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("event_no", Int, nullable=False),  # all of inbox_event up to here has been looked at
    Column("looked_ms", Int, nullable=False),  # deadlines that passed before this have been looked at
    Column("counted_ms", Int),  # the counts are of this moment; null until the first count is whole
)
tally_dirty = Table(  # days since 1970 in the province that are to be counted anew
    "tally_dirty", metadata, Column("day", Int, primary_key=True, autoincrement=False)
)
bulletin = Table(
    "bulletin",
    metadata,
    key_column(),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("first_day", Text, nullable=False),
    Column("last_day", Text, nullable=False),
    Column("issued_ms", Int, nullable=False),
    Column("issued_by", LargeBinary, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("last_no", Int, nullable=False),  # reports with a higher number had not arrived
    Column("content", Text, nullable=False),
    UniqueConstraint("year", "number"),
    Index("bulletin_kind", "kind", "first_day"),
)
export = Table(
    "export",
    metadata,
    key_column(),
    Column("asked_ms", Int, nullable=False),
    Column("asked_by", LargeBinary, nullable=False),
    Column("asker", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("first_day", Text),
    Column("last_day", Text),
    Column("state", Text, nullable=False),  # waiting, running, done, failed, ended, removed
    Column("starts", Integer, nullable=False, server_default="0"),
    Column("total", Int),
    Column("done", Int, nullable=False, server_default="0"),
    Column("told_ms", Int),  # when the process that makes it last said so
    Column("ended_ms", Int),
    Column("file", Text),
    Column("bytes", Int),
    Column("problem", Text),
)
