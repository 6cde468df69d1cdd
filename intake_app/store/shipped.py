"""The reference data that the program brings along: intake_app/data, read once."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from intake_app.store.directory import Agency, Directory, Office, Question, Topic, Unit, assemble

DATA_FOLDER = Path(__file__).resolve().parent.parent / "data"


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read_units(folder: Path, structure: str, name: str) -> Iterator[Unit]:
    for row in _rows(folder, name):
        parent = f"{structure}:{row['parent_code']}" if row["parent_code"] else None
        lat, lon = (float(row[key]) if row[key] else None for key in ("lat", "lon"))
        yield Unit(f"{structure}:{row['code']}", row["name"], row["type"], row["level"], parent, lat, lon)


def _read_successors(folder: Path, old: str, new: str, name: str) -> dict[str, tuple[str, ...]]:
    """Gives for each old unit the new ones that took it over, the one to take when in doubt first."""
    found: dict[str, list[str]] = {}
    for row in sorted(_rows(folder, name), key=lambda row: row["is_default"], reverse=True):
        found.setdefault(f"{old}:{row['old_code']}", []).append(f"{new}:{row['new_code']}")
    return {code: tuple(targets) for code, targets in found.items()}


def _read_offices(folder: Path) -> Iterator[Office]:
    for row in _rows(folder, "offices.csv"):
        start, end = date.fromisoformat(row["valid_from"]), _day(row["valid_to"])
        yield Office(row["number"], row["name"], row["unit"], row["agency"] or None, start, end)


def _read_agencies(folder: Path) -> Iterator[Agency]:
    for row in _rows(folder, "agencies_2021.csv"):
        yield Agency(row["code"], row["name"], row["abbreviation"], row["level"], row["unit"] or None)


def _read_topics(folder: Path) -> Iterator[Topic]:
    asked = json.loads((folder / "topics.json").read_bytes())
    for row in _rows(folder, "topics_1022_2021.csv"):
        more = asked[row["code"]]
        questions = tuple(
            Question(each["code"], each["vi"], each["en"], each["type"], tuple(map(tuple, each.get("choices", ()))))
            for each in more["questions"]
        )
        group, names = int(row["group"]), (row["name"], more["name_en"], row["short_name"])
        yield Topic(row["code"], group, *names, more["version"], questions)


def _read_structures(folder: Path) -> tuple[dict[str, Unit], dict[str, tuple[str, ...]], list[tuple[date, str]]]:
    units: dict[str, Unit] = {}
    successors: dict[str, tuple[str, ...]] = {}
    starts: list[tuple[date, str]] = []
    for row in _rows(folder, "structures.csv"):
        structure = row["structure"]
        units |= {unit.code: unit for unit in _read_units(folder, structure, row["units"])}
        if row["changes"]:
            successors |= _read_successors(folder, starts[-1][1], structure, row["changes"])
        starts.append((_day(row["valid_from"]) or date.min, structure))
    return units, successors, starts


def load_directory(folder: Path = DATA_FOLDER) -> Directory:
    """Reads the reference data; the result may be shared by all threads."""
    units, successors, starts = _read_structures(folder)
    return assemble(units, _read_offices(folder), _read_agencies(folder), _read_topics(folder), successors, starts)
