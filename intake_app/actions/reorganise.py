"""A reorganisation of units: a new structure, its units and whose place each took, read from two tables, published at once."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from intake_app.actions.editions import may_publish
from intake_app.actions.enroll import fill_scopes
from intake_app.actions.making import make_event, write_all
from intake_app.actions.publish_reference import SERIES, problems_of
from intake_app.node import Actor, Node
from intake_app.store import journal
from intake_app.store.directory import Directory
from intake_app.store.overlay import overlaid
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text
from sync.reference import KEY, LEVELS, STRUCTURE, UNIT, id_of

UNITS_MAX = 5000
UNIT_COLUMNS = ("code", "name", "type", "level", "parent_code")
CHANGE_COLUMNS = ("old_code", "new_code")


@dataclass(frozen=True)
class Trouble:
    """What does not fit in a line of a table: "units" or "changes", the line as it is counted in the file, and what."""

    table: str
    line: int
    problem: Problem


@dataclass
class Reorganisation:
    """What would be published, what stands against it, and what a person should look at."""

    structure: dict[str, Any]
    units: list[dict[str, Any]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    levels: Counter[str] = field(default_factory=Counter)
    changes: int = 0
    left_over: list[str] = field(default_factory=list)  # communes of the structure before that nobody succeeds


def read_reorganisation(node: Node, structure: Mapping[str, Any], units: str, changes: str) -> Reorganisation:
    """Read both tables; raises InvalidFields where the structure itself or a table's head does not fit."""
    cleaned = {key: clean_text(str(value), multiline=False) for key, value in structure.items() if value}
    problems = problems_of(node.directory, STRUCTURE, cleaned)
    known = {code for _, code in node.directory.starts}
    if cleaned.get("code") in known:
        problems["code"] = Problem("code_taken", {"code": cleaned["code"]})
    if problems:
        raise InvalidFields(problems)
    found = Reorganisation(cleaned)
    rows = list(_rows("units", units, UNIT_COLUMNS))
    _read_units(found, rows)
    _read_changes(found, node.directory, list(_rows("changes", changes, CHANGE_COLUMNS)) if changes.strip() else [])
    _check(found, node.directory, [line for line, _ in rows])
    return found


def publish_reorganisation(node: Node, actor: Actor, found: Reorganisation) -> None:
    """Publish the structure and its units, all or nothing. Raises Refused."""
    may_publish(node, actor, SERIES[STRUCTURE])
    if found.troubles or not found.units:
        raise Refused("tables_do_not_fit", count=len(found.troubles))
    contents = [(STRUCTURE, found.structure), *((UNIT, unit) for unit in found.units)]
    with node.database.transaction() as db:
        journal.hold(db)
        events = [
            make_event(node, actor, f"{kind}.published", id_of(kind, content[KEY[kind]]), {**content, "edition": 1})
            for kind, content in contents
        ]
        write_all(node, db, events)
    fill_scopes(node)


def _rows(table: str, text: str, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a table by their columns; commas, semicolons and tabs are understood."""
    head = text.lstrip("\ufeff").partition("\n")[0]
    mark = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=mark)
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    missing = [name for name in columns if name not in names]
    if missing:
        raise InvalidFields({table: Problem("columns_missing", {"columns": ", ".join(missing)})})
    reader.fieldnames = names
    for row in reader:
        if reader.line_num > UNITS_MAX:
            raise InvalidFields({table: Problem("too_many_lines", {"max": UNITS_MAX})})
        yield reader.line_num, {name: clean_text(value or "", multiline=False) for name, value in row.items() if name}


def _read_units(found: Reorganisation, rows: Iterable[tuple[int, dict[str, str]]]) -> None:
    code = found.structure["code"]
    for line, row in rows:
        unit: dict[str, Any] = {
            "code": _full(code, row["code"]), "name": row["name"], "type": row["type"], "level": row["level"],
            "valid_from": found.structure["valid_from"], "source": found.structure["source"],
        }  # fmt: skip
        if row["parent_code"]:
            unit["parent"] = _full(code, row["parent_code"])
        for name in ("lat", "lon"):
            if row.get(name):
                unit[name] = _number(row[name])
                if unit[name] is None:
                    found.troubles.append(Trouble("units", line, Problem("bad_point")))
                    del unit[name]
        found.units.append(unit)
        found.levels[unit["level"]] += 1


def _read_changes(found: Reorganisation, directory: Directory, rows: Iterable[tuple[int, dict[str, str]]]) -> None:
    before, units = directory.starts[-1][1], {unit["code"]: unit for unit in found.units}
    for line, row in rows:
        old, new = _full(before, row["old_code"]), _full(found.structure["code"], row["new_code"])
        if directory.unit(old) is None:
            found.troubles.append(Trouble("changes", line, Problem("unknown_unit", {"unit": old})))
        elif new not in units:
            found.troubles.append(Trouble("changes", line, Problem("unknown_unit", {"unit": new})))
        else:
            took = units[new].setdefault("predecessors", [])
            if old not in took:
                took.append(old)
                found.changes += 1
                if row.get("is_default") == "1":
                    units[new].setdefault("main_of", []).append(old)


def _check(found: Reorganisation, directory: Directory, lines: list[int]) -> None:
    """Check each unit beside all the others, and look who of the structure before is left over."""
    published = [(STRUCTURE, found.structure), *((UNIT, unit) for unit in found.units if unit["level"] in LEVELS)]
    whole = overlaid(directory, published)
    seen: set[str] = set()
    for line, unit in zip(lines, found.units, strict=True):
        problems = list(problems_of(whole, UNIT, unit).values())
        if unit["code"] in seen:
            problems.append(Problem("code_taken", {"code": unit["code"]}))
        seen.add(unit["code"])
        found.troubles += [Trouble("units", line, problem) for problem in problems]
    if found.changes:
        before = directory.communes(directory.starts[-1][1])
        found.left_over = [unit.code for unit in before if not whole.successors.get(unit.code)]


def _full(structure: str, code: str) -> str:
    return code if ":" in code else f"{structure}:{code}"


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
