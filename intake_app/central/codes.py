"""The codes that let a new computer in: made, shown this once with a sheet for the office, taken back."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from forms.enrollment import CodeForm
from forms.times import DAY_SHAPE
from intake_app.actions.enroll import VALID_MS, make_enrollment_code, revoke_enrollment_code
from intake_app.auth import current_actor, only
from intake_app.central.nodes import MAKERS
from intake_app.central.qr import drawn
from intake_app.desk.at_hand import now, require_whole_sight, the_directory, the_node

blueprint = Blueprint("codes", __name__)


@blueprint.get("/nodes/codes/new")
@only(*MAKERS)
def new_code() -> str:
    """Ask for which office a computer is."""
    require_whole_sight()
    form = _form()
    form.office.data = request.args.get("office", "")  # a computer that is let in again belongs to an office already
    return _asked(form)


@blueprint.post("/nodes/codes/new")
@only(*MAKERS)
def make_code() -> str | tuple[str, int]:
    """Make a code and show it this once: only its digest is stored, so nobody can look it up later."""
    require_whole_sight()
    form = _form()
    if not form.validate():
        return _asked(form), 422
    node = the_node()
    code = make_enrollment_code(node, current_actor(), form.office.data, form.codes)
    office = node.directory.offices[form.office.data]
    ended = office.valid_to.strftime(DAY_SHAPE) if office.valid_to and office.valid_to < now().date() else ""
    address = request.host_url.rstrip("/")
    return render_template(
        "central/code_made.html", code=code, office=office, ended=ended, address=address, units=form.codes,
        expires_ms=node.clock.now_ms() + VALID_MS, maker=current_actor().name,
        code_qr=drawn(code, _("Connection code")), address_qr=drawn(address, _("Address of the centre")),
    )  # fmt: skip


@blueprint.post("/nodes/codes/<int:code_no>/revoke")
@only(*MAKERS)
def revoke_code(code_no: int) -> Response:
    """Make a code worthless before anybody used it."""
    require_whole_sight()
    revoke_enrollment_code(the_node(), current_actor(), code_no)
    flash(_("The code can no longer be used."), "good")
    return redirect(url_for("nodes.listed"))


def _form() -> CodeForm:
    directory = the_directory()
    return CodeForm(offices=directory.offices, places=directory)


def _asked(form: CodeForm) -> str:
    return render_template("central/new_code.html", form=form, offices=form.offices.values())
