"""The words of reference data: levels, kinds of answers, what happens to it."""

from __future__ import annotations

from forms.marking import N_

LEVEL_NAMES = {"province": N_("Province"), "district": N_("District"), "commune": N_("Commune")}
QUESTION_TYPES = {
    "text": N_("Text"),
    "number": N_("Number"),
    "date": N_("Day"),
    "yes_no": N_("Yes or no"),
    "choice": N_("One of a list"),
}
REFERENCE_EVENTS = {
    "structure.published": N_("Structure published"),
    "structure.retired": N_("Structure retired"),
    "unit.published": N_("Unit published"),
    "unit.retired": N_("Unit retired"),
    "office.published": N_("Office published"),
    "office.retired": N_("Office retired"),
    "agency.published": N_("Agency published"),
    "agency.retired": N_("Agency retired"),
    "topic.published": N_("Topic published"),
    "topic.retired": N_("Topic retired"),
}
