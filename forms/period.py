"""A period from one day to another, both included, as books and lists are asked for."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l

from forms.fields import DayField, KitForm
from forms.refusals import sentence

DAYS_MAX = 366


class PeriodForm(KitForm):
    """From which day to which; without one it is the month so far."""

    class Meta:
        csrf = False  # it only asks

    first = DayField(_l("From day"), longest=20)
    last = DayField(_l("To day"), longest=20, description=_l("Like 05/12/2021; both days are included."))

    def period(self, today: date) -> tuple[date, date]:
        """The days meant; what does not fit is said beside its field, and the month so far stands for it."""
        whole = self.validate()
        first = date.fromisoformat(self.first.data) if whole and self.first.data else today.replace(day=1)
        last = date.fromisoformat(self.last.data) if whole and self.last.data else max(first, today)
        if last < first:
            self.last.errors = [sentence("days_turned")]
            last = first
        elif (last - first).days >= DAYS_MAX:
            self.last.errors = [sentence("period_too_long", {"days": DAYS_MAX})]
            last = first + timedelta(days=DAYS_MAX - 1)
        return first, last
