"""The period of figures: some usual ones by a link, any other by its days; and what a bulletin is of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.fields import ChoiceField, DayField
from forms.period import PeriodForm
from forms.words import N_

USUAL = {"1": N_("Today"), "7": N_("7 days"), "30": N_("30 days"), "90": N_("90 days"), "365": N_("One year")}
DEFAULT = "30"
BULLETINS = {
    "day": N_("Daily bulletin"),
    "week": N_("Weekly bulletin"),
    "month": N_("Monthly bulletin"),
    "quarter": N_("Quarterly bulletin"),
    "year": N_("Yearly bulletin"),
    "free": N_("Bulletin on request"),
}
EDITIONS = {"inside": N_("Inside edition"), "outside": N_("Outside edition")}


class FiguresForm(PeriodForm):
    """Figures of so many days up to today, or of the days that were typed."""

    def days(self, today: date, wanted: Mapping[str, str]) -> tuple[date, date, str]:
        """The first and last day, and which of the usual periods it is."""
        if wanted.get("first") or wanted.get("last"):
            return (*self.period(today), "")
        usual = wanted.get("days", DEFAULT)
        usual = usual if usual in USUAL else DEFAULT
        first = today - timedelta(days=int(usual) - 1)
        return first, today, usual


class BulletinForm(PeriodForm):
    """What a bulletin is of: a kind and a day in its period, or for one on request the days."""

    kind = ChoiceField(_l("Kind of bulletin"))
    first = DayField(_l("Day in the period, or first day"), longest=20)
    last = DayField(_l("Last day"), longest=20, description=_l("Only for a bulletin on request."))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(code, _(text)) for code, text in BULLETINS.items()]
