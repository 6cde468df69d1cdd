"""The table of the answer library: a narrow row per article for lists, made from its state."""

from __future__ import annotations

from sqlalchemy import Column, SmallInteger, Table, Text

from intake_app.store.tables import Int, metadata

article = Table(
    "article",
    metadata,
    Column("no", Int, primary_key=True, autoincrement=False),  # the entity's
    Column("folded", Text, nullable=False),  # the question, for the order of the list
    Column("topics", Text, nullable=False),  # each with a space before and after it
    Column("area", Text, nullable=False),  # empty: the whole province
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text, nullable=False),  # empty: until further notice
    Column("retired", SmallInteger, nullable=False),
    Column("sample", SmallInteger, nullable=False),
    Column("at_ms", Int, nullable=False),
)
