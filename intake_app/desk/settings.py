"""This node as everybody may see it, what its administrator changes, and what each person changes for themselves."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.fields import ChoiceField, KitForm
from forms.login import EmptyForm, OwnPasswordForm
from forms.refusals import attach, sentence
from forms.words import choices, label
from intake_app import auth
from intake_app.actions.back_up import back_up, folders_of
from intake_app.actions.backup_health import backup_health
from intake_app.actions.change_settings import change_language, change_own_password
from intake_app.actions.drill import drill
from intake_app.actions.node_status import node_status
from intake_app.auth import current_actor
from intake_app.desk.at_hand import the_node
from intake_app.store import backups
from intake_app.version import VERSION
from sync.errors import InvalidFields, Refused

blueprint = Blueprint("settings", __name__)

ADMINISTRATOR = "administrator"
MB = 1024 * 1024
LOW_MB = 1024  # a day's backups of a full office; below it somebody should make room
KEY_DIGITS = 16
BACKUPS_SHOWN = 10


class LanguageForm(KitForm):
    """The language in which the pages begin."""

    language = ChoiceField(label("language"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = choices("language")
        self.language.label.text = _("Language of this computer")


@blueprint.get("/settings")
def shown() -> str:
    """What this computer is, how it stands, and what its administrator may change."""
    node = the_node()
    status = node_status(node)
    with node.database.read() as db:
        health, kept = backup_health(node, db), backups.kept(db)[:BACKUPS_SHOWN]
    free_mb = shutil.disk_usage(node.settings.instance).free // MB
    return render_template(
        "desk/settings.html", status=status, alarms=_alarms(status["alarms"], health.alarm), key=_fingerprint(),
        health=health, kept=kept, folders=folders_of(node), of_server=node.database.postgres, free_mb=free_mb,
        low=free_mb < LOW_MB, version=VERSION, language_form=LanguageForm(data={"language": _language()}),
        empty_form=EmptyForm(), may_change=ADMINISTRATOR in current_actor().roles,
    )  # fmt: skip


def _alarms(codes: list[str], told_beside: str | None) -> list[str]:
    return [code for code in codes if code != told_beside]


def _fingerprint() -> str:
    """The beginning of the key's hash in groups, to be compared over the telephone."""
    digits = sha256(the_node().keys.public).hexdigest()[:KEY_DIGITS]
    return " ".join(digits[at : at + 4] for at in range(0, KEY_DIGITS, 4))


def _language() -> str:
    return str(current_app.config["BABEL_DEFAULT_LOCALE"])


@blueprint.post("/settings/language")
@auth.only(ADMINISTRATOR)
def language() -> Response:
    """Change the language in which the pages begin, from the next page on."""
    wanted = request.form.get("language", "")
    try:
        change_language(the_node(), current_actor(), wanted)
    except InvalidFields as invalid:
        problem = invalid.problems["language"]
        raise Refused(problem.code, **problem.params) from invalid
    current_app.config["BABEL_DEFAULT_LOCALE"] = wanted
    flash(_("The language of this computer is changed."), "good")
    return redirect(url_for("settings.shown"), 303)


@blueprint.post("/settings/backup")
@auth.only(ADMINISTRATOR)
def backup() -> Response:
    """Make a backup now; it is restored for a test before anybody is told that it is good."""
    done = back_up(the_node(), by=current_actor().person)
    if done.problem:
        flash(_("The backup was written, but does not fit together. Look at the disk, and make another."), "bad")
    else:
        flash(_("The backup %(name)s is made, and was restored for a test.", name=done.name), "good")
    for folder in done.missing:
        flash(_("It could not be copied to %(folder)s.", folder=folder), "warn")
    return redirect(url_for("settings.shown"), 303)


@blueprint.post("/settings/test-restore")
@auth.only(ADMINISTRATOR)
def test_restore() -> Response:
    """Restore the newest backup for a test."""
    node = the_node()
    with node.database.read() as db:
        newest = next(iter(backups.kept(db)), None)
        folders = backups.folders_of(db, newest.no) if newest else []
    if newest is None or not folders:
        flash(_("There is no backup yet that could be tested."), "warn")
    elif drill(node, Path(folders[0]) / newest.name, current_actor().person) is None:
        flash(_("The newest backup was restored for a test; everything in it fits together."), "good")
    else:
        flash(sentence("drill_failed"), "bad")
    return redirect(url_for("settings.shown"), 303)


@blueprint.get("/my-account")
def own() -> str:
    """Who is signed in, and what they change for themselves."""
    return _own_page(OwnPasswordForm())


def _own_page(form: OwnPasswordForm) -> str:
    return render_template("desk/own.html", form=form)


@blueprint.post("/my-account")
def own_password() -> Response | tuple[str, int]:
    """Give oneself a new password."""
    form = OwnPasswordForm()
    if form.validate_on_submit():
        try:
            change_own_password(
                the_node(), current_actor(), form.present.data, form.password.data, request.remote_addr or ""
            )
        except InvalidFields as invalid:
            attach(form, invalid)
        except Refused as refused:
            form.form_errors.append(sentence(refused.code, refused.params))
        else:
            auth.remain()
            flash(_("Your new password is set. Wherever else you were signed in, you are signed out."), "good")
            return redirect(url_for("settings.own"), 303)
    return _own_page(form), 422
