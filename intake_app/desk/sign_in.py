"""Signing in and out. What was typed on a page whose session had ended travels along."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.login import SignInForm
from forms.refusals import sentence
from intake_app import auth, carry, errors
from intake_app.actions.accounts import sign_in as check_password
from intake_app.desk.at_hand import the_node
from intake_app.desk.guide import recall
from sync.errors import Refused

blueprint = Blueprint("sign_in", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@auth.public
def sign_in() -> Response | str | tuple[str, int]:
    """Ask for user name and password."""
    form = SignInForm()
    kept, path = carry.carried_fields(request), carry.local_path(request.form.get("kept_path", ""))
    following = carry.local_path(request.values.get("next", ""))
    status = 200
    if form.validate_on_submit():
        try:
            actor = check_password(the_node(), form.username.data, form.password.data, request.remote_addr or "")
        except Refused as refused:
            form.form_errors.append(sentence(refused.code, refused.params))
            status = errors.status_of(refused)
        else:
            auth.begin(actor)
            recall(actor)
            if kept:
                return render_template("errors/send_again.html", kept=kept, kept_path=path, signed_in=True, form=None)
            return redirect(following, 303)
    page = render_template("desk/sign_in.html", form=form, kept=kept, kept_path=path, next=following)
    return page, status if status != 200 else (422 if form.errors else 200)


@blueprint.route("/sign-out", methods=["POST"])
@auth.public
def sign_out() -> Response:
    """End the session."""
    auth.end()
    flash(_("You are signed out."), "calm")
    return redirect(url_for("sign_in.sign_in"), 303)
