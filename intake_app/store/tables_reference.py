"""The tables of reference data that the centre published: a narrow row of each, made from its state; and the mark of them all."""

from __future__ import annotations

from sqlalchemy import Column, Index, SmallInteger, Table, Text

from intake_app.store.tables import Int, metadata

reference = Table(
    "reference",
    metadata,
    Column("no", Int, primary_key=True, autoincrement=False),  # the entity's
    Column("type", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("at_ms", Int, nullable=False),
    Index("reference_code", "type", "code"),
)
reference_mark = Table(  # one row: other contents have another mark, so that a process knows whether what it read still holds
    "reference_mark",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("mark", Int, nullable=False),
)
