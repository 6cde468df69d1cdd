"""The tables of the counter: what was printed. They stay on this machine; nothing of them is sent."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, SmallInteger, Table, Text, UniqueConstraint

from intake_app.store.tables import Int, key_column, metadata

paper_print = Table(
    "paper_print",
    metadata,
    key_column(),
    Column("report", LargeBinary, nullable=False),
    Column("paper", Text, nullable=False),
    Column("copy", Integer, nullable=False),  # 1 is the original, the others are reprints
    Column("key", Text, nullable=False, unique=True),  # of the form that asked: sent twice it counts once
    Column("at_ms", Int, nullable=False),
    Column("person", LargeBinary, nullable=False),
    Column("revealed", SmallInteger, nullable=False, server_default="0"),  # a secret identity stands on it
    UniqueConstraint("report", "paper", "copy"),
)
