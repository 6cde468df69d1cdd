"""Telephone numbers of agencies and who is on duty, each with the days in which it holds; kept on this computer."""

from __future__ import annotations

from dataclasses import dataclass

from intake_app.store.database import Db


@dataclass(frozen=True)
class Contact:
    """One number: of an agency known by its code, or of a place in words."""

    duty: bool
    agency: str
    place: str
    name: str
    phone: str
    note: str
    first_day: str
    last_day: str | None
    no: int = 0


_SELECT = "SELECT duty, agency, place, name, phone, note, first_day, last_day, no FROM contact WHERE removed_ms IS NULL"


def holding_on(db: Db, day: str) -> list[Contact]:
    """What holds on a day."""
    return _found(db, "first_day <= ? AND (last_day IS NULL OR last_day >= ?)", day, day)


def coming_after(db: Db, day: str) -> list[Contact]:
    """What holds only later, the next first."""
    return _found(db, "first_day > ?", day)


def _found(db: Db, where: str, *args: str) -> list[Contact]:
    rows = db.all(f"{_SELECT} AND {where} ORDER BY first_day, no", *args)
    return [Contact(bool(row[0]), *row[1:]) for row in rows]


def add(db: Db, new: Contact, person: bytes, now_ms: int) -> None:
    """Keep a number."""
    db.run(
        "INSERT INTO contact (duty, agency, place, name, phone, note, first_day, last_day, added_ms, added_by)"
        " VALUES (?,?,?,?,?,?,?,?,?,?)",
        int(new.duty), new.agency, new.place, new.name, new.phone, new.note, new.first_day, new.last_day, now_ms, person,
    )  # fmt: skip


def remove(db: Db, no: int, now_ms: int) -> None:
    """Take a number away; the row stays, so that it can be told who was on duty."""
    db.run("UPDATE contact SET removed_ms = ? WHERE no = ? AND removed_ms IS NULL", now_ms, no)
