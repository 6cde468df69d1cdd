"""The queue of this computer, the last tries, what the centre refused, and the connection to the centre."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.past import SHOWN_MS, past
from forms.refusals import attach, sentence
from forms.setup import EnrollForm
from intake_app import auth
from intake_app.actions.backup_health import backup_health
from intake_app.actions.reconcile import reconcile
from intake_app.auth import current_actor
from intake_app.desk.at_hand import the_node
from intake_app.store import lives
from intake_app.store.holdings import last_read_anew
from intake_app.store.queue import queue_status, refused_events, waiting_events
from intake_app.store.upstream import tries
from sync.errors import IntakeError, InvalidFields

blueprint = Blueprint("sync", __name__)

TRIES_SHOWN = 20
WAITING_SHOWN = 15
ADMINISTRATOR = "administrator"


@blueprint.route("/sync")
def queue() -> str:
    """Where this computer stands with its centre."""
    with the_node().database.read() as db:
        status, last, refused = queue_status(db), tries(db, TRIES_SHOWN), refused_events(db)
        backup, read_anew_ms = backup_health(the_node(), db), last_read_anew(db)
        life, waiting = lives.present(db), waiting_events(db, WAITING_SHOWN)
    return render_template(
        "desk/sync.html", past=_past(life), queue=status, backup=backup, read_anew_ms=read_anew_ms, tries=last,
        refused=refused, waiting=waiting, form=None,
        may_connect=ADMINISTRATOR in current_actor().roles,
    )  # fmt: skip


def _past(life: lives.Life | None) -> str:
    """What happened to the data of this computer, for as long as somebody may ask."""
    if life is None or (life.reconciled_ms or 2**62) < the_node().clock.now_ms() - SHOWN_MS:
        return ""
    done = life.reconciled_ms is not None
    return past(life.reason, again=life.again, fetched=life.fetched, missing=life.missing, done=done)


@blueprint.route("/sync/now", methods=["POST"])
def now() -> Response:
    """Send now, whatever the pause after a failure says."""
    trigger = current_app.extensions.get("sync_trigger")
    if trigger is not None:
        trigger()
        flash(_("Sending has started; the bar above shows how it goes."), "calm")
    else:
        _send()
    return redirect(url_for("sync.queue"), 303)


@blueprint.route("/sync/connect", methods=["GET", "POST"])
@auth.only(ADMINISTRATOR)
def connect() -> Response | str | tuple[str, int]:
    """Bind this computer to its centre with a one-time code; recording needs none of it."""
    form = EnrollForm()
    if form.validate_on_submit() and _connected(form):
        flash(_("This computer is connected to the centre. What was recorded is being sent."), "good")
        return redirect(url_for("sync.queue"), 303)
    page = render_template("desk/connect.html", form=form)
    return (page, 422) if form.errors else page


def _send() -> None:
    """Exchange in this request, where no job does it; what went wrong is told, everything stays saved."""
    # requests, behind the link, is not loaded in a node that has nobody to talk to.
    from sync.transport import HttpLink

    node = the_node()
    with node.database.read() as db:
        url = queue_status(db).central_url
    if url is None:
        flash(sentence("not_enrolled"), "warn")
        return
    link = HttpLink(url)
    try:
        summary = reconcile(node, link, ignore_backoff=True)
    except IntakeError as problem:
        flash(sentence(problem.code, problem.params), "warn")
    else:
        sent, received = (summary.sent, summary.received) if summary else (0, 0)
        flash(_("Sent %(sent)s entries, received %(received)s.", sent=sent, received=received), "good")
    finally:
        link.close()


def _connected(form: EnrollForm) -> bool:
    from intake_app.actions.enroll import enroll  # as above: the way to the centre loads requests

    try:
        enroll(
            the_node(), current_actor(), form.url.data, form.code.data, allow_plain=form.allow_plain.data
        )  # fmt: skip
    except InvalidFields as invalid:
        attach(form, invalid)
        return False
    except IntakeError as problem:
        form.form_errors.append(sentence(problem.code, problem.params))
        return False
    if trigger := current_app.extensions.get("sync_trigger"):
        trigger()
    return True
