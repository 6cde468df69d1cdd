"""Panels of figures: each a chart with the table of its values. Values in, drawings out; the words come in by a translation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from intake_app import charts
from intake_app.charts import Bar
from intake_app.outlines import outline_of
from intake_app.store.directory import Directory
from intake_app.store.figures import OTHER, Line, Lines, folded, places_of

LOOKS = ("c-in-time", "c-late", "c-open", "c-overdue")
BARS_MAX = 12
ROWS_MAX = 70  # of a table of bars: all topics and agencies, and of five hundred offices the busiest
WEEKLY_FROM_DAYS = 46


@dataclass(frozen=True)
class Row:
    """A line of a table of figures: what it is about, where its name leads, its figures."""

    name: str
    line: Line
    address: str = ""
    shade: int = 0

    @property
    def cells(self) -> Markup:
        """Its figures as cells of the table."""
        return _cells(self.line)


@dataclass(frozen=True)
class Panel:
    """A chart and its table."""

    key: str
    title: str
    head: str
    rows: list[Row]
    chart: Markup | None = None
    legend: list[tuple[int, int]] = field(default_factory=list)

    @property
    def total_cells(self) -> Markup:
        """All rows together, as cells of the table."""
        return _cells(sum((row.line for row in self.rows), Line()))


def panel_of(
    key: str, title: str, head: str, lines: Lines, name_of: Callable[[str], str], address_of: Callable[[str], str]
) -> Panel:
    """Lying bars, the longest first; what is beyond BARS_MAX is one bar, what is beyond ROWS_MAX one row."""
    rows = sorted(
        (Row(name_of(code), line, address_of(code) if code else "") for code, line in lines.items()),
        key=lambda row: (-row.line.received, row.name),
    )
    bars = [Bar(row.name, row.line.parts) for row in _cut(rows, BARS_MAX)]
    chart = charts.lying_bars(key, title, _told(rows), bars, LOOKS) if rows else None
    return Panel(key, title, head, _cut(rows, ROWS_MAX), chart)


def _cut(rows: list[Row], most: int) -> list[Row]:
    """The first rows, and all others as one."""
    rest = rows[most:]
    others = (
        [Row(ngettext("%(n)s other", "%(n)s others", len(rest), n=len(rest)), sum((row.line for row in rest), Line()))]
        if rest
        else []
    )
    return rows[:most] + others


def _told(rows: Sequence[Row]) -> str:
    """What a chart shows, in a sentence for who does not see it."""
    total = sum((row.line for row in rows), Line())
    first = rows[0]
    return ngettext(
        "%(total)s report in %(n)s rows; the most in one: %(name)s, %(most)s, of which in progress: %(open)s."
        " The table below has all values.",
        "%(total)s reports in %(n)s rows; the most in one: %(name)s, %(most)s, of which in progress: %(open)s."
        " The table below has all values.",
        total.received, total=total.received, n=len(rows), name=first.name, most=first.line.received, open=first.line.in_progress,
    )  # fmt: skip


def trend_panel(steps: Sequence[tuple[date, Line]], weekly: bool) -> Panel:
    """Standing bars by day, or by week."""
    rows = [Row(day.strftime("%d/%m/%Y"), line) for day, line in steps]
    bars = [Bar(day.strftime("%d/%m"), line.parts) for day, line in steps]
    title = _("Received by week") if weekly else _("Received by day")
    total = sum((line for _day, line in steps), Line())
    most = max(rows, key=lambda row: row.line.received)
    about = ngettext(
        "%(total)s report over %(n)s bars, most on %(day)s with %(most)s. The table below has all values.",
        "%(total)s reports over %(n)s bars, most on %(day)s with %(most)s. The table below has all values.",
        total.received, total=total.received, n=len(rows), day=most.name, most=most.line.received,
    )  # fmt: skip
    chart = charts.standing_bars("trend", title, about, bars, LOOKS) if total.received else None
    return Panel("trend", title, _("Week from") if weekly else _("Day"), rows, chart)


def map_panel(units: Lines, directory: Directory, structure: str, address_of: Callable[[str], str]) -> Panel:
    """The areas of a structure in shades of how many reports concern them, with the table that says it in figures."""
    lines = folded(units, places_of(directory, structure))
    received = {code: line.received for code, line in lines.items() if code != OTHER}
    shades, legend = charts.shades_of(received)
    outline = outline_of(structure)
    areas = outline["areas"] if outline else {}
    names = {code: f"{_name(directory, code)}: {received.get(code, 0)}" for code in areas}
    rows = [
        Row(_name(directory, code), lines.get(code, Line()), address_of(code), shades.get(code, 0))
        for code in sorted({*areas, *received}, key=lambda one: (-received.get(one, 0), one))
    ]
    if OTHER in lines:
        rows.append(Row(_("Elsewhere or the whole province"), lines[OTHER]))
    title = _("Reports by place")
    about = _(
        "Map of %(n)s areas; %(most)s has most with %(count)s. The table beside it has all values.",
        n=len(areas), most=rows[0].name if rows else "–", count=rows[0].line.received if rows else 0,
    )  # fmt: skip
    drawn = charts.areas("map", title, about, outline, shades, names) if outline else None
    return Panel("map", title, _("Place"), rows, drawn, legend)


def _cells(line: Line) -> Markup:
    # Hundreds of rows on a page, each of numbers alone: as a macro they were a third of the work of the page.
    figures = (line.received, line.handled, line.late, line.in_progress, line.overdue)
    return Markup("".join(f'<td class="n">{charts.grouped(figure)}</td>' for figure in figures))


def _name(directory: Directory, code: str) -> str:
    unit = directory.unit(code)
    return unit.name if unit else code
