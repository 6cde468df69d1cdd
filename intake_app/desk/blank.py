"""Blank paper forms with codes given beforehand, for when there is no power, and the list of those not entered yet."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug import Response

from forms.blank import BlankForm
from forms.login import EmptyForm
from forms.refusals import sentence
from intake_app.actions.print_paper import FRESH_MS
from intake_app.actions.reserve_codes import FORMS_MAX, reserve_codes, spoil_form
from intake_app.auth import current_actor
from intake_app.desk.at_hand import the_directory, the_node
from intake_app.desk.drawing import OFFICIAL, qr_code
from intake_app.desk.letterhead import letterhead
from intake_app.store.people import person_names
from intake_app.store.reserved import Reserved, batch_of, count_used, unused
from sync.errors import Refused

USUAL = 10


def blank_page() -> Response | str | tuple[str, int]:
    """Ask how many, and show which codes are still out on paper."""
    form = BlankForm(most=FORMS_MAX)
    if form.validate_on_submit():
        key = (form.key.data or the_node().entropy(16).hex())[:64]
        reserve_codes(the_node(), current_actor(), form.count.data, key)
        return redirect(url_for("paper.blank_sheets", batch=key, per_page=form.per_page.data), 303)
    if request.method == "GET":
        form.key.data, form.count.data = the_node().entropy(16).hex(), USUAL
    with the_node().database.read() as db:
        out, used = unused(db), count_used(db)
        names = person_names(db, {one.made_by.hex() for one in out})
    page = render_template("desk/blank.html", form=form, out=out, used=used, names=names)
    return (page, 422) if form.errors else page


def sheets_page(batch: str) -> Response | str:
    """The forms of one printing, for the printer: the same code on a second paper would belong to two citizens."""
    with the_node().database.read() as db:
        found = batch_of(db, batch)
    if not found:
        return redirect(url_for("paper.blank"))
    age = the_node().clock.now_ms() - found[0].made_ms
    if found[0].made_by != current_actor().person or not 0 <= age < FRESH_MS:
        flash(_("These forms were printed already. Print new ones: each code may stand on one paper only."), "warn")
        return redirect(url_for("paper.blank"))
    per_page = 1 if request.args.get("per_page") == "1" else 2
    with force_locale(OFFICIAL):
        drawn = Markup(_drawn(found, per_page))  # noqa: S704 - our own template, escaped there
    return render_template("paper/blank_page.html", size="a4", drawn=drawn, count=len(found))


def _drawn(found: list[Reserved], per_page: int) -> str:
    office = the_directory().offices[the_node().head.office]
    return render_template(
        "paper/blank.html", codes=[(one.code, qr_code(one.code)) for one in found], per_page=per_page, office=office,
        head=letterhead(the_directory(), office.number), topics=the_directory().topics, paper_language=OFFICIAL,
    )  # fmt: skip


def strike_out(code: str) -> Response:
    """A form was torn or lost."""
    if not EmptyForm().validate_on_submit():
        raise Refused("not_allowed")
    try:
        spoil_form(the_node(), current_actor(), code)
    except Refused as refused:
        if refused.code == "not_allowed":
            raise
        flash(sentence(refused.code, refused.params), "warn")
    else:
        flash(_("The form is struck out; its code is never used."), "good")
    return redirect(url_for("paper.blank"), 303)
