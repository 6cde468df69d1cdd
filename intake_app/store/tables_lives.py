"""The tables of lives: at a node the lives of its database, at the centre retired keys and what revoked nodes pushed."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, SmallInteger, Table, Text, UniqueConstraint

from intake_app.store.tables import Int, key_column, metadata

life = Table(
    "life",
    metadata,
    Column("life", Int, primary_key=True),
    Column("incarnation", LargeBinary, nullable=False, unique=True),
    Column("began_ms", Int, nullable=False),
    Column("reason", Text, nullable=False),  # made, rolled_back, fork, machine_changed, gap, new_epoch
    Column("after_incarnation", LargeBinary),  # the life it goes on from, the last event that both sides had, its hash
    Column("after_seq", Int),
    Column("after_hash", LargeBinary),
    Column("missing", Int),  # events that the side file knew of and the database lacked
    Column("again", Integer, nullable=False, server_default="0"),  # events journalled again
    Column("fetched", Integer, nullable=False, server_default="0"),  # states that came until it was reconciled
    Column("told_ms", Int),  # when the centre had heard of it
    Column("reconciled_ms", Int),
)
node_key = Table(
    "node_key",
    metadata,
    key_column(),
    Column("node_no", Int, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("retired_ms", Int, nullable=False),
    UniqueConstraint("node_no", "public_key"),
)
kept_apart = Table(
    "kept_apart",
    metadata,
    key_column(),
    Column("node_no", Int, nullable=False),
    Column("incarnation", LargeBinary, nullable=False),
    Column("first_seq", Int, nullable=False),
    Column("last_seq", Int, nullable=False),
    Column("before", LargeBinary, nullable=False),
    Column("tip", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("codec", SmallInteger, nullable=False),
    Column("raw_length", Int, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Column("carrier", Text, nullable=False),
    Column("received_ms", Int, nullable=False),
    Column("clock_offset_ms", Int),
    Column("let_in_ms", Int),
    UniqueConstraint("node_no", "incarnation", "tip"),
    Index("kept_apart_node", "node_no", "incarnation", "first_seq"),
)
