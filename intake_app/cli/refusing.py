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
    "mapping_too_large": N_("The mapping is larger than %(max)s bytes."),
    "mapping_not_toml": N_("The mapping cannot be read as TOML: %(problem)s."),
    "mapping_unknown_section": N_("The mapping has an unknown part: %(section)s."),
    "mapping_not_a_table": N_("“%(where)s” in the mapping has to be a table."),
    "mapping_needs_columns": N_("“%(where)s” in the mapping has to name one or more columns."),
    "mapping_unknown_option": N_("“%(where)s” in the mapping has an unknown option: %(option)s."),
    "mapping_one_column": N_("“%(where)s” in the mapping takes one column only."),
    "mapping_bad_value": N_("“%(where)s” in the mapping cannot be “%(value)s”."),
    "mapping_bad_option": N_("“%(option)s” of “%(where)s” in the mapping makes no sense."),
    "mapping_needs_zone": N_("“%(where)s” in the mapping needs a zone, such as Asia/Ho_Chi_Minh."),
    "mapping_unknown_key": N_("The mapping fills “%(key)s”, which is no key of a record line."),
    "mapping_key_twice": N_("The mapping fills “%(key)s” twice."),
    "mapping_key_missing": N_("The mapping does not fill “%(key)s”, which every report needs."),
    "csv_no_header": N_("The CSV file has no line with the names of its columns."),
    "csv_column_missing": N_("The CSV file has no column “%(column)s”; it has: %(columns)s."),
    "csv_column_twice": N_("The CSV file has two columns “%(column)s”."),
    "csv_broken_quotes": N_("The quotes do not close (up to line %(last)s)."),
    "csv_row_width": N_("There are %(found)s cells where the first line has %(expected)s."),
    "csv_not_utf8": N_("Column “%(column)s” is not UTF-8 text."),
    "csv_key_empty": N_("Column “%(column)s”, which makes the key, is empty."),
    "csv_value_unknown": N_("Column “%(column)s”: the mapping does not know the value “%(value)s”."),
    "csv_time_unreadable": N_("Column “%(column)s”: “%(value)s” is no time of the form %(format)s."),
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
