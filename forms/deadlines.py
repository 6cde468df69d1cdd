"""Forms of calendars and deadline rules: writing one, trying a rule out, urging an agency."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from forms.fields import (
    AreaField,
    ChoiceField,
    DayField,
    KitForm,
    Marked,
    NumberField,
    Required,
    SeveralField,
    SwitchField,
    TextField,
    TimeField,
)
from forms.refusals import sentence
from forms.times import parse_day
from forms.words import choices, label

WEEKDAYS = (_l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"), _l("Sunday"))
_SPAN = re.compile(r"(\d{1,2})[:h](\d{2})?\s*[-–—]\s*(\d{1,2})[:h](\d{2})?")
_LINE = re.compile(r"(\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{4})?|\d{4}-\d{2}-\d{2})\s*[:;,–-]?\s*(.*)")
_YEARLY = re.compile(r"(\d{1,2})[/.-](\d{1,2})")


class HoursField(TextField):
    """Office hours, typed like 07:30-11:30, 13:30-17:30; `data` is a list of spans."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[-1].strip() if valuelist else ""
        self.data = []

    def pre_validate(self, form: KitForm) -> None:
        parts = [part.strip() for part in self.typed.split(",") if part.strip()]
        found = [_SPAN.fullmatch(part) for part in parts]
        if not all(found):
            raise StopValidation(sentence("not_office_hours"))
        self.data = [[_hour(one[1], one[2]), _hour(one[3], one[4])] for one in found if one]

    def _value(self) -> str:
        return self.typed or ", ".join("-".join(span) for span in self.data or ())


def _hour(hour: str, minute: str | None) -> str:
    return f"{int(hour):02d}:{minute or '00'}"


class DaysField(AreaField):
    """Days with their names, one a line: 27/01/2025 Tết Nguyên đán; without a year every year's, where that is allowed."""

    typed = ""

    def __init__(self, *args: Any, yearly: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.yearly = yearly

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[-1].replace("\r\n", "\n").strip() if valuelist else ""
        self.data = []

    def pre_validate(self, form: KitForm) -> None:
        self.data = [self._read(line.strip(), form) for line in self.typed.splitlines() if line.strip()]

    def _read(self, line: str, form: KitForm) -> dict[str, str]:
        found = _LINE.fullmatch(line)
        yearly = _YEARLY.fullmatch(found[1]) if found else None
        if found and yearly and self.yearly:
            return {"day": f"{int(yearly[2]):02d}-{int(yearly[1]):02d}", "name": found[2].strip()}
        day = parse_day(found[1], form.surroundings["now"].date()) if found and not yearly else None
        if found is None or day is None:
            raise StopValidation(_("“%(line)s” is no day with its name. Write one a line, like 27/01/2025 Tết.", line=line[:60]))
        return {"day": day.isoformat(), "name": found[2].strip()}

    def _value(self) -> str:
        return self.typed or "\n".join(f"{_typed_day(each['day'])} {each['name']}" for each in self.data or ())


def _typed_day(day: str) -> str:
    return "/".join(reversed(day.split("-")))


class StepsField(TextField):
    """Whole numbers with commas between them."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[-1].strip() if valuelist else ""
        self.data = []

    def pre_validate(self, form: KitForm) -> None:
        parts = [part.strip() for part in self.typed.replace("%", "").split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
            raise StopValidation(sentence("not_rising_steps"))
        self.data = [int(part) for part in parts]

    def _value(self) -> str:
        return self.typed or ", ".join(map(str, self.data or ()))


class ContentForm(KitForm):
    """What is published in editions."""

    def content(self) -> dict[str, Any]:
        """What was typed, by the keys of the content."""
        return {name: self[name].data for name in self._fields if name != "csrf_token"}


class CalendarForm(ContentForm):
    """One calendar; every computer of the province counts by it."""

    name = TextField(_l("Name"), validators=[Marked()], longest=120, description=_l("Like “Year 2027”."))
    valid_from = DayField(_l("Valid from"), validators=[Marked()], description=_l("Day, like 05/12/2021"))
    valid_to = DayField(_l("Valid up to and including"), description=_l("The last day; empty means until further notice."))
    weekdays = SeveralField(_l("Days of the week that are worked"), validators=[Marked()])
    hours = HoursField(
        _l("Office hours"), validators=[Marked()], description=_l("Morning and afternoon, like 07:30-11:30, 13:30-17:30.")
    )
    holidays = DaysField(
        _l("Days off"), rows=12, yearly=True,
        description=_l("One a line, like 27/01/2025 Tết Nguyên đán. Without a year, like 30/04, it is off in every year."),
    )  # fmt: skip
    make_up_days = DaysField(
        _l("Days worked instead"), rows=3, description=_l("Days that are worked although they are none of the days above.")
    )
    source = TextField(
        _l("Source document"), validators=[Marked()], longest=250,
        description=_l("Number, date and issuing body of the document that this rests on."),
    )  # fmt: skip
    to_check = SwitchField(_l("Still to be checked by a civil servant"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekdays.choices = [(str(at), str(name)) for at, name in enumerate(WEEKDAYS, 1)]

    def content(self) -> dict[str, Any]:
        """What was typed; the weekdays as numbers."""
        return super().content() | {"weekdays": sorted(int(each) for each in self.weekdays.data or () if each.isdigit())}


class RuleForm(ContentForm):
    """One rule of how long a matter may take."""

    name = TextField(_l("Name"), validators=[Marked()], longest=120)
    topic = ChoiceField(label("topic"))
    urgency = ChoiceField(label("urgency"))
    amount = NumberField(_l("Time allowed"), validators=[Marked()])
    unit_of_time = ChoiceField(_l("Counted in"), validators=[Marked()])
    soon = NumberField(
        _l("Remind when so much is left"), description=_l("In the same unit; empty or 0: no reminder before it is due.")
    )
    escalate_at = StepsField(
        _l("Tell the leaders at (% of the time)"), longest=40,
        description=_l("Like 100, 150, 200: when the time is over, half as much again is gone, twice as much is. Empty: 100."),
    )  # fmt: skip
    source = TextField(
        _l("Source document"), validators=[Marked()], longest=250,
        description=_l("Number, date and issuing body of the document that this rests on."),
    )  # fmt: skip
    valid_from = DayField(_l("Valid from"), validators=[Marked()], description=_l("For reports received from this day on."))
    valid_to = DayField(_l("Valid up to and including"), description=_l("The last day; empty means until further notice."))
    to_check = SwitchField(_l("Still to be checked by a civil servant"))

    def __init__(self, *args: Any, topic_names: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic.choices = [("", _("every topic")), *topic_names]
        self.urgency.choices = [("", _("every urgency")), *choices("urgency")]
        self.unit_of_time.choices = choices("unit_of_time")


class TryForm(KitForm):
    """Of which report the deadline is tried out."""

    class Meta:
        csrf = False  # looking changes nothing, and the address can be kept

    topic = ChoiceField(label("topic"))
    urgency = ChoiceField(label("urgency"))
    received = TimeField(_l("Received at"), longest=40, description=_l("Empty: now."))

    def __init__(self, *args: Any, topic_names: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic.choices, self.urgency.choices = topic_names, choices("urgency")


class UrgeForm(KitForm):
    """The words with which an agency is urged."""

    text = AreaField(_l("What the agency is told"), validators=[Required()], longest=1000, rows=3)
