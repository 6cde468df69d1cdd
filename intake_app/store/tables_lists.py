"""What pages of an office look up and no list row tells: whom to call, and which reports point to which. Made from states."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, SmallInteger, Table, Text, text

from intake_app.store.tables import Int, journal, metadata, report

# For an index over few rows and the queries that use it, which only happens where both say the very same.
IS_OWED = "(deadline IS NOT NULL)"  # of what has ended or stands still, the row tells no deadline
IS_MERGED = "(verdict = 'merged')"
IS_OF_PUBLICITY = "(publicity IS NOT NULL)"

callback = Table(  # somebody is to be called: an answer that was not told yet, or a next try that was set
    "callback",
    metadata,
    Column("entity_no", Int, primary_key=True),
    Column("office", Text, nullable=False),  # that recorded the report: it calls
    Column("due_ms", Int, nullable=False),
    Column("planned", SmallInteger, nullable=False),  # the time was set by whoever called last
    Column("tries", SmallInteger, nullable=False),
    Index("callback_due", "due_ms", "entity_no"),
    Index("callback_office", "office", "due_ms", "entity_no"),
)
report_link = Table(
    "report_link",
    metadata,
    Column("other", LargeBinary, primary_key=True),
    Column("entity_no", Int, primary_key=True),
    Column("relation", Text, primary_key=True),
    Index("report_link_entity", "entity_no"),
)
# What two people did alike is little beside all that ever was.
Index(
    "journal_merged",
    journal.c.no,
    sqlite_where=text(IS_MERGED),
    postgresql_where=text(IS_MERGED),
)
Index(
    "report_due",
    report.c.deadline,
    report.c.no,
    report.c.soon,
    report.c.lead_agency,
    report.c.reminded,
    report.c.urged,
    sqlite_where=text(IS_OWED),
    postgresql_where=text(IS_OWED),
)
report_support = Table(  # an agency helps with a report that another one leads
    "report_support",
    metadata,
    Column("agency", Text, primary_key=True),
    Column("entity_no", Int, primary_key=True),
    Index("report_support_entity", "entity_no"),
)
# Whatever the list of public reports is narrowed to stands in it: no row is looked at that is not shown.
Index(
    "report_publicity",
    report.c.publicity,
    report.c.publicity_ms,
    report.c.no,
    report.c.topic,
    report.c.lead_agency,
    sqlite_where=text(IS_OF_PUBLICITY),
    postgresql_where=text(IS_OF_PUBLICITY),
)
