"""The steps of the workflow: one page for all of them, with the fields that the step asks for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.dispatch import agency_groups
from forms.fields import KitForm
from forms.refusals import attach, sentence
from forms.report import details_of, step_form
from forms.words import word
from intake_app.actions.step_report import step_report
from intake_app.auth import current_actor
from intake_app.desk.at_hand import agencies_offered, find_report, steps_of, surroundings, the_directory, the_node
from intake_app.desk.meanwhile import happened_since, mark_of
from intake_app.desk.offers import NONE, Offers, offers_for
from intake_app.desk.story import Moment, people_in
from intake_app.store.people import person_names
from intake_app.store.reports import Report
from sync import permission
from sync.errors import InvalidFields, Refused
from sync.returns import RETURNS_MAX, is_kept, returns_of
from sync.workflow import STEPS, Step, target_of

blueprint = Blueprint("steps", __name__)

PAGES = {"approve": "desk/approve.html"}


@blueprint.route("/reports/<report_id>/steps/<name>", methods=["GET", "POST"])
def step(report_id: str, name: str) -> Response | str | tuple[str, int]:
    """Take a step from where the report is now; what happened since the page was opened is shown first."""
    report = find_report(report_id)
    if name in STEPS and not STEPS[name].roles & current_actor().roles:
        raise Refused("not_allowed")
    since = happened_since(report.state, request.form.get("seen"))
    if since and name in STEPS and report.state["status"] not in STEPS[name].sources:
        return _gone(report, STEPS[name], since), 409
    wanted = _allowed(report, name)
    offers = offers_for(report.state) if name == "route" else NONE
    form = _form(report, wanted, offers)
    claimed = False
    if form.validate_on_submit() and not since:
        try:
            _take(report, name, form)
        except InvalidFields as invalid:
            attach(form, invalid)
        except Refused as refused:
            if refused.code != "claimed":
                raise
            # Whoever has it in hand is named above the form, and what was typed is still in it.
            form.form_errors.append(sentence(refused.code, refused.params))
            claimed = True
        else:
            flash(_("Done: %(step)s", step=word("step", name)), "good")
            return redirect(url_for("report.shown", report_id=report_id), 303)
    page = _page(report, wanted, form, since, offers)
    return (page, 409 if since or claimed else 422) if since or form.errors else page


def _take(report: Report, name: str, form: KitForm) -> None:
    seen = report.state["status"]
    step_report(the_node(), current_actor(), report.id, name, seen_status=seen, **details_of(form))


def _page(report: Report, wanted: Step, form: KitForm, since: list[Moment], offers: Offers) -> str:
    past = returns_of(report.state)
    return render_template(
        PAGES.get(wanted.name, "desk/step.html"),
        report=report, form=form, step=wanted, target=target_of(wanted, report.state), title=word("step", wanted.name),
        since=since, names=_names(report, since), seen=mark_of(report.state), offers=offers, returns=past,
        returns_max=RETURNS_MAX,
    )  # fmt: skip


def _form(report: Report, wanted: Step, offers: Offers) -> KitForm:
    """The form of a step, filled: an answer sent back is worked on, a proposal is looked at and sent."""
    values: dict[str, Any] = dict(report.state.get("draft_answer", {}))
    if offers.taken:
        values |= offers.taken.values()
    form = step_form(wanted)(data=values, **surroundings())
    _offer_agencies(form, report, wanted)
    # Who gives a report back does not set its clock anew; more time is asked for and has a reason (report.extended).
    if wanted.name == "route" and report.state.get("deadline") and returns_of(report.state):
        del form.deadline
    return form


def _gone(report: Report, wanted: Step, since: list[Moment]) -> str:
    """What happened meanwhile, and what was typed for a step that is not possible any more: nothing typed is lost."""
    form = step_form(wanted)(**surroundings())
    typed = {field.label.text: field.data for field in form if field.type in ("AreaField", "TextField") and field.data}
    names = _names(report, since)
    return render_template("desk/step_gone.html", report=report, step=wanted, typed=typed, since=since, names=names)


def _names(report: Report, since: list[Moment]) -> dict[str, str]:
    if not since:
        return {}
    with the_node().database.read() as db:
        return person_names(db, people_in(report.state))


def _allowed(report: Report, name: str) -> Step:
    if name not in STEPS:
        raise Refused("unknown_step", step=name[:40])
    allowed = {each.name: each for each in steps_of(report.state)}
    if name in allowed:
        return allowed[name]
    if report.state["status"] not in STEPS[name].sources:
        raise Refused("step_not_possible", step=name, status=report.state["status"])
    if STEPS[name].roles & current_actor().roles and name == "return" and is_kept(report.state):
        raise Refused("returned_twice", agency=report.state.get("lead_agency", ""))
    if STEPS[name].roles & current_actor().roles and permission.handles(name, report.state):
        raise Refused("not_lead_agency", agency=report.state["lead_agency"])
    raise Refused("not_allowed")


def _offer_agencies(form: KitForm, report: Report, step: Step) -> None:
    directory = the_directory()
    places = directory.places_of(report.state["unit"])
    actor, agencies = current_actor(), directory.agencies
    # Whoever is no dispatcher sends a report to the agency of their own office, and to no other.
    own = step.name == "route" and "dispatcher" not in actor.roles
    groups = agency_groups([agencies[actor.agency]] if own else agencies_offered(), places)
    for name in ("agency", "supporting"):
        if name in form:
            form[name].offer(groups)
