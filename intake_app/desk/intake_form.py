"""Making the form of a new report: empty, for somebody known already, from a draft, or from what was sent."""

from __future__ import annotations

from typing import Any

from flask import request, session
from werkzeug.datastructures import MultiDict

from forms.intake import IntakeForm, data_of, reported_as, show_units, with_questions
from intake_app.actions.hint import Caller, Duplicate, Typed, find_caller, find_duplicates
from intake_app.auth import current_actor
from intake_app.desk.at_hand import (
    find_report,
    language,
    sight,
    surroundings,
    the_directory,
    the_node,
    topic_of,
    topics_offered,
)
from intake_app.desk.sight import may_see
from intake_app.store.drafts import Draft
from intake_app.store.wordlists import Procedure, procedure_hinted, procedures, topic_hinted
from sync.limits import CHANNELS, PRIVATE_FIELDS

BUTTONS = ("action", "join", "fill", "take_topic", "guide")


def make_form(sent: MultiDict[str, str] | None = None, topic_code: str = "") -> IntakeForm:
    """The form with what was sent in it, and the questions of its topic."""
    topic = topic_of(sent.get("topic") if sent is not None else topic_code)
    names = {each.code: (each.en if language() == "en" else each.vi, each.text()) for each in procedures().values()}
    made = with_questions(IntakeForm, topic, language())
    offered = topics_offered(topic.code if topic else "")
    form = made(formdata=sent, topics=the_directory().topics, topic_names=offered, procedures=names, **surroundings())
    form.draft.data = form.draft.data or the_node().entropy(16).hex()
    return form


def new_form() -> IntakeForm:
    """An empty form with what is known before anybody speaks: channel, the office's own commune, the same person again."""
    form = make_form()
    channel = request.args.get("channel")
    form.channel.data = channel if channel in CHANNELS else session.get("channel", "phone")
    form.paper_code.data = request.args.get("paper_code", "")[:20]
    known = _same_person(request.args["same"]) if request.args.get("same") else {}
    for name, value in data_of(known).items():
        if name in form:
            form[name].data = value
    form.report_as.data = reported_as(known)
    show_units(form, known)
    office = the_directory().offices.get(current_actor().office)
    unit = the_directory().unit(office.unit) if office else None
    # A commune mostly records its own matters; a district has to say in which commune, or the case goes astray.
    if unit and unit.level == "commune":
        form.unit.show(unit.code, the_directory())
    return form


def drafted_form(draft: Draft) -> IntakeForm:
    """The form as it was when the draft was kept."""
    return make_form(
        MultiDict([*((name, value) for name, value in draft.fields if name != "draft"), ("draft", draft.key)])
    )


def _same_person(report_id: str) -> dict[str, Any]:
    """Who reported another matter a moment ago: nobody is asked the same twice in one visit."""
    state = find_report(report_id).state
    person = {key: value for key, value in state.get("reporter", {}).items() if key in PRIVATE_FIELDS}
    if typed := person.pop("phone_typed", None):
        person["phone"] = typed
    kept = ("channel", "anonymous", "representative", "confidential", "consent", "language", "reply_by")
    return person | {key: state[key] for key in kept if key in state}


class Hints:
    """What may help the officer, from what stands in the form; each part is looked up when a page asks for it."""

    def __init__(self, form: IntakeForm) -> None:
        self.text = f"{form.summary.data or ''} {form.details.data or ''}"
        self.unit = unit_of(form)
        self._topic_chosen = form.topic.data
        self._typed = Typed(form.phone.data or "", form.summary.data or "", self.unit, form.address.data or "")

    @property
    def caller(self) -> Caller | None:
        """Who called before from this number."""
        return find_caller(the_node(), self._typed.phone, lambda state: may_see(sight(), state))

    @property
    def duplicates(self) -> list[Duplicate]:
        """Reports that may be about the same matter."""
        return find_duplicates(the_node(), self._typed, lambda state: may_see(sight(), state))

    @property
    def topic(self) -> str | None:
        """The topic the words hint at, while none is chosen."""
        return topic_hinted(self.text) if not self._topic_chosen else None

    @property
    def procedure(self) -> Procedure | None:
        """The procedure the words hint at: only a hint, the officer decides."""
        return procedure_hinted(self.text)


def unit_of(form: IntakeForm) -> str:
    """The code of the commune typed so far, where it is clear which."""
    if form.unit.data:
        return str(form.unit.data)
    typed = form.unit.typed
    if the_directory().unit(typed):
        return typed
    found = the_directory().find_units(typed, limit=2) if typed else []
    exact = [unit for unit in found if the_directory().unit_label(unit.code) == typed]
    return found[0].code if len(found) == 1 else exact[0].code if exact else ""


def shown_hints(form: IntakeForm) -> Hints | None:
    """The hints for a page that is shown with something typed in it."""
    return Hints(form) if form.phone.data or form.summary.data else None
