"""Refusals in words: those of the whole product, and those only the command line and the start know."""

from __future__ import annotations

from collections.abc import Mapping

from forms.refusals import sentence
from forms.words import N_
from intake_app.words import gettext
from sync.errors import IntakeError, InvalidFields

OWN_SENTENCES = {
    "line_too_long": N_("The line is longer than %(max)s bytes; it cannot be a report."),
    "not_utf8": N_("The line is not UTF-8 text."),
    "not_json": N_("The line is not JSON."),
    "not_an_object": N_("The line is JSON, but not an object in braces { }."),
    "port_taken": N_("Port %(port)s on %(host)s cannot be used (%(problem)s); choose another one with --port."),
    "already_set_up": N_("%(folder)s is set up already (office %(office)s); nothing was changed."),
    "begun_otherwise": N_("%(folder)s was begun as office %(office)s; set up that office, or use another folder."),
    "being_set_up": N_("%(folder)s is being set up by another process at this moment."),
    "demo_runs": N_("The demo runs already: %(control)s"),
    "child_failed": N_("Node %(office)s of the demo did not start: %(said)s (%(file)s)"),
    "central_office": N_("The centre's own office is 1022, and no other office is."),
}


def refusal(problem: IntakeError) -> str:
    """The sentence for a refusal; several fields that do not fit are told after each other, by their keys."""
    if isinstance(problem, InvalidFields):
        return " ".join(f"{field}: {why(one.code, one.params)}" for field, one in problem.problems.items())
    return why(problem.code, problem.params)


def why(code: str, params: Mapping[str, object] | None = None) -> str:
    """The sentence for a code; a code without a sentence is shown as it is."""
    if code in OWN_SENTENCES:
        return gettext(OWN_SENTENCES[code], **(params or {}))
    return sentence(code, params, gettext)
