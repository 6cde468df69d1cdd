"""The people of all offices, as their offices told; the centre ends one whose office cannot or does not."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from forms.login import EmptyForm
from forms.people import PeopleForm, PersonForm
from forms.refusals import attach, sentence
from intake_app.actions.keep_people import change_person, end_person
from intake_app.auth import current_actor, only
from intake_app.desk.at_hand import require_whole_sight, the_node
from intake_app.navigation import PEOPLE_READERS
from intake_app.presentation import office_name
from intake_app.store.nodes import NodeRow, list_nodes
from intake_app.store.people import Person, list_people, load_person
from sync import permission
from sync.errors import InvalidFields, Refused
from sync.fold import fold

blueprint = Blueprint("people", __name__)

PAGE_ROWS = 100
ENDERS = permission.ROLES["person.ended"]
CHANGERS = permission.ROLES["person.changed"]


@blueprint.get("/people")
@only(*PEOPLE_READERS)
def listed() -> str:
    """Everybody, by office and name."""
    require_whole_sight()
    with the_node().database.read() as db:
        everybody = list_people(db)
    offices = sorted({one.office for one in everybody})
    form = PeopleForm(request.args, offices=[(one, f"{one} {office_name(one)}") for one in offices])
    form.validate()
    found = [one for one in everybody if _fits(form, one)]
    start = max(0, request.args.get("after", 0, type=int))
    return render_template(
        "central/people.html", form=form, people=found[start : start + PAGE_ROWS], total=len(found),
        following=start + PAGE_ROWS if len(found) > start + PAGE_ROWS else None, own=the_node().head.office,
        may_end=bool(ENDERS & current_actor().roles), narrowed=any(field.data for field in form),
    )  # fmt: skip


def _fits(form: PeopleForm, one: Person) -> bool:
    words = fold(form.q.data or "")
    return (
        (form.show.data or "") in ("all", "" if one.active else "ended")
        and form.office.data in ("", None, one.office)
        and (not form.role.data or form.role.data in one.roles)
        and (not words or words in fold(one.name) or words in one.username)
    )


@blueprint.route("/people/<person_id>/change", methods=["GET", "POST"])
@only(*CHANGERS)
def change(person_id: str) -> Response | str | tuple[str, int]:
    """Name and roles of somebody at an office."""
    require_whole_sight()
    one, computers = _find(person_id)
    form = PersonForm(data={"name": one.name, "roles": list(one.roles)})
    if form.validate_on_submit() and _changed(form, one):
        flash(_("%(name)s is changed. The account follows when the computer of the office next calls.", name=one.name), "good")
        return redirect(url_for("people.listed", office=one.office), 303)
    page = render_template("central/person_change.html", form=form, one=one, computers=computers)
    return (page, 422) if form.errors else page


def _changed(form: PersonForm, one: Person) -> bool:
    try:
        change_person(the_node(), current_actor(), one.id, form.name.data or "", form.roles.data or ())
    except InvalidFields as invalid:
        attach(form, invalid)
        return False
    except Refused as refused:
        form.form_errors.append(sentence(refused.code, refused.params))
        return False
    return True


@blueprint.route("/people/<person_id>/end", methods=["GET", "POST"])
@only(*ENDERS)
def end(person_id: str) -> Response | str:
    """Say what ending somebody means, then do it."""
    require_whole_sight()
    one, computers = _find(person_id)
    if EmptyForm().validate_on_submit():
        end_person(the_node(), current_actor(), one.id)
        flash(
            _("%(name)s is ended. The account closes when the computer of the office next calls.", name=one.name),
            "good",
        )
        return redirect(url_for("people.listed", office=one.office), 303)
    return render_template("central/person_end.html", one=one, computers=computers)


def _find(text: str) -> tuple[Person, list[NodeRow]]:
    try:
        wanted = bytes.fromhex(text)
    except ValueError:
        raise Refused("unknown_person", username=text[:40]) from None
    with the_node().database.read() as db:
        one = load_person(db, wanted)
        if one is None:
            raise Refused("unknown_person", username=text[:40])
        return one, [row for row in list_nodes(db) if row.office == one.office]
