"""Reference data as the centre publishes it, in editions: structures, units, offices, agencies, topics with their questions. Pure.

Each entity is one thing under its code. Its id follows from type and code: nothing is published twice under one code, and what
the program ships and the centre publishes meet under it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from sync import edition, limits
from sync.edition import day
from sync.errors import Problem
from sync.event import Event
from sync.outcome import Invalid, Outcome

STRUCTURE, UNIT, OFFICE, AGENCY, TOPIC = TYPES = ("structure", "unit", "office", "agency", "topic")
KINDS: Mapping[str, str] = {f"{one}.{what}": one for one in TYPES for what in ("published", "retired")}
LEVELS = ("province", "district", "commune")
QUESTION_TYPES = ("text", "number", "date", "yes_no", "choice")
QUESTIONS_MAX = limits.ANSWERS_MAX
CHOICES_MAX = 40
PREDECESSORS_MAX = 60
GROUP_MAX = 99
_LABEL = limits.text(160)


def _number(least: float, most: float, types: tuple[type, ...]) -> limits.Check:
    def check(value: Any) -> Problem | None:
        fits = type(value) in types and least <= value <= most
        return None if fits else Problem("not_a_number")

    return check


def _units(value: Any) -> Problem | None:
    if not isinstance(value, list) or len(value) > PREDECESSORS_MAX or len(set(map(str, value))) != len(value):
        return Problem("unknown_unit")
    return next((problem for code in value if (problem := limits.UNIT(code))), None)


def _choices(value: Any) -> bool:
    """Whether these are choices of a question: [code, Vietnamese, English], no code twice."""
    if not isinstance(value, list) or not 2 <= len(value) <= CHOICES_MAX:
        return False
    shaped = all(isinstance(each, list) and len(each) == 3 for each in value)
    fitting = shaped and all(not limits.CODE(code) and not _LABEL(vi) and not _LABEL(en) for code, vi, en in value)
    return fitting and len({each[0] for each in value}) == len(value) and all(all(each) for each in value)


def _question(value: Any) -> bool:
    if not isinstance(value, dict) or value.keys() - {"code", "vi", "en", "type", "choices", "withdrawn"}:
        return False
    named = not limits.CODE(value.get("code")) and all(
        value.get(key) and not _LABEL(value.get(key)) for key in ("vi", "en")
    )
    typed = value.get("type") in QUESTION_TYPES and value.get("withdrawn", True) is True
    choices = _choices(value.get("choices")) if value.get("type") == "choice" else "choices" not in value
    return named and typed and choices


def _questions(value: Any) -> Problem | None:
    if not isinstance(value, list) or len(value) > QUESTIONS_MAX:
        return Problem("too_many_questions", {"max": QUESTIONS_MAX})
    if not all(map(_question, value)) or len({each["code"] for each in value}) != len(value):
        return Problem("bad_questions")
    return None


STRUCTURE_CODE = limits.shape(r"20\d\d", "bad_structure")
OFFICE_NUMBER = limits.shape(r"\d{4}", "bad_office_number")
_SHARED: Mapping[str, limits.Check] = {"source": limits.text(250), "valid_from": edition.since, "valid_to": day}
FIELDS: Mapping[str, Mapping[str, limits.Check]] = {
    STRUCTURE: {"code": STRUCTURE_CODE, "name": limits.text(160), **_SHARED},
    UNIT: {
        "code": limits.UNIT,
        "name": limits.text(120),
        "type": limits.text(40),  # as it stands before the name: "Phường"
        "level": limits.one_of(*LEVELS),
        "parent": limits.UNIT,  # left out: the province itself
        "lat": _number(-90, 90, (int, float)),
        "lon": _number(-180, 180, (int, float)),
        "predecessors": _units,  # whose place it took, wholly or in part
        "main_of": _units,  # of these: for which it is the one to take when in doubt
        **_SHARED,
    },
    OFFICE: {
        "number": OFFICE_NUMBER,
        "name": limits.text(160),
        "unit": limits.UNIT,
        "agency": limits.AGENCY,
        **_SHARED,
    },
    AGENCY: {
        "code": limits.AGENCY,
        "name": limits.text(200),
        "abbreviation": limits.text(40),
        "level": limits.one_of(*LEVELS),
        "unit": limits.UNIT,  # whose affairs are its own: where the case lies there it is the local agency
        **_SHARED,
    },
    TOPIC: {
        "code": limits.CODE,
        "group": _number(1, GROUP_MAX, (int,)),
        "name": limits.text(250),
        "name_en": limits.text(250),
        "short_name": limits.text(60),
        "questions": _questions,
        **_SHARED,
    },
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    STRUCTURE: ("code", "name", "valid_from", "source"),
    UNIT: ("code", "name", "type", "level", "valid_from"),
    OFFICE: ("number", "name", "unit", "valid_from"),
    AGENCY: ("code", "name", "abbreviation", "level", "valid_from"),
    TOPIC: ("code", "group", "name", "name_en", "short_name", "valid_from"),
}
KEY: Mapping[str, str] = {STRUCTURE: "code", UNIT: "code", OFFICE: "number", AGENCY: "code", TOPIC: "code"}
MISSING: Mapping[str, str] = {
    STRUCTURE: "no_such_structure", UNIT: "no_such_unit", OFFICE: "no_such_office", AGENCY: "no_such_agency",
    TOPIC: "no_such_topic",
}  # fmt: skip


def id_of(kind: str, code: str) -> bytes:
    """The id of the entity that says what stands under this code."""
    return sha256(f"{kind}/{code}".encode()).digest()[:16]


def check_content(kind: str, content: Mapping[str, Any]) -> dict[str, Problem]:
    """What does not fit in a structure, unit, office, agency or topic, by field; empty when all is well."""
    found = edition.check_fields(content, FIELDS[kind], REQUIRED[kind])
    if kind == UNIT and not found:
        return _check_unit(content)
    return found


def _check_unit(content: Mapping[str, Any]) -> dict[str, Problem]:
    found: dict[str, Problem] = {}
    code, parent, before = content["code"], content.get("parent"), content.get("predecessors", [])
    if (parent is None) != (content["level"] == "province") or parent == code:
        found["parent"] = Problem("bad_parent")
    elif parent and parent.partition(":")[0] != code.partition(":")[0]:
        found["parent"] = Problem("other_structure")
    if code in before or not set(content.get("main_of", ())) <= set(before):
        found["predecessors"] = Problem("unknown_unit")
    return found


def apply(state: dict[str, Any] | None, event: Event) -> Outcome:
    """Fold one event into what stands under a code; the code stays what it is for ever."""
    kind = KINDS[event.kind]
    key = KEY[kind]
    if event.kind.endswith(".published") and event.entity != id_of(kind, str(event.open.get(key))):
        raise Invalid("invalid_event")
    return edition.apply(state, event, key, MISSING[kind], lambda content: check_content(kind, content))


def last_day(state: Mapping[str, Any], retired_on: str) -> str:
    """The last day on which it holds; empty while there is none. What is retired holds no more from that day on."""
    ends = [state["valid_to"]] if state.get("valid_to") else []
    if state.get("retired"):
        ends.append((date.fromisoformat(retired_on) - timedelta(days=1)).isoformat())
    return min(ends, default="")
