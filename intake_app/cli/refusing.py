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
    "mapping_too_large": N_("The mapping file is larger than %(max)s bytes. Is it the right file?"),
    "mapping_not_toml": N_("The mapping is not valid TOML: %(problem)s."),
    "mapping_unknown_section": N_(
        "The mapping has a part “%(section)s” that does not exist. There are key, constants, columns, times and values."
    ),
    "mapping_not_a_table": N_("“%(where)s” in the mapping has to be a table."),
    "mapping_needs_columns": N_("“%(where)s” in the mapping has to name one or more columns."),
    "mapping_one_column": N_("“%(where)s” in the mapping may name only one column."),
    "mapping_unknown_option": N_("“%(where)s” in the mapping has an option “%(option)s” that does not exist."),
    "mapping_bad_option": N_("The option “%(option)s” of “%(where)s” in the mapping does not fit."),
    "mapping_bad_value": N_("“%(where)s” in the mapping has the value “%(value)s”, which no report can have."),
    "mapping_unknown_key": N_("The mapping names “%(key)s”, which cannot be filled here."),
    "mapping_needs_zone": N_('“%(where)s” in the mapping needs a time zone: add zone = "Asia/Ho_Chi_Minh".'),
    "mapping_key_twice": N_("The mapping fills “%(key)s” twice."),
    "mapping_key_missing": N_("The mapping does not fill “%(key)s”, which every report needs."),
    "csv_no_header": N_("The file has no readable first line with the names of its columns."),
    "csv_column_missing": N_("The file has no column “%(column)s”. It has: %(columns)s."),
    "csv_column_twice": N_("The file has two columns “%(column)s”. Rename one of them."),
    "csv_broken_quotes": N_(
        "This record, down to line %(last)s, cannot be read: a quotation mark is missing or not doubled, or a field is too long."
    ),
    "csv_row_width": N_("The record has %(found)s fields instead of %(expected)s."),
    "csv_not_utf8": N_("Column “%(column)s” is not in UTF-8. Save the file as “CSV UTF-8”."),
    "csv_key_empty": N_("Column “%(column)s”, which identifies the record, is empty."),
    "csv_value_unknown": N_("Column “%(column)s” has “%(value)s”, which is not in the mapping."),
    "csv_time_unreadable": N_("Column “%(column)s” has “%(value)s”, which is not a time of the form %(format)s."),
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
