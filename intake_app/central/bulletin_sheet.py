"""A bulletin as a sheet and as rows of a file: what its figures are called, and what the outside edition hides."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from forms.figures import BULLETINS, EDITIONS
from forms.words import word
from intake_app.exporting import harmless
from intake_app.protecting import TOTAL, is_small, protect
from intake_app.shown import when
from intake_app.store.figures import OTHER
from intake_app.store.timeliness import TIMELINESS

HIDDEN = "…"  # the same whether a count is small itself or would give away one that is
SECTIONS = ("topics", "agencies", "places", "channels")
Cells = list[str | int]


@dataclass(frozen=True)
class Section:
    """One table: a name and its cells a line, the totals last."""

    key: str
    title: str
    head: str
    rows: list[tuple[str, str, Cells]]  # code, name, cells


@dataclass(frozen=True)
class Sheet:
    """A bulletin ready to be drawn."""

    kind: str
    first: date
    last: date
    name: str
    edition: str
    sections: list[Section]
    carried: str | int
    late: list[dict[str, Any]]
    content: Mapping[str, Any]
    pairs: list[tuple[str, str, int, int, int, int]] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What it is, in words."""
        return _(BULLETINS[self.kind])

    @property
    def as_of(self) -> str:
        """What every figure of it carries."""
        return _(
            "As of %(when)s; silent offices: %(n)s; not arrived: about %(m)s entries.",
            when=when(self.content["counted_ms"]), n=len(self.content["silent"]), m=self.content["missing"],
        )  # fmt: skip


def sheet_of(kind: str, content: Mapping[str, Any], edition: str, name: str = "") -> Sheet:
    """The sheet of what a bulletin holds; without a name it has not been issued."""
    tables = {key: _parts(content[key]) for key in SECTIONS}
    hides = edition == "outside"
    shown = protect(tables) if hides else _whole(tables)
    sections = [_section(key, shown[key], content) for key in SECTIONS]
    late = [entry | {"shown": _small(entry["new"], hides)} for entry in content["late"]]
    return Sheet(
        kind, date.fromisoformat(content["first"]), date.fromisoformat(content["last"]), name, edition, sections,
        _small(content["carried"], hides), late, content, [] if hides else _pairs(content),
    )  # fmt: skip


def _parts(lines: Mapping[str, Mapping[str, int]]) -> dict[str, list[int]]:
    ordered = sorted(lines.items(), key=lambda line: (line[0] == OTHER, -sum(line[1].values()), line[0]))
    return {code: [line[timeliness] for timeliness in TIMELINESS] for code, line in ordered}


def _whole(tables: Mapping[str, Mapping[str, list[int]]]) -> dict[str, dict[str, list[int | None]]]:
    found: dict[str, dict[str, list[int | None]]] = {}
    for name, table in tables.items():
        rows: dict[str, list[int | None]] = {code: [*row, sum(row)] for code, row in table.items()}
        sums = [sum(row[at] for row in table.values()) for at in range(len(TIMELINESS))]
        found[name] = rows | {TOTAL: [*sums, sum(sums)]}
    return found


def _section(key: str, table: Mapping[str, list[int | None]], content: Mapping[str, Any]) -> Section:
    titles = {
        "topics": (_("By topic"), word("field", "topic")),
        "agencies": (_("By lead agency"), word("field", "lead_agency")),
        "places": (_("By place"), _("Place")),
        "channels": (_("By channel"), word("field", "channel")),
    }
    names = content["names"].get(key, {})
    rows = [
        (code, _name(key, code, names), [HIDDEN if cell is None else cell for cell in row])
        for code, row in table.items()
    ]
    return Section(key, *titles[key], rows)


def _name(key: str, code: str, names: Mapping[str, str]) -> str:
    if code == TOTAL:
        return _("Together")
    if code == OTHER:
        return _("Not routed") if key == "agencies" else _("Elsewhere or the whole province")
    return word("channel", code) if key == "channels" else names.get(code, code)


