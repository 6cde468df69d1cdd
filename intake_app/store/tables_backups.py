"""The tables of backups: what was made, where it lies, how far each life of a node is in it; what waits after a restore."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, SmallInteger, Table, Text

from intake_app.store.tables import Int, key_column, metadata

backup = Table(
    "backup",
    metadata,
    key_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("made_ms", Int, nullable=False),
    Column("verified_ms", Int),  # null where the copy did not fit together
    Column("problem", Text),
    Column("scheduled", SmallInteger, nullable=False, server_default="0"),  # only these are rotated
    Column("seq", Int, nullable=False),
    Column("bytes", Int, nullable=False),
    Column("sha256", Text, nullable=False),
)
backup_file = Table(
    "backup_file",
    metadata,
    Column("backup_no", Int, primary_key=True),
    Column("folder", Text, primary_key=True),
    Column("off_machine", SmallInteger, nullable=False),
    Column("gone_ms", Int),
)
backup_life = Table(
    "backup_life",
    metadata,
    Column("backup_no", Int, primary_key=True),
    Column("node", LargeBinary, primary_key=True),
    Column("incarnation", LargeBinary, primary_key=True),
    Column("ack", Int, nullable=False),
)
drill = Table(
    "drill",
    metadata,
    key_column(),
    Column("at_ms", Int, nullable=False),
    Column("name", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("ok", SmallInteger, nullable=False),
    Column("problem", Text),
    Column("millis", Int, nullable=False),
)
own_waiting = Table(
    "own_waiting",
    metadata,
    Column("event", LargeBinary, primary_key=True),
    Column("entity", LargeBinary, nullable=False, index=True),
)
