"""The tables of deadlines: what the centre published about them, and how far the list rows follow it."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text, text

from intake_app.store.tables import Int, metadata, report

deadline_source = Table(  # calendars and rules: few among all that is known, and looked for by their type
    "deadline_source",
    metadata,
    Column("entity_no", Int, primary_key=True, autoincrement=False),
    Column("type", Text, nullable=False),
)
deadline_stamp = Table(
    "deadline_stamp",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("stamp", Text, nullable=False),  # of all that was published: the same content has the same
    Column("target", Text, nullable=False),  # what the rows are being brought up to
    Column("refreshed", Text, nullable=False),  # what all rows were brought up to
    Column("next_no", Int, nullable=False),  # rows from this one on follow the target already
)
IS_TO_TELL = "(tell IS NOT NULL)"
Index(
    "report_tell",
    report.c.tell,
    sqlite_where=text(IS_TO_TELL),
    postgresql_where=text(IS_TO_TELL),
)
