"""The head of an official paper: whose it is, where and when it was signed, its sign. Values in, values out.

Laid out after Nghị định 30/2020/NĐ-CP; a People's Committee has no body above it there, any other office has its agency.
"""

from __future__ import annotations

from dataclasses import dataclass

from intake_app.shown import local_time
from intake_app.store.directory import Directory, Office

COMMITTEE = "Ủy ban nhân dân"
SHORT = "UBND "


@dataclass(frozen=True)
class Letterhead:
    """What stands above every paper of an office."""

    above: str
    lines: tuple[str, ...]
    place: str
    sign: str  # of the office, as in 15/PC-UBND


def letterhead(directory: Directory, number: str) -> Letterhead:
    """The head of an office's papers."""
    office = directory.offices[number]
    place = _place(directory, office)
    if office.name.startswith(SHORT):
        lines = (COMMITTEE.upper(), office.name.removeprefix(SHORT).upper())
        return Letterhead("", lines, place, "UBND")
    agency = directory.agencies.get(office.agency or "")
    return Letterhead(
        agency.name.upper() if agency else "", (office.name.upper(),), place, agency.code if agency else ""
    )


def _place(directory: Directory, office: Office) -> str:
    """The name of the office's unit without its kind; a ward that is a number keeps it."""
    unit = directory.unit(office.unit)
    if unit is None:
        return ""
    bare = unit.name.removeprefix(unit.type).strip()
    return unit.name if not bare or bare.isdigit() else bare


def dated(at: int | str) -> dict[str, str]:
    """Day, month and year as an official paper writes them: days below ten and the first two months with a nought."""
    moment = local_time(at)
    month = f"{moment.month:02d}" if moment.month < 3 else str(moment.month)
    return {"day": f"{moment.day:02d}", "month": month, "year": str(moment.year)}
