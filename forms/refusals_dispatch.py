"""The sentences of refusal of dispatching: routing rules, returns, claims, publicity, several reports at once."""

from __future__ import annotations

from forms.words import N_

SENTENCES_OF_DISPATCH = {
    "no_such_rule": N_("There is no such routing rule on this computer. Look for it in the list of rules."),
    "one_lead": N_("Choose one agency, or tick the box for the district’s; not both and not neither."),
    "leads_already": N_("The lead agency cannot support itself. Take it out here."),
    "returned_twice": N_(
        "This report was given back twice already, so it cannot be given back again: the centre has decided which agency"
        " handles it. The report is safe and unchanged. Handle it, or call the dispatcher."
    ),
    "deadline_stays": N_(
        "This report was given back, and its deadline goes on: routing it again does not set another one. The report is safe and"
        " unchanged. Route it without a deadline; who needs more time extends it, with a reason."
    ),
    "private_by_wish": N_(
        "The citizen does not want this matter to be published. Nothing was published; type the reason if it weighs more."
    ),
    "still_personal": N_("This must not be published: %(found)s. Take it out."),
    "not_checked": N_("Read these words once more, then tick the box: %(found)s."),
    "not_public": N_("The report is not published. Nothing was changed."),
    "claimed": N_(
        "%(name)s has this report in hand since %(since)s. Nothing was saved; what you typed is still here. Speak to each"
        " other, wait until %(until)s, or take it over on the report’s page."
    ),
    "moved_meanwhile": N_("Something happened to this report after the list was opened. Look at it first."),
    "too_many_chosen": N_("At most %(max)s reports at once. Nothing was routed; tick fewer."),
    "not_linked": N_("This report is not linked with the one that has the answer."),
    "no_answer_to_share": N_("The report has no approved answer that others could get. Answer it first."),
}
# Nothing raises these any more; older files and verdicts hold them, and they say what the other one says.
RETIRED = {"rule_edited_meanwhile": "edited_meanwhile"}
