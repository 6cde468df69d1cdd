"""The accounts of this node: who works here, with which roles; a new password; the end of an account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.dispatch import agency_groups
from forms.login import AccountForm, EmptyForm, NewPasswordForm, RolesForm
from forms.refusals import attach, sentence
from intake_app import auth
from intake_app.actions.accounts import add_account, change_roles, end_account, reset_password
from intake_app.auth import current_actor
from intake_app.desk.at_hand import the_directory, the_node
from intake_app.store.accounts import find_account, list_accounts
from sync.errors import InvalidFields, Refused

blueprint = Blueprint("users", __name__)
ADMINISTRATOR = "administrator"


@blueprint.route("/accounts", methods=["GET", "POST"])
@auth.only(ADMINISTRATOR)
def listed() -> Response | str | tuple[str, int]:
    """Every account, and a form for a new one."""
    form = _account_form()
    if form.validate_on_submit():
        try:
            agency = form.agency.data if "agency" in form else None
            add_account(
                the_node(), current_actor(), form.username.data or "", form.name.data or "", form.roles.data or (),
                form.password.data or "", agency or None,
            )  # fmt: skip
        except InvalidFields as invalid:
            attach(form, invalid)
        except Refused as refused:
            form.form_errors.append(sentence(refused.code, refused.params))
        else:
            flash(_("The account %(username)s is ready.", username=form.username.data), "good")
            return redirect(url_for("users.listed"), 303)
    with the_node().database.read() as db:
        accounts = list_accounts(db)
    page = render_template("desk/users.html", form=form, accounts=accounts)
    return (page, 422) if form.errors else page


def _account_form() -> AccountForm:
    return AccountForm(agencies=agency_groups(the_directory().agencies.values()) if the_node().is_central else None)


@blueprint.route("/accounts/<username>/password", methods=["GET", "POST"])
@auth.only(ADMINISTRATOR)
def password(username: str) -> Response | str | tuple[str, int]:
    """Give somebody a new password."""
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            reset_password(the_node(), current_actor(), username, form.password.data)
        except InvalidFields as invalid:
            attach(form, invalid)
        else:
            flash(_("The new password of %(username)s is set.", username=username), "good")
            return redirect(url_for("users.listed"), 303)
    page = render_template("desk/password.html", form=form, username=username)
    return (page, 422) if form.errors else page


@blueprint.route("/accounts/<username>/roles", methods=["GET", "POST"])
@auth.only(ADMINISTRATOR)
def roles(username: str) -> Response | str | tuple[str, int]:
    """Give somebody other roles."""
    with the_node().database.read() as db:
        account = find_account(db, username)
    if account is None:
        raise Refused("unknown_person", username=username[:40])
    form = RolesForm(data={"roles": sorted(account.roles)})
    if form.validate_on_submit():
        try:
            change_roles(the_node(), current_actor(), username, form.roles.data)
        except InvalidFields as invalid:
            attach(form, invalid)
        except Refused as refused:
            form.form_errors.append(sentence(refused.code, refused.params))
        else:
            flash(_("The roles of %(username)s are changed.", username=username), "good")
            return redirect(url_for("users.listed"), 303)
    page = render_template("desk/roles.html", form=form, account=account)
    return (page, 422) if form.errors else page


@blueprint.route("/accounts/<username>/end", methods=["GET", "POST"])
@auth.only(ADMINISTRATOR)
def end(username: str) -> Response | str:
    """End an account; what the person did stays."""
    form = EmptyForm()
    if form.validate_on_submit():
        end_account(the_node(), current_actor(), username)
        flash(_("The account %(username)s has ended.", username=username), "good")
        return redirect(url_for("users.listed"), 303)
    return render_template("desk/end_account.html", form=form, username=username)
