"""Handing a shift over: what it received, what waits, who takes it; the list of hand-overs, and each on paper."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug import Response

from forms.refusals import attach, sentence
from forms.shift import HandOverForm
from intake_app import auth, errors
from intake_app.actions.hand_over import GIVERS, Taking, hand_over, shift_so_far
from intake_app.auth import current_actor
from intake_app.desk.at_hand import require_whole_sight, the_directory, the_node
from intake_app.desk.drawing import OFFICIAL
from intake_app.desk.letterhead import dated, letterhead
from intake_app.navigation import BOOK_READERS
from intake_app.store.accounts import list_accounts
from intake_app.store.people import person_names
from intake_app.store.shifts import Shift, find, hand_overs
from sync.errors import InvalidFields, Refused

blueprint = Blueprint("shift", __name__)

ABOUT_PASSWORD = frozenset({"bad_password", "throttled"})


@blueprint.route("/hand-over", methods=["GET", "POST"])
@auth.only(*GIVERS)
def give() -> Response | str | tuple[str, int]:
    """What the shift received and leaves, and the form that hands it over."""
    require_whole_sight()
    form = HandOverForm(people=_others())
    status = 422
    if form.validate_on_submit():
        try:
            made = _hand_over(form)
        except InvalidFields as invalid:
            attach(form, invalid)
        except Refused as refused:
            if refused.code not in ABOUT_PASSWORD:
                raise
            form.password.errors = [sentence(refused.code, refused.params)]
            status = errors.status_of(refused)
        else:
            flash(_("The shift is handed over. Print the paper if it is to be signed."), "good")
            return redirect(url_for("shift.one", shift_id=made.hex()), 303)
    with the_node().database.read() as db:
        found, past = shift_so_far(the_node(), db), hand_overs(db)
        names = person_names(db, {one.state["giver"] for one in past})
    if request.method == "GET":
        form.since.data = found["since"]
    page = render_template("desk/hand_over.html", form=form, shift=found, past=past, names=names)
    return (page, status) if form.errors else page


def _others() -> list[tuple[str, str]]:
    """The people of this computer who may take the shift."""
    with the_node().database.read() as db:
        found = [one for one in list_accounts(db) if one.active and one.roles & set(GIVERS)]
    return [(one.username, f"{one.name} ({one.username})") for one in found if one.person != current_actor().person]


def _hand_over(form: HandOverForm) -> bytes:
    name = form.receiver_name.data or form.names.get(form.receiver.data or "", "").rpartition(" (")[0]
    taking = Taking(form.receiver.data or "", form.password.data or "", name, request.remote_addr or "")
    return hand_over(
        the_node(), current_actor(), taking, since=form.since.data or "", note=form.note.data or ""
    )  # fmt: skip


@blueprint.get("/hand-overs")
@auth.only(*BOOK_READERS)
def listed() -> str:
    """Every hand-over that this computer knows."""
    require_whole_sight()
    with the_node().database.read() as db:
        past = hand_overs(db)
        names = person_names(db, {one.state["giver"] for one in past})
    return render_template("desk/hand_overs.html", past=past, names=names)


@blueprint.get("/hand-over/<shift_id>")
@auth.only(*BOOK_READERS)
def one(shift_id: str) -> str:
    """One hand-over as the paper that both sign."""
    require_whole_sight()
    found = _find(shift_id)
    with the_node().database.read() as db:
        names = person_names(db, [found.state["giver"]])
    with force_locale(OFFICIAL):
        drawn = Markup(_drawn(found, names))  # noqa: S704 - our own template, escaped there
    return render_template("paper/hand_over_page.html", size="a4", drawn=drawn, shift=found)


def _find(shift_id: str) -> Shift:
    try:
        wanted = bytes.fromhex(shift_id)
    except ValueError:
        raise Refused("no_such_shift") from None
    with the_node().database.read() as db:
        found = find(db, wanted)
    if found is None:
        raise Refused("no_such_shift")
    return found


def _drawn(found: Shift, names: dict[str, str]) -> str:
    office = the_directory().offices[found.state["office"]]
    return render_template(
        "paper/hand_over.html", shift=found.state, office=office, head=letterhead(the_directory(), office.number),
        signed=dated(found.state["until"]), giver=names.get(found.state["giver"], ""), paper_language=OFFICIAL,
    )  # fmt: skip
