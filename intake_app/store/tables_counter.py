"""The tables of the counter: prints, calls without a case, who waits, telephone numbers, codes on blank forms.

They stay on this machine; nothing of them is sent.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, SmallInteger, Table, Text, UniqueConstraint, text

from intake_app.store.tables import Int, entity, key_column, metadata

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
idle_call = Table(
    "idle_call",
    metadata,
    key_column(),
    Column("at_ms", Int, nullable=False),
    Column("day", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("person", LargeBinary, nullable=False),
    Column("key", Text, nullable=False, unique=True),  # of the button that was pressed: pressed twice it counts once
    Column("undone_ms", Int),
    Index("idle_call_day", "day"),
    Index("idle_call_at", "at_ms"),
)
# Hand-overs are entities like reports, a few a day among a hundred thousand: only they stand in this index.
Index("entity_shift", entity.c.no, sqlite_where=text("type = 'shift'"), postgresql_where=text("type = 'shift'"))
waiting_person = Table(
    "waiting_person",
    metadata,
    key_column(),
    Column("day", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("words", Text, nullable=False, server_default=""),
    Column("key", Text, nullable=False, unique=True),
    Column("at_ms", Int, nullable=False),
    Column("called_ms", Int),
    Column("called_by", LargeBinary),
    Column("done_ms", Int),
    UniqueConstraint("day", "number"),
)
contact = Table(
    "contact",
    metadata,
    key_column(),
    Column("duty", SmallInteger, nullable=False),  # of whoever is on duty, else a standing number
    Column("agency", Text, nullable=False, server_default=""),
    Column("place", Text, nullable=False, server_default=""),
    Column("name", Text, nullable=False, server_default=""),
    Column("phone", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("first_day", Text, nullable=False),
    Column("last_day", Text),
    Column("added_ms", Int, nullable=False),
    Column("added_by", LargeBinary, nullable=False),
    Column("removed_ms", Int),
)
reserved_code = Table(
    "reserved_code",
    metadata,
    Column("code", Text, primary_key=True),
    Column("batch", Text, nullable=False, index=True),
    Column("made_ms", Int, nullable=False),
    Column("made_by", LargeBinary, nullable=False),
    Column("used_ms", Int),
    Column("report", LargeBinary),
    Column("spoiled_ms", Int),
)
