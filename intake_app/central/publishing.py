"""What the pages of calendars and of deadline rules have in common: finding one, publishing an edition, retiring, its history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from forms.deadlines import ContentForm
from forms.library import RetireForm
from intake_app.actions import publish_deadlines
from intake_app.actions.editions import today
from intake_app.actions.publish_deadlines import EDITORS, MISSING
from intake_app.auth import current_actor
from intake_app.central.editing import published, retired
from intake_app.desk.at_hand import the_node
from intake_app.store import deadlines
from intake_app.store.articles import editions
from intake_app.store.database import Db
from intake_app.store.deadlines import Source
from intake_app.store.entities import Entity, State
from intake_app.store.people import person_names
from sync.edition import standing
from sync.errors import Refused


@dataclass(frozen=True)
class Shelf:
    """One type of published content: its pages and their words."""

    kind: str
    room: str  # the blueprint
    form_page: str
    published: Callable[[], str]
    preview: Callable[[State], Any]


@dataclass(frozen=True)
class Line:
    """One calendar or rule of a list: published or shipped."""

    id: str
    state: State
    standing: str


def may_edit() -> bool:
    """Whether the signed-in person writes what the centre publishes."""
    return bool(EDITORS & current_actor().roles)


def lines(db: Db, kind: str, today: str) -> list[Line]:
    """All of a type: what holds and is to come first, retired ones last; shipped ones as long as they hold."""
    own = [Source(one.id, one.seen) for one in deadlines.published(db, kind) if one.seen is not None]
    taken = {
        one.state["name"] for one in own
    }  # what was taken over stands beside what it came from, and goes before it
    shipped = [one for one in deadlines.sources(db, kind) if one.id is None and one.state["name"] not in taken]
    found = [Line(one.id.hex() if one.id else "", one.state, standing(one.state, today)) for one in (*own, *shipped)]
    found.sort(key=lambda line: (line.state["valid_from"], line.state["name"]), reverse=True)
    return sorted(found, key=lambda line: line.standing == "retired")


def find(kind: str, known: str) -> Entity:
    """The calendar or rule an address names; refuses an address that names none."""
    try:
        wanted = bytes.fromhex(known)
    except ValueError:
        raise Refused(MISSING[kind]) from None
    with the_node().database.read() as db:
        found = deadlines.find_source(db, wanted, kind)
    if found is None:
        raise Refused(MISSING[kind])
    return found


def edit_page(shelf: Shelf, form: ContentForm, one: Entity | None) -> Response | str | tuple[str, int]:
    """The form; publishing what was typed, or showing beside it what that would lead to."""
    if form.is_submitted() and (known := _published(shelf, form, one)):
        flash(shelf.published(), "good")
        return redirect(url_for(f"{shelf.room}.history", known=known.hex()), 303)
    shown = shelf.preview(_content(shelf, form)) if form.is_submitted() and not form.errors else None
    state = one.seen if one else None
    page = render_template(
        shelf.form_page, form=form, one=one, state=state, preview=shown, edition=state["edition"] if state else 0
    )
    return (page, 422) if form.errors else page


def _content(shelf: Shelf, form: ContentForm) -> State:
    return publish_deadlines.check(the_node(), shelf.kind, form.content())


def _published(shelf: Shelf, form: ContentForm, one: Entity | None) -> bytes | None:
    node, actor = the_node(), current_actor()
    return published(
        form, one is not None, lambda content: publish_deadlines.check(node, shelf.kind, content),
        lambda content, seen: publish_deadlines.publish(node, actor, shelf.kind, content, one and one.id, seen),
    )  # fmt: skip


def retire_page(shelf: Shelf, known: str) -> Response | str | tuple[str, int]:
    """The form of retiring, with the reason."""
    one, form = find(shelf.kind, known), RetireForm()
    if retired(form, lambda reason: publish_deadlines.retire(the_node(), current_actor(), shelf.kind, one.id, reason)):
        flash(_("Retired. Deadlines are worked out anew."), "good")
        return redirect(url_for(f"{shelf.room}.history", known=known), 303)
    page = render_template("central/deadline_retire.html", form=form, known=known, state=one.seen, room=shelf.room)
    return (page, 422) if form.errors else page


def history_page(shelf: Shelf, known: str, template: str) -> str:
    """Every edition, the newest first, with who published it."""
    one = find(shelf.kind, known)
    with the_node().database.read() as db:
        found = editions(db, one.no)
        names = person_names(db, [each.by for each in found])
    return render_template(
        template, state=one.seen, known=known, editions=found, names=names, may_edit=may_edit(),
        standing=standing(one.seen or {}, today_here()),
    )  # fmt: skip


def today_here() -> str:
    """The day on the province's calendar, as validity dates spell it."""
    return today(the_node())


def take_over(shelf: Shelf) -> Response:
    """Publish what is shipped and not published yet."""
    count = publish_deadlines.take_over_shipped(the_node(), current_actor(), shelf.kind)
    flash(
        ngettext(
            "%(n)s is published as a first edition. It has to be checked before it is relied on.",
            "%(n)s are published as a first edition. Each has to be checked before it is relied on.",
            count,
            n=count,
        ),
        "good",
    )
    return redirect(url_for(f"{shelf.room}.listed"), 303)
