"""What a field of a report may hold, for desk and ingest alike; what only reference data can tell is the desk's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sync import moments
from sync.errors import Problem

CHANNELS = ("walk_in", "phone", "portal", "email", "facebook", "zalo", "letter", "open311")
KINDS = ("report", "proposal", "question", "support_request")
URGENCIES = ("normal", "urgent", "emergency")
REPLY_WAYS = ("phone", "letter", "email", "zalo", "in_person", "none")
LANGUAGES = ("vi", "en")
SUMMARY_MAX = 120
DETAILS_MAX = 5000
ANSWERS_MAX = 30  # the longest list of a topic has eight questions; room for ten versions of them
ANSWER_MAX = 500
TEXT_MAX = 5000

Check = Callable[[Any], Problem | None]
# Control characters survive neither a printer nor the separators of a packed column.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]|[\ud800-\udfff]")


# A check is asked of a value, or of a column of them at once: `every` costs a tenth, and may say no of values that do fit.


@dataclass(frozen=True)
class _Text:
    longest: int
    multiline: bool

    def __call__(self, value: Any) -> Problem | None:
        if not isinstance(value, str):
            return Problem("not_text")
        # What is printable holds nothing of the below; asking that is ten times as fast, and ingest asks for every field.
        if len(value) <= self.longest and value.isprintable():
            return None
        if len(value) > self.longest:
            return Problem("too_long", {"max": self.longest, "length": len(value)})
        if _CONTROL.search(value) or (not self.multiline and ("\n" in value or "\t" in value)):
            return Problem("control_characters")
        return None

    def every(self, values: Sequence[Any]) -> bool:
        return "".join(values).isprintable() and max(map(len, values)) <= self.longest


def text(longest: int, multiline: bool = False) -> Check:
    """A check for text of at most `longest` characters."""
    return _Text(longest, multiline)


@dataclass(frozen=True)
class _OneOf:
    allowed: tuple[str, ...]

    def __call__(self, value: Any) -> Problem | None:
        if isinstance(value, str) and value in self.allowed:
            return None
        return Problem("not_in_set", {"allowed": ", ".join(self.allowed)})

    def every(self, values: Sequence[Any]) -> bool:
        return set(values).issubset(self.allowed)


def one_of(*allowed: str) -> Check:
    """A check for a code of a closed set."""
    return _OneOf(allowed)


class _Shape:
    def __init__(self, pattern: str, code: str) -> None:
        self._one = re.compile(pattern)
        self._lines = re.compile(f"(?:{pattern})(?:\n(?:{pattern}))*")
        self._code = code

    def __call__(self, value: Any) -> Problem | None:
        return None if isinstance(value, str) and self._one.fullmatch(value) else Problem(self._code)

    def every(self, values: Sequence[Any]) -> bool:
        distinct = set(values)
        lines = "\n".join(distinct)
        # A break inside a value would make two of one: no shape of ours has any, and the count tells.
        return lines.count("\n") == len(distinct) - 1 and self._lines.fullmatch(lines) is not None


def shape(pattern: str, code: str) -> Check:
    """A check for text of one shape."""
    return _Shape(pattern, code)


class _YesNo:
    def __call__(self, value: Any) -> Problem | None:
        return None if value is True or value is False else Problem("not_yes_no")

    def every(self, values: Sequence[Any]) -> bool:
        return set(map(type, values)) == {bool}


class _Time:
    def __call__(self, value: Any) -> Problem | None:
        return None if isinstance(value, str) and moments.is_time(value) else Problem("not_a_time")

    def every(self, values: Sequence[Any]) -> bool:
        return set(map(type, values)) == {str} and moments.are_times(values)


yes_no: Check = _YesNo()
time: Check = _Time()  # ISO 8601 with its offset, to the second


def answers(value: Any) -> Problem | None:
    """Refuse what is not a short dict of a topic's answers: text, whole numbers, yes or no."""
    if not isinstance(value, dict):
        return Problem("not_text")
    if len(value) > ANSWERS_MAX:
        return Problem("too_many_answers", {"max": ANSWERS_MAX})
    check = text(ANSWER_MAX, multiline=True)
    for key, answer in value.items():
        if not isinstance(key, str) or len(key) > 60:
            return Problem("unknown_question", {"question": str(key)[:60]})
        if isinstance(answer, bool) or (isinstance(answer, int) and abs(answer) < 2**53):
            continue
        if problem := check(answer):
            return problem
    return None


