"""What a file of reports is to hold, and in which form."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.fields import ChoiceField, DayField, KitForm, Required
from forms.refusals import sentence
from forms.words import N_

FORMATS = {
    "xlsx": N_("Excel workbook"),
    "csv": N_("CSV table (opens in Excel)"),
    "jsonl": N_("JSON lines, for programs"),
}


class ExportForm(KitForm):
    """The form of the file, and from which day to which; without days it is everything."""

    format = ChoiceField(_l("Form of the file"), validators=[Required()])
    first = DayField(_l("From day"), longest=20)
    last = DayField(_l("To day"), longest=20, description=_l("Without days the file holds all reports."))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.format.choices = [(code, _(text)) for code, text in FORMATS.items()]

    def days(self, today: date) -> tuple[date, date] | None:
        """The days meant, both included; None for all. What does not fit is said beside its field."""
        if not self.first.data and not self.last.data:
            return None
        first = date.fromisoformat(self.first.data) if self.first.data else date(1970, 1, 2)
        last = date.fromisoformat(self.last.data) if self.last.data else today
        if last < first:
            self.last.errors = [sentence("days_turned")]
        return first, last