def _small(value: int, hides: bool) -> str | int:
    return HIDDEN if hides and is_small(value) else value


def _pairs(content: Mapping[str, Any]) -> list[tuple[str, str, int, int, int, int]]:
    """Agency, topic, received, handled, in progress, overdue."""
    names, rows = content["names"], []
    for key, line in content["pairs"].items():
        agency, _bar, topic = key.partition("|")
        cells = [line[timeliness] for timeliness in TIMELINESS]
        name = names["agencies"].get(agency, agency) if agency else _("Not routed")
        figures = (sum(cells), cells[0] + cells[1], cells[2] + cells[3], cells[3])
        rows.append((name, names["topics"].get(topic, topic), *figures))
    return sorted(rows, key=lambda row: (row[0], -row[2]))


def heads() -> list[str]:
    """The heads of the columns of figures."""
    return [_("Handled in time"), _("Handled late"), _("In progress"), _("Overdue"), _("Received")]


def rows_of(sheet: Sheet) -> Iterator[list[str | int]]:
    """A bulletin as the rows of a table that a person reads."""
    yield [f"{sheet.title} {sheet.name}".strip(), _(EDITIONS[sheet.edition])]
    yield [
        _("From %(first)s to %(last)s", first=sheet.first.strftime("%d/%m/%Y"), last=sheet.last.strftime("%d/%m/%Y"))
    ]
    yield [sheet.as_of]
    yield [_("Open from before"), sheet.carried]
    for entry in sheet.late:
        yield [_("Arrived late for bulletin %(name)s", name=entry["bulletin"]), entry["shown"]]
    for section in sheet.sections:
        yield []
        yield [section.title]
        yield [section.head, *heads()]
        for _code, name, cells in section.rows:
            yield [name, *cells]
    if sheet.pairs:
        yield []
        yield [_("By agency and topic")]
        yield [
            word("field", "lead_agency"), word("field", "topic"), _("Received"), _("Handled"), _("In progress"), _("Overdue"),
        ]  # fmt: skip
        yield from (list(row) for row in sheet.pairs)


def as_csv(sheet: Sheet) -> bytes:
    """The rows as a table that Excel opens by double click."""
    text = io.StringIO()
    table = csv.writer(text)
    for row in rows_of(sheet):
        table.writerow([harmless(cell) if isinstance(cell, str) and cell != HIDDEN else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(sheet: Sheet) -> bytes:
    """The rows as a workbook; counts are numbers, words are text."""
    from xlsxwriter import Workbook  # 75 ms and 2 MB that no other page should pay

    out = io.BytesIO()
    book = Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet()
    page.set_column(0, 0, 44)
    for number, row in enumerate(rows_of(sheet)):
        for column, cell in enumerate(row):
            (page.write_number if isinstance(cell, int) else page.write_string)(number, column, cell)
    book.close()
    return out.getvalue()


def as_jsonl(sheet: Sheet) -> bytes:
    """What the bulletin is in the first line, then each count a line; null is what is hidden."""
    content = sheet.content
    first = {
        "bulletin": sheet.name, "kind": sheet.kind, "first": content["first"], "last": content["last"],
        "edition": sheet.edition, "counted_ms": content["counted_ms"], "silent": content["silent"],
        "missing": content["missing"], "carried": _null(sheet.carried),
        "late": [entry | {"new": _null(entry["shown"]), "arrived": None if sheet.edition == "outside" else entry["arrived"]}
                 for entry in sheet.late],
    }  # fmt: skip
    lines = [first] + [
        {"table": section.key, "key": None if code == TOTAL else code, "name": name}
        | dict(zip((*TIMELINESS, "received"), map(_null, cells), strict=True))
        for section in sheet.sections
        for code, name, cells in section.rows
    ]
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)


def _null(cell: str | int) -> int | None:
    return cell if isinstance(cell, int) else None
