"""A record line, from the form or a file, as the open and private part of an event. Refuses by field, changes nothing by itself.

What a field may hold stands in sync/limits; here is what only reference data and the clock can tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from intake_app.clock import PROVINCE_ZONE, iso
from intake_app.phone import to_e164, typed_form
from intake_app.store.directory import Directory, Question
from sync import limits
from sync.errors import InvalidFields, Problem
from sync.fold import clean_text

MULTILINE = frozenset({"details"})
KEYS = (frozenset(limits.OPEN_FIELDS) | frozenset(limits.PRIVATE_FIELDS)) - {"topic_version", "phone_typed"}
FUTURE_MS = 24 * 3600 * 1000  # a clock a few hours wrong must not stop anyone; a day in the future is a typing error


class Parts(NamedTuple):
    """What a line becomes."""

    open: dict[str, Any]
    private: dict[str, Any]


def read_line(line: Mapping[str, Any], directory: Directory, now_ms: int) -> Parts:
    """The parts of a line, cleaned, with defaults left out; raises InvalidFields with what does not fit, by field."""
    problems: dict[str, Problem] = {}
    opened: dict[str, Any] = {}
    private: dict[str, Any] = {}
    for key, value in line.items():
        if key not in KEYS:
            problems[str(key)[:60]] = Problem("unknown_key", {"key": str(key)[:60]})
            continue
        cleaned = clean_value(key, value)
        if cleaned is None or cleaned == limits.DEFAULTS.get(key):
            continue
        (private if key in limits.PRIVATE_FIELDS else opened)[key] = cleaned
    _fill_phone(private, problems)
    _fill_times(opened, problems, now_ms)
    _check_reference(opened, private, directory, problems)
    found = limits.problems_of(opened, limits.OPEN_FIELDS) | limits.problems_of(private, limits.PRIVATE_FIELDS)
    found |= {field: Problem("required") for field in limits.REQUIRED if not opened.get(field)}
    if found | problems:
        raise InvalidFields(found | problems)
    return Parts(opened, private)


def clean_value(key: str, value: Any) -> Any:
    """A typed value as it is kept: text in NFC without stray spaces, nothing for empty text."""
    if isinstance(value, str):
        return clean_text(value, key in MULTILINE) or None
    if key == "answers" and isinstance(value, dict):
        cleaned = {
            name: clean_text(answer, True) if isinstance(answer, str) else answer for name, answer in value.items()
        }
        return {name: answer for name, answer in cleaned.items() if answer is not None and answer != ""}
    return value


def _fill_phone(private: dict[str, Any], problems: dict[str, Problem]) -> None:
    typed = private.get("phone")
    if not isinstance(typed, str):
        return
    number = to_e164(typed)
    if number is None or len(typed) > 40:
        problems["phone"] = Problem("bad_phone")
        del private["phone"]
        return
    private["phone"] = number
    if typed_form(number) != typed:
        private["phone_typed"] = typed


def _fill_times(opened: dict[str, Any], problems: dict[str, Problem], now_ms: int) -> None:
    for key in ("occurred_at", "received_at"):
        typed = opened.get(key)
        if typed is None:
            continue
        try:
            moment = datetime.fromisoformat(typed)
        except (ValueError, TypeError):
            problems[key] = Problem("not_a_time")
            del opened[key]
            continue
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=PROVINCE_ZONE)
        opened[key] = moment.isoformat(timespec="seconds")
        if moment.timestamp() * 1000 > now_ms + FUTURE_MS:
            problems[key] = Problem("in_future")
    opened.setdefault("received_at", iso(now_ms))


def _check_reference(
    opened: dict[str, Any], private: dict[str, Any], directory: Directory, problems: dict[str, Problem]
) -> None:
    for holder, key in ((opened, "unit"), (private, "home_unit")):
        code = holder.get(key)
        if code is not None and (not isinstance(code, str) or directory.unit(code) is None):
            problems[key] = Problem("unknown_unit", {"unit": str(code)[:40]})
    code = opened.get("topic")
    topic = directory.topics.get(code) if isinstance(code, str) else None
    if topic is None:
        if code is not None:
            problems["topic"] = Problem("unknown_topic", {"topic": str(code)[:40]})
        return
    answers = opened.get("answers")
    if isinstance(answers, dict) and answers:
        opened["topic_version"] = topic.version
        known = {question.code: question for question in (*topic.questions, *topic.former)}
        for name, answer in answers.items():
            problem = _check_answer(known.get(name), name, answer)
            if problem:
                problems[f"answers.{str(name)[:60]}"] = problem


def _check_answer(question: Question | None, name: str, answer: Any) -> Problem | None:
    if question is None:
        return Problem("unknown_question", {"question": str(name)[:60]})
    if question.type == "yes_no":
        return limits.yes_no(answer)
    if question.type == "number":
        return None if isinstance(answer, int) and not isinstance(answer, bool) else Problem("not_a_number")
    if question.type == "choice":
        return limits.one_of(*(choice[0] for choice in question.choices))(answer)
    if question.type == "date":
        return _check_date(answer)
    return limits.text(limits.ANSWER_MAX, multiline=True)(answer)


def _check_date(answer: Any) -> Problem | None:
    try:
        date.fromisoformat(answer)
    except (ValueError, TypeError):
        return Problem("not_a_time")
    return None
