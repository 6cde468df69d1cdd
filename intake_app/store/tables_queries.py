"""The table of what the centre sent back to the office that recorded it: a row for each query, made from the report's state."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text, text

from intake_app.store.tables import Int, metadata

query = Table(
    "query",
    metadata,
    Column("id", Text, primary_key=True),
    Column("entity_no", Int, nullable=False),
    Column("office", Text, nullable=False),  # which recorded the report
    Column("at_ms", Int, nullable=False),
    Column("settled_ms", Int),
    Column("how", Text),
    Index("query_entity", "entity_no"),
    Index("query_open", "at_ms", sqlite_where=text("settled_ms IS NULL"), postgresql_where=text("settled_ms IS NULL")),
    Index("query_settled", "settled_ms"),
)
