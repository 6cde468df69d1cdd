"""Who waits at the counter today, by number. The next day begins with number 1, and yesterday's words are forgotten."""

from __future__ import annotations

from typing import NamedTuple

from intake_app.store.database import Db


class Waiting(NamedTuple):
    """Somebody who waits or is with an officer."""

    number: int
    words: str
    at_ms: int
    called_ms: int | None
    called_by: bytes | None


_SELECT = "SELECT number, words, at_ms, called_ms, called_by FROM waiting_person"


def queue_of(db: Db, day: str) -> list[Waiting]:
    """Everybody of a day who is not done, in the order of their numbers."""
    return [Waiting(*row) for row in db.all(f"{_SELECT} WHERE day = ? AND done_ms IS NULL ORDER BY number", day)]


def add(db: Db, day: str, words: str, key: str, at_ms: int) -> int:
    """Give somebody the next number of the day; the same key again gives the number of the first time."""
    known: int | None = db.value("SELECT number FROM waiting_person WHERE key = ?", key)
    if known:
        return known
    number = int(db.value("SELECT coalesce(max(number), 0) + 1 FROM waiting_person WHERE day = ?", day))
    db.run(
        "INSERT INTO waiting_person (day, number, words, key, at_ms) VALUES (?,?,?,?,?)", day, number, words, key, at_ms
    )
    return number


def call(db: Db, day: str, number: int, person: bytes, now_ms: int) -> int:
    """Note that somebody is called, unless a colleague has called or finished them; how many rows that was."""
    where = "day = ? AND number = ? AND done_ms IS NULL AND (called_by IS NULL OR called_by = ?)"
    if not db.one(f"SELECT 1 FROM waiting_person WHERE {where}", day, number, person):
        return 0
    db.run(f"UPDATE waiting_person SET called_ms = ?, called_by = ? WHERE {where}", now_ms, person, day, number, person)
    return 1


def finish(db: Db, day: str, number: int, now_ms: int) -> int:
    """Note that somebody is done or has gone; said again it stays as it was. How many people have that number."""
    if not db.one("SELECT 1 FROM waiting_person WHERE day = ? AND number = ?", day, number):
        return 0
    db.run("UPDATE waiting_person SET done_ms = ? WHERE day = ? AND number = ? AND done_ms IS NULL", now_ms, day, number)
    return 1


def forget_before(db: Db, day: str) -> None:
    """Drop what was written about people of earlier days."""
    db.run("DELETE FROM waiting_person WHERE day < ?", day)
