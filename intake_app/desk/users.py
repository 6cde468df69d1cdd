"""The accounts of this node: who works here, with which roles; a new password; the end of an account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from forms.dispatch import agency_groups
from forms.login import AccountForm, EmptyForm, GiveDraftsForm, NewPasswordForm, RolesForm
from forms.refusals import attach, sentence
from intake_app import auth
from intake_app.actions.accounts import add_account, change_roles, end_account, reset_password
from intake_app.actions.give_drafts import Given, give_drafts, takers
from intake_app.actions.keep_draft import DRAFTS_MAX
from intake_app.auth import current_actor
from intake_app.desk.at_hand import agencies_offered, the_node
from intake_app.store import drafts
from intake_app.store.accounts import Account, find_account, list_accounts
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
        accounts, waiting = list_accounts(db), drafts.counts(db)
    left = {one.person: waiting[one.person] for one in accounts if not one.active and one.person in waiting}
    page = render_template("desk/users.html", form=form, accounts=accounts, left=left)
    return (page, 422) if form.errors else page


def _account_form() -> AccountForm:
    return AccountForm(agencies=agency_groups(agencies_offered()) if the_node().is_central else None)


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
            if username == current_actor().username:
                auth.remain()
            flash(
                _(
                    "The new password of %(username)s is set; whoever was signed in with the old one is signed out.",
                    username=username,
                ),
                "good",
            )
            return redirect(url_for("users.listed"), 303)
    page = render_template("desk/password.html", form=form, username=username)
    return (page, 422) if form.errors else page


@blueprint.route("/accounts/<username>/roles", methods=["GET", "POST"])
@auth.only(ADMINISTRATOR)
def roles(username: str) -> Response | str | tuple[str, int]:
    """Give somebody other roles."""
    account = _account(username)
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
    with the_node().database.read() as db:
        waiting = drafts.counts(db).get(_account(username).person, 0)
    return render_template("desk/end_account.html", form=form, username=username, waiting=waiting)


@blueprint.route("/accounts/<username>/drafts", methods=["GET", "POST"])
@auth.only(ADMINISTRATOR)
def give(username: str) -> Response | str | tuple[str, int]:
    """Give the drafts of an ended account to a colleague."""
    account = _account(username)
    if account.active:
        raise Refused("not_ended", username=account.username)
    with the_node().database.read() as db:
        people, count = [(one.username, f"{one.name} ({one.username})") for one in takers(db)], drafts.count(db, account.person)
    form = GiveDraftsForm(people=people)
    if form.validate_on_submit():
        done = give_drafts(the_node(), current_actor(), username, form.to.data)
        _tell_given(done, dict(people)[form.to.data])
        return redirect(url_for("users.give", username=username) if done.left else url_for("users.listed"), 303)
    page = render_template("desk/give_drafts.html", form=form, account=account, count=count)
    return (page, 422) if form.errors else page


def _tell_given(done: Given, name: str) -> None:
    said = ngettext(
        "%(n)s draft is handed over to %(name)s.", "%(n)s drafts are handed over to %(name)s.", done.given,
        n=done.given, name=name,
    )  # fmt: skip
    flash(said, "good")
    if done.left:
        left = _("Left: %(n)s. Nobody has more than %(max)s drafts; choose another colleague.", n=done.left, max=DRAFTS_MAX)
        flash(left, "warn")


def _account(username: str) -> Account:
    with the_node().database.read() as db:
        account = find_account(db, username)
    if account is None:
        raise Refused("unknown_person", username=username[:40])
    return account
