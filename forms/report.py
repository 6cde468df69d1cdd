"""Forms of one report: notes, calls, telling the citizen, and one form for every step of the workflow."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.dispatch import AgenciesField, AgencyField
from forms.fields import AreaField, ChoiceField, KitForm, Marked, Required, TextField, TimeField
from forms.intake import MatterForm
from forms.words import choices, label
from sync.limits import TEXT_MAX
from sync.workflow import Step


class NoteForm(KitForm):
    """A note on a report."""

    text = AreaField(_l("Note"), validators=[Required()], longest=TEXT_MAX)
    audience = ChoiceField(_l("For whom"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audience.choices = [("internal", _("Internal")), ("citizen", _("May be told to the citizen"))]


class CallForm(KitForm):
    """A call with the citizen and what came of it."""

    direction = ChoiceField(label("direction"))
    result = ChoiceField(label("result"), validators=[Required()])
    text = AreaField(_l("What was said"), longest=TEXT_MAX, rows=2)
    next_try = TimeField(
        label("next_try"), description=_l("If nobody answered: like 14:00 or 09:00 06/12."), longest=40
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.direction.choices, self.result.choices = choices("direction"), choices("result")


class CallResultForm(KitForm):
    """What came of a call on the list of people to call: one press, the rest may stay empty."""

    result = ChoiceField(label("result"), validators=[Required()])
    text = TextField(_l("What was said"), longest=TEXT_MAX)
    next_try = TimeField(label("next_try"), longest=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.result.choices = choices("result")


class InformForm(KitForm):
    """That the citizen was told the answer."""

    means = ChoiceField(label("means"))
    result = TextField(_l("Who was told, what they said"), longest=200)
    text = AreaField(_l("What was told"), longest=TEXT_MAX, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.means.choices = choices("means")


class RateForm(KitForm):
    """How content the citizen is, in the words of the hotline's four grades."""

    score = ChoiceField(_l("How content the citizen is"), validators=[Required()])
    text = AreaField(_l("In the citizen's words"), longest=TEXT_MAX, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.score.choices = [("", _("– choose –")), *choices("score")]


class LinkForm(KitForm):
    """Another report, named by its code, and how the two belong together."""

    code = TextField(
        _l("Tracking code of the other report"), validators=[Required()], longest=40,
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )  # fmt: skip
    relation = ChoiceField(label("relation"), validators=[Required()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relation.choices = choices("relation")


class PauseForm(KitForm):
    """Why the clock stops."""

    reason = AreaField(_l("Why the clock stops"), validators=[Required()], longest=TEXT_MAX, rows=2)


class ResumeForm(KitForm):
    """That the clock runs again."""

    reason = AreaField(_l("Remark"), longest=TEXT_MAX, rows=2)


class ExtendForm(KitForm):
    """A later deadline and why."""

    deadline = TimeField(
        _l("New deadline"), validators=[Marked()], description=_l("Like 17:00 05/12/2021."), longest=40
    )
    reason = AreaField(_l("Why more time is needed"), validators=[Required()], longest=TEXT_MAX, rows=2)


class ReasonedMatterForm(MatterForm):
    """The fields of a report with the reason why they are changed."""

    reason = TextField(_l("Reason for the change"), longest=500)


TEXTS_OF_STEPS = {
    "ask": _l("What is lacking"),
    "supply": _l("What was supplied"),
    "route": _l("What the agency is asked to do"),
    "approve": _l("Remark"),
    "verify": _l("What is to be verified"),
    "accept": _l("Remark"),
}
REASONS_OF_STEPS = {
    "withdraw": _l("The citizen's wish, and how it is known"),
    "reopen": _l("Why it is taken up again"),
    "return": _l("Why it is returned"),
    "reject": _l("Why it is not accepted"),
    "send_back": _l("What has to be done again"),
}


def step_form(step: Step) -> type[KitForm]:
    """The form of a step: what it requires first, then what it may say besides."""
    fields: dict[str, Any] = {}
    for name in (*step.requires, *step.accepts):
        # An approval takes the draft where nothing else is said, but nobody approves an answer that was wiped out.
        needed = name in step.requires or (step.name, name) == ("approve", "answer")
        validators = [Required()] if needed else []
        fields[name] = _step_field(step.name, name, validators)
    return type("StepForm", (KitForm,), fields)


def _step_field(step: str, name: str, validators: list[Any]) -> Any:
    if name == "agency":
        return AgencyField(label("lead_agency") if step == "route" else _l("Agency that should have it"), validators)
    if name == "supporting":
        return AgenciesField(label("supporting"), validators)
    if name == "deadline":
        return TimeField(label("deadline"), validators, description=_l("Like 17:00 05/12/2021."), longest=40)
    if name == "handler":
        return TextField(label("handler"), validators, description=_l("Empty means yourself."), longest=120)
    if name == "procedure":
        return TextField(_l("Procedure or office the citizen is guided to"), validators, longest=500)
    words = {"text": TEXTS_OF_STEPS, "reason": REASONS_OF_STEPS}.get(name, {})
    rows = 6 if name == "answer" else 3
    return AreaField(words.get(step) or label(name), validators, longest=TEXT_MAX, rows=rows)


def details_of(form: KitForm) -> dict[str, Any]:
    """What was typed for a step; what was left empty is left out."""
    return {field.name: field.data for field in form if field.name != "csrf_token" and field.data not in (None, "", [])}
