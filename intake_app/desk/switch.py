"""A quick change of person at one computer: choose who, type the password, go on. What the other half typed waits for them."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from forms.login import SwitchForm
from forms.refusals import sentence
from intake_app import auth, errors
from intake_app.actions.switch_person import switch_person
from intake_app.auth import current_actor
from intake_app.desk.at_hand import the_node
from intake_app.store.accounts import list_accounts
from sync.errors import Refused

blueprint = Blueprint("switch", __name__)


@blueprint.route("/switch", methods=["GET", "POST"])
def person() -> Response | str | tuple[str, int]:
    """Ask who comes, and for that person's password."""
    form = SwitchForm(people=_others())
    status = 422
    if form.validate_on_submit():
        try:
            coming = switch_person(
                the_node(), current_actor(), form.username.data, form.password.data, request.remote_addr or ""
            )
        except Refused as refused:
            form.password.errors = [sentence(refused.code, refused.params)]
            status = errors.status_of(refused)
        else:
            auth.begin(coming)
            return redirect(url_for("intake.start"), 303)
    page = render_template("desk/switch.html", form=form)
    return (page, status) if form.errors else page


def _others() -> list[tuple[str, str]]:
    with the_node().database.read() as db:
        found = [one for one in list_accounts(db) if one.active and one.person != current_actor().person]
    return [(one.username, f"{one.name} ({one.username})") for one in found]
