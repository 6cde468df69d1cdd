"""What stands in an office's books: its reports of a period, oldest first, with their whole states."""

from __future__ import annotations

from typing import NamedTuple

from intake_app.store.database import Db
from intake_app.store.entities import State, load_numbers

ROWS_MAX = 3000  # some hundred pages of paper; a longer period is printed in parts


class Entry(NamedTuple):
    """One line of a book."""

    id: bytes
    state: State


def entries(db: Db, office: str, from_ms: int, to_ms: int, channel: str | None = None) -> list[Entry]:
    """The reports an office received in a period, at most ROWS_MAX and one more, which says that there are others."""
    only, args = (" AND channel = ?", (channel,)) if channel else ("", ())
    numbers = [
        row[0]
        for row in db.all(
            f"SELECT no FROM report WHERE office = ? AND received_ms >= ? AND received_ms < ?{only}"
            f" ORDER BY received_ms, no LIMIT {ROWS_MAX + 1}",
            office, from_ms, to_ms, *args,
        )
    ]  # fmt: skip
    found = load_numbers(db, numbers)
    return [Entry(found[no].id, state) for no in numbers if (state := found[no].seen) is not None]