LONG = text(TEXT_MAX, multiline=True)
UNIT = shape(r"20\d\d:\d{2,5}", "unknown_unit")
CODE = shape(r"[a-z0-9_]{1,40}", "not_in_set")
AGENCY = shape(r"[A-Za-z0-9Đđ_.\-]{1,40}", "unknown_agency")

OPEN_FIELDS: Mapping[str, Check] = {
    "channel": one_of(*CHANNELS),
    "kind": one_of(*KINDS),
    "topic": CODE,
    "topic_version": lambda value: None if isinstance(value, int) and 0 < value < 10_000 else Problem("not_a_number"),
    "answers": answers,
    "summary": text(SUMMARY_MAX),
    "details": text(DETAILS_MAX, multiline=True),
    "unit": UNIT,
    "village": text(120),
    "address": text(250),
    "point": shape(r"-?\d{1,2}\.\d{1,6},-?\d{1,3}\.\d{1,6}", "bad_point"),
    "urgency": one_of(*URGENCIES),
    "anonymous": yes_no,
    "representative": yes_no,
    "confidential": yes_no,
    "publish_consent": yes_no,
    "consent": yes_no,
    "language": one_of(*LANGUAGES),
    "reply_by": one_of(*REPLY_WAYS),
    "occurred_at": time,
    "received_at": time,
    "source_id": text(80),
    "intake_no": text(20),
}
PRIVATE_FIELDS: Mapping[str, Check] = {
    "name": text(120),
    "representative_name": text(120),
    "phone": shape(r"\+?\d{3,15}", "bad_phone"),
    "phone_typed": text(40),
    "home_address": text(250),
    "home_unit": UNIT,
    "national_id": shape(r"\d{9}|\d{12}", "bad_national_id"),
    "email": shape(r"[^@\s]{1,80}@[^@\s]{1,100}\.[^@\s]{2,30}", "bad_email"),
    "social": text(120),
}
# What a field is when nobody said: left out of events, so that it costs nothing to store and to send.
DEFAULTS: Mapping[str, Any] = {
    "kind": "report",
    "urgency": "normal",
    "anonymous": False,
    "representative": False,
    "confidential": False,
    "publish_consent": False,
    "consent": False,
    "language": "vi",
    "answers": {},
}
REQUIRED = ("channel", "topic", "summary", "unit")
# What cannot be changed once the report is recorded.
FIXED = frozenset({"source_id", "received_at", "channel"})
EDITABLE = (frozenset(OPEN_FIELDS) | frozenset(PRIVATE_FIELDS)) - FIXED


def problems_of(values: Mapping[str, Any], fields: Mapping[str, Check]) -> dict[str, Problem]:
    """What does not fit in these values, by field; an unknown key is a problem of its own."""
    found: dict[str, Problem] = {}
    for key, value in values.items():
        check = fields.get(key)
        problem = Problem("unknown_key", {"key": key[:60]}) if check is None else check(value)
        if problem is not None:
            found[key] = problem
    return found


def all_fit(rows: Sequence[Mapping[str, Any]], fields: Mapping[str, Check]) -> bool:
    """Whether `problems_of` finds nothing in any of these rows, at a fraction of its price; it may say no of rows that fit."""
    keys: set[str] = set().union(*rows)
    if not keys <= fields.keys():
        return False
    try:
        return all(_column_fits(_column(rows, key), fields[key]) for key in keys)
    except (TypeError, UnicodeError):  # bytes from elsewhere may be shaped like anything
        return False


def _column(rows: Sequence[Mapping[str, Any]], key: str) -> list[Any]:
    try:
        return list(map(itemgetter(key), rows))
    except KeyError:
        return [row[key] for row in rows if key in row]


def _column_fits(values: Sequence[Any], check: Check) -> bool:
    every: Callable[[Sequence[Any]], bool] | None = getattr(check, "every", None)
    return (every is not None and every(values)) or all(check(value) is None for value in values)
