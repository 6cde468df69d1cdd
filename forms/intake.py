"""The one-screen form of a new report, and the same fields when a report is changed later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import ValidationError

from forms.fields import (
    AreaField,
    ChoiceField,
    KitForm,
    Marked,
    SwitchField,
    TextField,
    TimeField,
    UnitField,
)
from forms.questions import answers_of, filled, question_fields
from forms.refusals import sentence
from forms.words import choices, label
from sync.limits import DEFAULTS, DETAILS_MAX, SUMMARY_MAX

TYPED = (
    *("summary", "details", "village", "address", "point", "intake_no"),
    *("name", "representative_name", "phone", "home_address", "national_id", "email", "social"),
)
CHOSEN = ("kind", "topic", "urgency", "language", "reply_by")
SWITCHES = ("anonymous", "representative", "confidential", "publish_consent", "consent")
UNITS = ("unit", "home_unit")
# Whoever answers at once says how the matter ended; the rest waits for an agency.
OUTCOMES = {"received": (), "answered_on_spot": ("answer_text",), "guided": ("procedure",)}
# Who the report is from, as one question: the two switches of a report are its answers.
REPORT_AS = {"self": (False, False), "anonymous": (True, False), "behalf": (False, True)}


class MatterForm(KitForm):
    """Who reported, what, where: what can be typed and changed later."""

    phone = TextField(label("phone"), longest=40, render_kw={"inputmode": "tel", "autocomplete": "off"})
    name = TextField(label("name"), longest=120, render_kw={"autocomplete": "off"})
    representative_name = TextField(label("representative_name"), longest=120, render_kw={"autocomplete": "off"})
    anonymous = SwitchField(label("anonymous"))
    representative = SwitchField(label("representative"))
    confidential = SwitchField(label("confidential"))
    consent = SwitchField(label("consent"))
    home_address = TextField(label("home_address"), longest=250)
    home_unit = UnitField(label("home_unit"), longest=120, render_kw={"autocomplete": "off"})
    national_id = TextField(
        label("national_id"),
        longest=12,
        description=_l("12 digits; ask for it only where a procedure needs it."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    email = TextField(label("email"), longest=180, render_kw={"inputmode": "email", "autocomplete": "off"})
    social = TextField(label("social"), longest=120)
    reply_by = ChoiceField(label("reply_by"))
    language = ChoiceField(label("language"))

    kind = ChoiceField(label("kind"))
    summary = TextField(label("summary"), validators=[Marked()], longest=SUMMARY_MAX)
    details = AreaField(label("details"), longest=DETAILS_MAX, rows=3)
    publish_consent = SwitchField(label("publish_consent"))

    unit = UnitField(label("unit"), validators=[Marked()], longest=120, render_kw={"autocomplete": "off"})
    address = TextField(label("address"), longest=250)
    topic = ChoiceField(label("topic"), validators=[Marked()])
    urgency = ChoiceField(label("urgency"))
    village = TextField(label("village"), longest=120)
    point = TextField(label("point"), longest=30, description=_l("Latitude and longitude, like 19.8072,105.7764."))
    occurred_at = TimeField(
        label("occurred_at"), description=_l("Like 08:30 05/12/2021; the hour alone means today."), longest=40
    )
    intake_no = TextField(label("intake_no"), longest=20)

    def __init__(
        self, *args: Any, topics: Mapping[str, Any], topic_names: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.topics = topics
        self.topic.choices = [("", _("– choose –")), *topic_names]
        self.kind.choices, self.urgency.choices = choices("kind"), choices("urgency")
        self.reply_by.choices = [("", _("– not asked –")), *choices("reply_by")]
        self.language.choices = choices("language")

    def line(self) -> dict[str, Any]:
        """What was typed as keys of a record line; what was left empty or as usual is left out."""
        values = {key: self[key].data for key in (*TYPED, *CHOSEN, *SWITCHES, *UNITS, "occurred_at")}
        values["answers"] = answers_of(self._fields, self.topics.get(self.topic.data))
        return {
            key: value for key, value in values.items() if value not in (None, "", {}) and value != DEFAULTS.get(key)
        }

    def changes_from(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """The keys whose value differs from what is known; None takes a value away."""
        typed = self.line()
        keys = {*typed, *(key for key in known if key in self or key == "answers")}
        changed = {key: typed.get(key, DEFAULTS.get(key)) for key in keys}
        return {key: value for key, value in changed.items() if value != known.get(key, DEFAULTS.get(key))}


class IntakeForm(MatterForm):
    """A new report: with its channel, when it was received, and how it ended if it ended at once."""

    draft = HiddenField()
    channel = ChoiceField(label("channel"))
    report_as = ChoiceField(_l("Reports as"))
    received_at = TimeField(
        label("received_at"), description=_l("Only for what came in earlier; empty means now."), longest=40
    )
    paper_code = TextField(
        _l("Code on the paper form"),
        longest=20,
        description=_l("Only for a form filled in by hand; type when it was received, too."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    opening = ChoiceField(_l("Outcome"))
    answer_text = AreaField(_l("Answer given to the citizen"), longest=5000, rows=4)
    article = HiddenField()  # of the answer library, where the text came from there
    guided_to = ChoiceField(_l("Procedure the citizen was guided to"))
    procedure = TextField(_l("Another procedure or office, or what was added"), longest=500)

    def __init__(self, *args: Any, procedures: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        """Takes the procedures by code: the name in the reader's language, and the text that the report keeps."""
        super().__init__(*args, **kwargs)
        self.procedures = procedures
        self.guided_to.choices = [
            ("", _("– another one –")),
            *((code, name) for code, (name, _text) in procedures.items()),
        ]
        self.channel.choices = choices("channel")
        self.report_as.choices = [
            ("self", _("For themselves")), ("anonymous", _("Without a name")), ("behalf", _("For somebody else")),
        ]  # fmt: skip
        self.opening.choices = [
            ("received", _("To be handled")),
            ("answered_on_spot", _("Answered on the spot")),
            ("guided", _("Guided to another procedure")),
        ]

    def validate_answer_text(self, field: AreaField) -> None:
        """Ask for the answer of a report that was answered at once."""
        self._needed(field)

    def validate_procedure(self, field: TextField) -> None:
        """Ask for the procedure of a citizen who was guided to one, unless it is one of the list."""
        if self.guided_to.data not in self.procedures:
            self._needed(field)

    def _needed(self, field: TextField | AreaField) -> None:
        if field.short_name in OUTCOMES.get(self.opening.data or "", ()) and not field.data:
            raise ValidationError(sentence("required"))

    def line(self) -> dict[str, Any]:
        """What was typed as a record line."""
        own = {"channel": self.channel.data, "received_at": self.received_at.data}
        typed = {key: value for key, value in super().line().items() if key not in ("anonymous", "representative")}
        anonymous, representative = REPORT_AS.get(self.report_as.data or "self", REPORT_AS["self"])
        if not representative:
            typed.pop("representative_name", None)
        own |= {"anonymous": anonymous, "representative": representative}
        return typed | {key: value for key, value in own.items() if value}

    def ending(self) -> dict[str, Any]:
        """How the report opens, with the text that this way of opening needs."""
        opening = self.opening.data if self.opening.data in OUTCOMES else "received"
        said = {key: self[key].data or None for key in OUTCOMES[opening]}
        if opening == "guided" and self.guided_to.data in self.procedures:
            text = self.procedures[self.guided_to.data][1]
            said["procedure"] = f"{text} – {self.procedure.data}" if self.procedure.data else text
        if opening == "answered_on_spot" and self.article.data:
            said["article"] = self.article.data
        return {"opening": opening} | said


def with_questions(form: type[MatterForm], topic: Any, language: str) -> type[MatterForm]:
    """The form with the questions of a topic in it."""
    return type(form.__name__, (form,), question_fields(topic, language))


def data_of(known: Mapping[str, Any]) -> dict[str, Any]:
    """A report's values as data for the fields."""
    return {key: value for key, value in known.items() if key not in ("answers", *UNITS)} | filled(
        known.get("answers", {})
    )


def show_units(form: MatterForm, known: Mapping[str, Any]) -> None:
    """Write the names of a report's units into the fields."""
    for key in UNITS:
        form[key].show(known.get(key), form.surroundings["places"])


def reported_as(known: Mapping[str, Any]) -> str:
    """Who a report is from, as the form asks it."""
    switches = bool(known.get("anonymous")), bool(known.get("representative"))
    return next((code for code, answer in REPORT_AS.items() if answer == switches), "anonymous")


def settle_units(form: MatterForm) -> None:
    """Turn typed names into units where the form is only shown again; a name that fits several is offered to choose."""
    for key in UNITS:
        if form[key].typed:
            form[key].validate(form)
