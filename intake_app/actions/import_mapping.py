"""A mapping from a spreadsheet's columns to the keys of a record line, read from TOML and checked as a whole.

The lines themselves are made in csv_lines.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from intake_app.actions.lines import KEYS, clean_value
from intake_app.store.directory import Directory
from sync import limits
from sync.errors import IntakeError, Problem
from sync.fold import clean_text

MAPPING_BYTES_MAX = 256 * 1024  # The largest list of values seen has 200 entries.
_SECTIONS = frozenset({"key", "constants", "columns", "times", "values"})
_TEXT_KEYS = KEYS - {"source_id", "answers", "topic_version"}
_TIME_KEYS = frozenset({"occurred_at", "received_at"})


class MappingError(IntakeError):
    """The mapping cannot be used as it is, or does not belong to this file; nothing was read."""


@dataclass(frozen=True, slots=True)
class FromColumns:
    """Text from one or more columns; empty ones are left out, `cut` is the only thing that shortens."""

    sources: tuple[str, ...]
    join: str
    cut: int | None


@dataclass(frozen=True, slots=True)
class FromTime:
    """A time in a column; `zone` holds where the text names none."""

    source: str
    format: str
    zone: ZoneInfo | None


@dataclass(frozen=True, slots=True)
class FromValues:
    """A code for each value of a column; without a default, other values do not fit."""

    source: str
    codes: Mapping[str, str]
    default: str | None


@dataclass(frozen=True, slots=True)
class CsvMapping:
    """A checked mapping."""

    key: tuple[str, ...]
    constants: Mapping[str, Any]
    columns: Mapping[str, FromColumns]
    times: Mapping[str, FromTime]
    values: Mapping[str, FromValues]

    def sources(self) -> list[str]:
        """Gives every column that is needed, each once."""
        needed = [*self.key]
        for column in self.columns.values():
            needed.extend(column.sources)
        needed.extend(time.source for time in self.times.values())
        needed.extend(values.source for values in self.values.values())
        return list(dict.fromkeys(needed))


def read_mapping(content: bytes, directory: Directory) -> CsvMapping:
    """Reads a mapping from TOML; raises MappingError with what does not fit."""
    if len(content) > MAPPING_BYTES_MAX:
        raise MappingError("mapping_too_large", max=MAPPING_BYTES_MAX)
    try:
        raw = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
        raise MappingError("mapping_not_toml", problem=str(reason)) from reason
    if unknown := set(raw) - _SECTIONS:
        raise MappingError("mapping_unknown_section", section=sorted(unknown)[0])
    mapping = CsvMapping(
        key=_names(raw.get("key"), "key"),
        constants=_constants(_section(raw, "constants"), directory),
        columns={key: _from_columns(key, each) for key, each in _section(raw, "columns").items()},
        times={key: _from_time(key, each) for key, each in _section(raw, "times").items()},
        values={key: _from_values(key, each, directory) for key, each in _section(raw, "values").items()},
    )
    _check_keys(mapping)
    return mapping


def _section(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    section = raw.get(name, {})
    if not isinstance(section, dict):
        raise MappingError("mapping_not_a_table", where=name)
    return section


def _names(value: Any, where: str) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise MappingError("mapping_needs_columns", where=where)
    return tuple(names)


def _options(where: str, value: Any, *allowed: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MappingError("mapping_not_a_table", where=where)
    if unknown := set(value) - set(allowed):
        raise MappingError("mapping_unknown_option", where=where, option=sorted(unknown)[0])
    return value


def _one_name(value: Any, where: str) -> str:
    names = _names(value, where)
    if len(names) > 1:
        raise MappingError("mapping_one_column", where=where)
    return names[0]


def _check_code(where: str, key: str, value: Any, directory: Directory) -> None:
    """Refuses a value that no line could hold, before ten thousand lines are refused for it."""
    # A phone number is typed in many ways; the line's own check reads them all.
    check = limits.OPEN_FIELDS.get(key) or (limits.PRIVATE_FIELDS.get(key) if key != "phone" else None)
    problem = check(value) if check else None
    if key == "unit" and directory.unit(str(value)) is None:
        problem = Problem("unknown_unit")
    if key == "topic" and value not in directory.topics:
        problem = Problem("unknown_topic")
    if problem:
        raise MappingError("mapping_bad_value", where=where, value=str(value)[:60])


def _constants(section: Mapping[str, Any], directory: Directory) -> dict[str, Any]:
    for key, value in section.items():
        if key in _TEXT_KEYS:
            _check_code(f"constants.{key}", key, value, directory)
    return {key: clean_value(key, value) for key, value in section.items()}


def _from_columns(key: str, value: Any) -> FromColumns:
    where = f"columns.{key}"
    if isinstance(value, str):
        return FromColumns(_names(value, where), " ", None)
    options = _options(where, value, "from", "join", "cut")
    join, cut = options.get("join", " "), options.get("cut")
    if not isinstance(join, str):
        raise MappingError("mapping_bad_option", where=where, option="join")
    if cut is not None and (not isinstance(cut, int) or isinstance(cut, bool) or cut < 1):
        raise MappingError("mapping_bad_option", where=where, option="cut")
    return FromColumns(_names(options.get("from"), where), join, cut)


def _from_time(key: str, value: Any) -> FromTime:
    where = f"times.{key}"
    if key not in _TIME_KEYS:
        raise MappingError("mapping_unknown_key", key=key)
    options = _options(where, value, "from", "format", "zone")
    form, zone = options.get("format"), options.get("zone")
    if not isinstance(form, str) or "%" not in form:
        raise MappingError("mapping_bad_option", where=where, option="format")
    if zone is None and "%z" not in form:
        raise MappingError("mapping_needs_zone", where=where)
    try:
        return FromTime(_one_name(options.get("from"), where), form, ZoneInfo(zone) if zone is not None else None)
    except (ValueError, KeyError, TypeError, OSError) as reason:  # ZoneInfo says the same thing in four ways.
        raise MappingError("mapping_bad_option", where=where, option="zone") from reason


def _from_values(key: str, value: Any, directory: Directory) -> FromValues:
    where = f"values.{key}"
    if not isinstance(value, dict):
        raise MappingError("mapping_not_a_table", where=where)
    codes = {clean_text(name, multiline=False): code for name, code in value.items() if name not in ("from", "default")}
    default = value.get("default")
    for code in [*codes.values(), *([default] if default is not None else [])]:
        if not isinstance(code, str):
            raise MappingError("mapping_bad_value", where=where, value=str(code)[:60])
        _check_code(where, key, code, directory)
    return FromValues(_one_name(value.get("from"), where), codes, default)


def _check_keys(mapping: CsvMapping) -> None:
    sections = (mapping.constants, mapping.columns, mapping.times, mapping.values)
    given = [key for section in sections for key in section]
    for key in given:
        if key not in _TEXT_KEYS:
            raise MappingError("mapping_unknown_key", key=key)
        if given.count(key) > 1:
            raise MappingError("mapping_key_twice", key=key)
    if missing := [key for key in limits.REQUIRED if key not in given]:
        raise MappingError("mapping_key_missing", key=missing[0])
