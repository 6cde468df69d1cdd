"""The tables of a desk's own: half-typed reports and how somebody likes to work. Never journalled, never sent anywhere."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, SmallInteger, Table, Text

from intake_app.store.tables import Int, key_column, metadata

draft = Table(
    "draft",
    metadata,
    key_column(),
    Column("key", Text, nullable=False, unique=True),  # the report's double-submit key once it is recorded
    Column("person", LargeBinary, nullable=False),
    Column("turn", Int, nullable=False),  # of the page's savings: an older one that arrives late changes nothing
    Column("fields", Text, nullable=False),
    Column("began_ms", Int, nullable=False),
    Column("saved_ms", Int, nullable=False),
    Column("discarded_ms", Int),
    Column("given_by", LargeBinary),  # whose it was, where an ended account's draft went to a colleague
    Index("draft_person", "person", "saved_ms"),
)
preference = Table(
    "preference",
    metadata,
    Column("person", LargeBinary, primary_key=True),
    Column("keys_off", SmallInteger, nullable=False, server_default="0"),
)
half_typed = Table(
    "half_typed",
    metadata,
    Column("person", LargeBinary, primary_key=True),
    Column("page", Text, primary_key=True),  # the address of the form
    Column("fields", Text, nullable=False),
    Column("saved_ms", Int, nullable=False),
    Index("half_typed_saved", "saved_ms"),
)
