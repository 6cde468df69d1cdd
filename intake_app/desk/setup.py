"""The first start: which office this computer belongs to, and its first account. Needs no network."""

from __future__ import annotations

import hmac
from datetime import date

from flask import Blueprint, abort, current_app, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug import Response

from forms.refusals import attach
from forms.setup import SetupForm
from intake_app import auth
from intake_app.actions.accounts import PASSWORD_MIN
from intake_app.actions.setup import set_up
from intake_app.clock import Clock
from intake_app.config import CENTRAL_OFFICE
from intake_app.desk.at_hand import the_directory
from intake_app.shown import local_time
from intake_app.store.directory import Office
from sync.errors import InvalidFields
from sync.fold import fold

blueprint = Blueprint("setup", __name__)


@blueprint.route("/")
@auth.public
def start() -> tuple[str, int]:
    """What somebody sees who does not have the one-time link."""
    return render_template("desk/not_set_up.html"), 403


@blueprint.route("/setup/<token>", methods=["GET", "POST"])
@auth.public
def begin(token: str) -> Response | str | tuple[str, int]:
    """Choose the office, make the first account."""
    door = current_app.extensions["setup"]
    if door is None or not hmac.compare_digest(token, door.token):
        abort(404)
    words = request.values.get("find", "").strip()
    today = local_time(Clock().now_ms()).date()
    offices = [office for office in the_directory().offices.values() if _fits(office, words)]
    form = SetupForm(offices=[(office.number, _label(office)) for office in offices])
    if request.method == "GET":
        form.role.data = door.role or "office"
    elif request.form.get("action") == "save" and form.validate() and _set_up(form):
        return redirect("/sign-in?next=/" if form.role.data == "central" else "/sign-in?next=/sync/connect", 303)
    chosen = the_directory().offices.get(form.office.data or "")
    ended = chosen is not None and _ended(chosen, today)
    page = render_template(
        "desk/setup.html",
        form=form,
        words=words,
        found=len(offices),
        token=token,
        ended=ended,
        password_min=PASSWORD_MIN,
    )
    return (page, 422) if form.errors else page


def _fits(office: Office, words: str) -> bool:
    return all(word in fold(f"{office.number} {office.name}") for word in fold(words).split())


def _ended(office: Office, today: date) -> bool:
    return office.valid_to is not None and office.valid_to < today


def _label(office: Office) -> str:
    until = _(" (until %(day)s)", day=office.valid_to.strftime("%d/%m/%Y")) if office.valid_to else ""
    return f"{office.name} – {office.number}{until}"


def _set_up(form: SetupForm) -> bool:
    settings = current_app.extensions["settings"]
    central = form.role.data == "central"
    try:
        made = set_up(
            settings.instance,
            form.role.data,
            CENTRAL_OFFICE if central else form.new_number.data or form.office.data,
            form.username.data,
            form.name.data,
            form.password.data,
            port=settings.port,
            new_office=bool(form.new_number.data) and not central,
        )
    except InvalidFields as invalid:
        attach(form, invalid)
        return False
    current_app.extensions["setup"].finish(made)
    return True
