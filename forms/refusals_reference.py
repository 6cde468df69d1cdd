"""The sentences of refusals about units, offices, agencies, topics and reorganisations."""

from __future__ import annotations

from forms.marking import N_

SENTENCES_OF_REFERENCE = {
    "unknown_unit": N_("No such commune or ward. Type part of its name and choose from the list."),
    "several_units": N_("Several places have this name. Choose one below."),
    "unknown_agency": N_("No such agency. Choose one from the list."),
    "unknown_topic": N_("No such topic. Choose one from the list."),
    "unknown_question": N_("The topic does not ask “%(question)s”. Choose the topic again."),
    "no_such_structure": N_("There is no structure of units “%(structure)s”. Publish it first, or choose another code."),
    "no_such_unit": N_("There is no such unit. Choose one from the list."),
    "no_such_office": N_("There is no such office. Choose one from the list."),
    "no_such_agency": N_("There is no such agency. Choose one from the list."),
    "no_such_topic": N_("There is no such topic. Choose one from the list."),
    "bad_structure": N_("A structure is called by its year, like 2025."),
    "bad_office_number": N_("An office has a number of four digits, like 5001."),
    "bad_parent": N_("Choose a larger unit in which this one lies; the province lies in none."),
    "other_structure": N_("That unit belongs to another structure. Choose one of the same year."),
    "same_start": N_("Structure %(structure)s is in force from that day already. Choose another day."),
    "code_taken": N_(
        "“%(code)s” is known already. Nothing was published: open it in the list to change it, or choose another code."
    ),
    "too_many_questions": N_("A topic asks at most %(max)s questions."),
    "bad_questions": N_(
        "A question needs its words in both languages, a code of its own in small letters, digits and underscores, and, where one"
        " chooses, at least two answers that differ. Put that right and publish again."
    ),
    "question_type_kept": N_(
        "“%(question)s” was asked in another kind before, and reports have answers to it. Tick “Not asked any more” and add a new"
        " question."
    ),
    "own_office": N_("The centre's own office cannot be retired."),
    "unit_has_parts": N_("%(count)s units lie in it. Retire or move those first; nothing was changed."),
    "agency_ended": N_("%(agency)s no longer works. Choose the agency that took its place."),
    "columns_missing": N_("The first line of the table does not name these columns: %(columns)s. Nothing was published."),
    "too_many_lines": N_("The table has more than %(max)s lines. Nothing was published; look whether it is the right one."),
    "tables_do_not_fit": N_("%(count)s lines do not fit. Nothing was published; correct them and look again."),
    "file_not_utf8": N_("The file is not text in UTF-8. Save it as “CSV UTF-8” and choose it again."),
}
