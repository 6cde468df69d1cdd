"""The short questions of a topic as fields of a form, built from the topic's data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms import Field

from forms.fields import ChoiceField, DayField, NumberField, TextField
from sync.limits import ANSWER_MAX

PREFIX = "answers-"
YES, NO = "yes", "no"


def question_fields(topic: Any, language: str) -> dict[str, Any]:
    """A field for each question of a topic, by the name it has in the form."""
    return {PREFIX + question.code: _field(question, language) for question in topic.questions} if topic else {}


def _field(question: Any, language: str) -> Any:
    label = question.label_en if language == "en" else question.label_vi
    if question.type == "choice":
        offered = [
            (code, english if language == "en" else vietnamese) for code, vietnamese, english in question.choices
        ]
        return ChoiceField(label, choices=[("", ""), *offered])
    if question.type == "yes_no":
        return ChoiceField(label, choices=[("", ""), (YES, _("Yes")), (NO, _("No"))])
    if question.type == "number":
        return NumberField(label, render_kw={"inputmode": "numeric"})
    if question.type == "date":
        return DayField(label, render_kw={"placeholder": _("dd/mm/yyyy")})
    return TextField(label, longest=ANSWER_MAX)


def answers_of(fields: Mapping[str, Field], topic: Any) -> dict[str, Any]:
    """What was answered; questions left empty are left out."""
    found: dict[str, Any] = {}
    for question in topic.questions if topic else ():
        data = fields[PREFIX + question.code].data
        if data not in (None, ""):
            found[question.code] = data == YES if question.type == "yes_no" else data
    return found


def answers_shown(answers: Mapping[str, Any], topic: Any, language: str) -> list[tuple[str, str]]:
    """The questions with their answers in words; an answer to a question of another version is shown by its code."""
    questions = {question.code: question for question in (*topic.questions, *topic.former)} if topic else {}
    return [_shown(code, answer, questions.get(code), language) for code, answer in answers.items()]


def _shown(code: str, answer: Any, question: Any, language: str) -> tuple[str, str]:
    if isinstance(answer, bool):
        answer = _("Yes") if answer else _("No")
    if question is None:
        return code, str(answer)
    names = {each: english if language == "en" else vietnamese for each, vietnamese, english in question.choices}
    if question.type == "number":
        answer = f"{answer:,}".replace(",", ".")
    elif question.type == "date" and isinstance(answer, str) and answer[4:5] == "-":
        answer = "/".join(reversed(answer.split("-")))
    return (question.label_en if language == "en" else question.label_vi), names.get(str(answer), str(answer))


def filled(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers of a report as data for the fields."""
    words = {True: YES, False: NO}
    return {PREFIX + code: words[value] if isinstance(value, bool) else value for code, value in answers.items()}
