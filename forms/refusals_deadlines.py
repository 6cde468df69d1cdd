"""The sentences of refusal of deadlines: calendars, rules, urging."""

from __future__ import annotations

from forms.marking import N_

SENTENCES_OF_DEADLINES = {
    "no_such_calendar": N_("There is no such calendar. Nothing was changed; look at the list of calendars."),
    "no_such_deadline_rule": N_("There is no such deadline rule. Nothing was changed; look at the list of rules."),
    "not_office_hours": N_("These are no office hours. Type them in their order, like 07:30-11:30, 13:30-17:30."),
    "day_twice": N_("A day stands here twice, or is both a day off and worked instead. Take it out once."),
    "not_rising_steps": N_("Type up to five whole numbers from 100 on, each larger than the one before, like 100, 150, 200."),
    "soon_too_long": N_("This has to be less than the whole time. Type a smaller number."),
    "not_routed_yet": N_("The report is with no agency yet, so nobody can be urged. Route it first; nothing was changed."),
}
