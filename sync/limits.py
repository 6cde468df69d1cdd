"""What a field of a report may hold, for desk and ingest alike; what only reference data can tell is the desk's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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


def text(longest: int, multiline: bool = False) -> Check:
    """A check for text of at most `longest` characters."""

    def check(value: Any) -> Problem | None:
        if not isinstance(value, str):
            return Problem("not_text")
        # What is printable holds nothing of the below; asking that is ten times as fast, and ingest asks for every field.
        if len(value) <= longest and value.isprintable():
            return None
        if len(value) > longest:
            return Problem("too_long", {"max": longest, "length": len(value)})
        if _CONTROL.search(value) or (not multiline and ("\n" in value or "\t" in value)):
            return Problem("control_characters")
        return None

    return check


def one_of(*allowed: str) -> Check:
    """A check for a code of a closed set."""
    known = frozenset(allowed)

    def check(value: Any) -> Problem | None:
        return (
            None
            if isinstance(value, str) and value in known
            else Problem("not_in_set", {"allowed": ", ".join(allowed)})
        )

    return check


def shape(pattern: str, code: str) -> Check:
    """A check for text of one shape."""
    compiled = re.compile(pattern)

    def check(value: Any) -> Problem | None:
        return None if isinstance(value, str) and compiled.fullmatch(value) else Problem(code)

    return check


def yes_no(value: Any) -> Problem | None:
    """Refuse anything but true and false."""
    return None if value is True or value is False else Problem("not_yes_no")


def time(value: Any) -> Problem | None:
    """Refuse anything but an ISO 8601 time with its offset, to the second."""
    return None if isinstance(value, str) and moments.is_time(value) else Problem("not_a_time")


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
