"""The tables of dispatching: rows of routing rules, made from their states; and facts of this machine that are never sent.

Who has a report in hand, which urgent report somebody has seen, which two reports are not the same matter: all of it matters
only where several people look at one list.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, SmallInteger, Table, Text, text

from intake_app.store.tables import Int, metadata, report

# Every page of a dispatcher asks for these: few rows, and an index only over them. See IS_REFUSED on the comparisons.
IS_URGENT_WAITING = "(urgency <> 'normal' AND (status = 'received' OR status = 'verifying'))"

routing_rule = Table(
    "routing_rule",
    metadata,
    Column("no", Int, primary_key=True, autoincrement=False),  # the entity's
    Column("folded", Text, nullable=False),  # the name, for the order of the list
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text, nullable=False),  # empty: until further notice
    Column("retired", SmallInteger, nullable=False),
    Column("sample", SmallInteger, nullable=False),
    Column("at_ms", Int, nullable=False),
)
claim = Table(
    "claim",
    metadata,
    Column("report", LargeBinary, primary_key=True),
    Column("person", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("since_ms", Int, nullable=False),
    Column("until_ms", Int, nullable=False),
    Column("taken_from", Text, nullable=False, server_default=""),  # whose it was before it was taken over
    Column("note", Text, nullable=False, server_default=""),
)
urgent_seen = Table(
    "urgent_seen",
    metadata,
    Column("report", LargeBinary, primary_key=True),
    Column("person", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("at_ms", Int, nullable=False),
)
told_apart = Table(  # two reports of which somebody has said that they are not the same matter; the lesser id first
    "told_apart",
    metadata,
    Column("one", LargeBinary, primary_key=True),
    Column("other", LargeBinary, primary_key=True),
    Column("person", LargeBinary, nullable=False),
    Column("at_ms", Int, nullable=False),
)
Index(
    "report_alert",
    report.c.urgency,
    report.c.received_ms,
    sqlite_where=text(IS_URGENT_WAITING),
    postgresql_where=text(IS_URGENT_WAITING),
)
