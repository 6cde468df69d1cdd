"""Which counts of a bulletin are hidden before it leaves the house, so that no cell points to a person. Pure.

The rule (docs/statistics.md): a count from 1 to THRESHOLD - 1 is hidden. Where a row or a column adds up to a total that is shown,
at least two of its counts are hidden and they are THRESHOLD together at the least; else the smallest of the others is hidden too,
or, where there is none, the total. All tables of a bulletin share their last line, so what is hidden there is hidden in each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

THRESHOLD = 5
Shown = int | None  # None: hidden
Table = Mapping[str, Sequence[int]]
TOTAL = "="  # the key of the last line; no code is spelled so
Cell = tuple[str, str, int]  # table, key, column; the cells of the last line belong to no table


def protect(tables: Mapping[str, Table]) -> dict[str, dict[str, list[Shown]]]:
    """The tables with a total at the end of each line and a line of totals, and None for what is hidden.

    Every table is about the same reports: their lines add up to the same totals.
    """
    values = _values(tables)
    hidden = {cell for cell, value in values.items() if is_small(value)}
    lines = _lines(tables, values)
    while more := [cell for line in lines if (cell := _next(line, values, hidden)) is not None]:
        hidden.update(more)
    width = _width(tables)
    return {
        name: {
            key: [None if (cell := _cell(name, key, at)) in hidden else values[cell] for at in range(width + 1)]
            for key in (*table, TOTAL)
        }
        for name, table in tables.items()
    }


def is_small(value: int) -> bool:
    """Whether a count is so small that it may point to a person."""
    return 0 < value < THRESHOLD


def _width(tables: Mapping[str, Table]) -> int:
    return max((len(row) for table in tables.values() for row in table.values()), default=0)


def _cell(table: str, key: str, column: int) -> Cell:
    return ("" if key == TOTAL else table, key, column)


def _values(tables: Mapping[str, Table]) -> dict[Cell, int]:
    values: dict[Cell, int] = {}
    width = _width(tables)
    for name, table in tables.items():
        rows = {key: [*row, sum(row)] for key, row in table.items()}
        rows[TOTAL] = [sum(row[at] for row in rows.values()) for at in range(width + 1)]
        values |= {_cell(name, key, at): value for key, row in rows.items() for at, value in enumerate(row)}
    return values


def _lines(tables: Mapping[str, Table], values: Mapping[Cell, int]) -> list[list[Cell]]:
    """Every sum that a reader can do: the cells of a row or a column, its total last."""
    width = _width(tables)
    lines = [
        [_cell(name, key, at) for at in range(width + 1)] for name, table in tables.items() for key in (*table, TOTAL)
    ]
    for name, table in tables.items():
        lines += [[_cell(name, key, at) for key in (*table, TOTAL)] for at in range(width + 1)]
    return [line for line in lines if any(values[cell] for cell in line)]


def _next(line: list[Cell], values: Mapping[Cell, int], hidden: set[Cell]) -> Cell | None:
    """The cell that has to be hidden as well, so that none of this line can be worked out; None where all is well."""
    parts, total = line[:-1], line[-1]
    gone = [cell for cell in parts if cell in hidden]
    if total in hidden:
        safe = bool(gone)
    else:
        safe = not gone or (len(gone) > 1 and sum(values[cell] for cell in gone) >= THRESHOLD)
    if safe:
        return None
    shown = [cell for cell in parts if cell not in hidden and values[cell] > 0]
    return min(shown, key=lambda cell: (values[cell], cell), default=total if total not in hidden else None)
