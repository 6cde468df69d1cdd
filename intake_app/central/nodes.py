"""The computers of the offices, and the codes that let a new one in."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from forms.enrollment import CodeForm
from forms.times import DAY_SHAPE
from intake_app.actions.backup_health import backup_health
from intake_app.actions.enroll import make_enrollment_code, revoke_enrollment_code
from intake_app.actions.shut_out import shut_out
from intake_app.auth import current_actor, only
from intake_app.central.silence import silence_level
from intake_app.desk.at_hand import now, the_directory, the_node
from intake_app.navigation import NODE_READERS
from intake_app.store.enrollment import EnrollmentCode, list_codes
from intake_app.store.nodes import list_nodes
from sync.errors import Refused

blueprint = Blueprint("nodes", __name__)

MAKERS = frozenset({"administrator"})


@blueprint.get("/nodes")
@only(*NODE_READERS)
def listed() -> str:
    """Every node with its last contact, and the open codes for whoever may make them."""
    node = the_node()
    now_ms = node.clock.now_ms()
    with node.database.read() as db:
        backup = backup_health(node, db)
        rows, codes = list_nodes(db), [code for code in list_codes(db) if _is_open(code, now_ms)]
    return render_template(
        "central/nodes.html",
        rows=rows,
        levels={row.id: silence_level(row.last_seen_ms, now_ms) for row in rows},
        codes=codes,
        backup=backup,
        may_make=MAKERS & current_actor().roles,
    )


@blueprint.get("/nodes/codes/new")
@only(*MAKERS)
def new_code() -> str:
    """Ask for which office a computer is."""
    return _asked(_form())


@blueprint.post("/nodes/codes/new")
@only(*MAKERS)
def make_code() -> str | tuple[str, int]:
    """Make a code and show it this once: only its digest is stored, so nobody can look it up later."""
    form = _form()
    if not form.validate():
        return _asked(form), 422
    node = the_node()
    code = make_enrollment_code(node, current_actor(), form.office.data, form.codes)
    office = node.directory.offices[form.office.data]
    ended = office.valid_to.strftime(DAY_SHAPE) if office.valid_to and office.valid_to < now().date() else ""
    return render_template("central/code_made.html", code=code, office=office, ended=ended)


@blueprint.post("/nodes/codes/<int:code_no>/revoke")
@only(*MAKERS)
def revoke_code(code_no: int) -> Response:
    """Make a code worthless before anybody used it."""
    revoke_enrollment_code(the_node(), current_actor(), code_no)
    flash(_("The code can no longer be used."), "good")
    return redirect(url_for("nodes.listed"))


@blueprint.post("/nodes/<node_id>/revoke")
@only(*MAKERS)
def revoke(node_id: str) -> Response:
    """Shut a computer out, as when it was stolen."""
    shut_out(the_node(), current_actor(), _id_of(node_id))
    flash(_("The computer is shut out. What it still sends is kept apart; a new code lets it in again."), "good")
    return redirect(url_for("nodes.listed"))


def _id_of(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Refused("no_such_node", node=text[:40]) from None


def _is_open(code: EnrollmentCode, now_ms: int) -> bool:
    return code.used_ms is None and code.revoked_ms is None and code.expires_ms > now_ms


def _form() -> CodeForm:
    directory = the_directory()
    return CodeForm(offices=directory.offices, places=directory)


def _asked(form: CodeForm) -> str:
    return render_template("central/new_code.html", form=form, offices=form.offices.values())
