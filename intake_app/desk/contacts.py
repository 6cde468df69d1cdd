"""The directory of agencies and who is on duty: found without accents, printed, and there without any network."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.contacts import ContactForm, FindForm
from forms.dispatch import agency_groups
from forms.login import EmptyForm
from forms.refusals import attach
from intake_app import auth
from intake_app.actions.keep_contacts import add_contact, remove_contact
from intake_app.auth import current_actor
from intake_app.desk.at_hand import agencies_offered, now, surroundings, the_directory, the_node
from intake_app.store.contacts import Contact, coming_after, holding_on
from intake_app.store.directory import Agency
from sync.errors import InvalidFields, Refused
from sync.fold import fold

blueprint = Blueprint("contacts", __name__)

ADMINISTRATOR = "administrator"
EMERGENCY = (("113", "police"), ("114", "fire"), ("115", "ambulance"), ("1022", "hotline"))


@blueprint.route("/directory", methods=["GET", "POST"])
def directory() -> Response | str | tuple[str, int]:
    """Who is on duty today, and the numbers of agencies."""
    may_keep = ADMINISTRATOR in current_actor().roles
    form = (
        ContactForm(agencies=agency_groups(agencies_offered()), **surroundings()) if may_keep else None
    )
    if request.method == "POST" and form is None:
        raise Refused("not_allowed", role=ADMINISTRATOR)
    if form is not None and form.validate_on_submit() and _added(form):
        flash(_("The number is kept on this computer."), "good")
        return redirect(url_for("contacts.directory"), 303)
    page = _page(form)
    return (page, 422) if form is not None and form.errors else page


@blueprint.post("/directory/<int:no>/remove")
@auth.only(ADMINISTRATOR)
def remove(no: int) -> Response:
    """Take a number away."""
    if EmptyForm().validate_on_submit():
        remove_contact(the_node(), current_actor(), no)
        flash(_("The number is taken away."), "good")
    return redirect(url_for("contacts.directory"), 303)


def _page(form: ContactForm | None) -> str:
    search, today = FindForm(request.args), now().date().isoformat()
    with the_node().database.read() as db:
        known, coming = holding_on(db, today), coming_after(db, today)
    asked = fold(search.q.data or "").split()
    agencies = [
        (agency, held)
        for agency in agencies_offered()
        if _fits(asked, _words(agency, held := [one for one in known if one.agency == agency.code and not one.duty]))
    ]
    agencies.sort(key=lambda pair: not pair[1])  # what can be called comes first
    return render_template(
        "desk/directory.html", form=form, search=search, asked=bool(asked), agencies=agencies, anything=bool(known),
        duty=[one for one in known if one.duty and _fits(asked, _said(one))],
        places=[one for one in known if not one.duty and not one.agency and _fits(asked, _said(one))],
        coming=[one for one in coming if _fits(asked, _said(one))], emergency=EMERGENCY,
    )  # fmt: skip


def _words(agency: Agency, held: Iterable[Contact]) -> str:
    return " ".join((agency.name, agency.abbreviation, *(_said(one) for one in held)))


def _said(one: Contact) -> str:
    agency = the_directory().agencies.get(one.agency)
    named = f"{agency.name} {agency.abbreviation}" if agency else ""
    digits = "".join(char for char in one.phone if char.isdigit())
    return f"{named} {one.place} {one.name} {one.note} {one.phone} {digits}"


def _fits(asked: list[str], text: str) -> bool:
    folded = fold(text)
    return all(word in folded for word in asked)


def _added(form: ContactForm) -> bool:
    new = Contact(
        form.duty.data == "yes", form.agency.data or "", form.place.data or "", form.name.data or "",
        form.phone.data or "", form.note.data or "", form.first_day.data or now().date().isoformat(),
        form.last_day.data or None,
    )  # fmt: skip
    try:
        add_contact(the_node(), current_actor(), new)
    except InvalidFields as invalid:
        attach(form, invalid)
        return False
    return True
