"""Topics, agencies, offices and units as the centre writes them: each kind a room of pages of one shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from forms.deadlines import ContentForm
from forms.dispatch import agency_groups
from forms.library import RetireForm
from forms.reference import AgencyForm, OfficeForm, ReferencesForm, StructureForm, TopicForm, UnitForm
from intake_app.actions import publish_reference
from intake_app.actions.publish_reference import EDITORS, known_content
from intake_app.auth import current_actor, only
from intake_app.central.editing import published, retired
from intake_app.desk.at_hand import surroundings, the_directory, the_node, today
from intake_app.desk.library import page_asked
from intake_app.navigation import CATALOGUE_READERS
from intake_app.store import reference
from intake_app.store.articles import editions
from intake_app.store.entities import Entity, State
from intake_app.store.people import person_names
from sync.edition import standing
from sync.errors import Refused
from sync.fold import fold
from sync.reference import AGENCY, KEY, MISSING, OFFICE, STRUCTURE, TOPIC, UNIT

PAGE = 50
MORE = "more"


@dataclass(frozen=True)
class Line:
    """One of a list: what holds under a code, and how often the centre has published it."""

    code: str
    state: State
    standing: str
    edition: int


@dataclass(frozen=True)
class Listed:
    """A page of lines, how many there are in all, and the page after this one."""

    lines: list[Line]
    total: int
    next: int | None


@dataclass(frozen=True)
class Shelf:
    """One kind: its room, its form and the codes that are known."""

    kind: str
    room: str
    form: Callable[[], ContentForm]
    fill: Callable[[Any, State], None]
    codes: Callable[[], Iterator[str]]


def _fill(form: Any, state: State) -> None:
    for name, field in form._fields.items():
        if name not in ("csrf_token", "questions"):
            field.data = state.get(name, field.data)


def _fill_topic(form: TopicForm, state: State) -> None:
    _fill(form, state)
    form.show_questions(state.get("questions", ()))


def _fill_placed(form: Any, state: State) -> None:
    _fill(form, state)
    form.unit.show(state.get("unit"), the_directory())


def _fill_unit(form: UnitForm, state: State) -> None:
    _fill(form, state)
    form.parent.show(state.get("parent"), the_directory())
    form.point.data = (state["lat"], state["lon"]) if state.get("lat") and state.get("lon") else None
    form.predecessors.show(state.get("predecessors", ()), state.get("main_of", ()), the_directory())


def _office_form() -> OfficeForm:
    return OfficeForm(groups=agency_groups(the_directory().agencies.values()), **surroundings())


def _structures() -> Iterator[str]:
    return (structure for _start, structure in the_directory().starts)


SHELVES = (
    Shelf(TOPIC, "topics", lambda: TopicForm(**surroundings()), _fill_topic, lambda: iter(the_directory().topics)),
    Shelf(AGENCY, "agencies", lambda: AgencyForm(**surroundings()), _fill_placed, lambda: iter(the_directory().agencies)),
    Shelf(OFFICE, "offices", _office_form, _fill_placed, lambda: iter(the_directory().offices)),
    Shelf(UNIT, "territory", lambda: UnitForm(**surroundings()), _fill_unit, lambda: iter(the_directory().units)),
    Shelf(STRUCTURE, "structures", lambda: StructureForm(**surroundings()), _fill, _structures),
)


def lines(kind: str, codes: Iterator[str]) -> list[Line]:
    """All of a kind that is known, shipped or published; also what was published and lies nowhere."""
    with the_node().database.read() as db:
        own = {code: one.seen or {} for code, one in reference.of_type(db, kind).items()}
    found = []
    for code in dict.fromkeys((*codes, *own)):
        state = own.get(code) or known_content(the_directory(), kind, code) or {}
        found.append(Line(code, state, standing(state, today()), state.get("edition", 0)))
    return found


def _asked(found: list[Line], words: str, show: str) -> list[Line]:
    asked = fold(words).split()
    return [
        line for line in found
        if all(word in fold(f"{line.code} {line.state['name']} {line.state.get('abbreviation', '')}") for word in asked)
        and (line.standing != "retired" if not show else bool(line.edition) if show == "changed" else line.standing == show)
    ]  # fmt: skip


def _page(shelf: Shelf) -> str:
    form = ReferencesForm(request.args)
    words, show, page = (form.q.data or "").strip(), form.show.data or "", page_asked()
    found = _asked(lines(shelf.kind, shelf.codes()), words, show)
    start = (page - 1) * PAGE
    listed = Listed(found[start : start + PAGE], len(found), page + 1 if len(found) > start + PAGE else None)
    return render_template(
        "central/references.html", shelf=shelf, form=form, found=listed, page=page, narrowed=bool(words or show),
        may_edit=_may_edit(shelf),
    )  # fmt: skip


def _may_edit(shelf: Shelf) -> bool:
    return bool(EDITORS[shelf.kind] & current_actor().roles)


def _find(shelf: Shelf, code: str) -> tuple[Entity | None, State]:
    """What stands under a code; refuses an address that names nothing."""
    with the_node().database.read() as db:
        one = reference.find(db, shelf.kind, code)
    state = one.seen if one else known_content(the_directory(), shelf.kind, code)
    if state is None:
        raise Refused(MISSING[shelf.kind])
    return one, state


def _edit_page(shelf: Shelf, state: State | None) -> Response | str | tuple[str, int]:
    form = shelf.form()
    for name in ("unit", "parent"):
        if state and name in form:
            form[name].known = state.get(name, "")
    code = state[KEY[shelf.kind]] if state else ""
    if request.method == "GET":
        if state:
            shelf.fill(form, state)
        else:
            form["valid_from"].data = today()
            _more(form)
    elif request.form.get("action") == MORE:
        _more(form)
    elif known := _publish(shelf, form, code):
        flash(_("Published. Every computer gets it with its next exchange."), "good")
        return redirect(url_for(f"{shelf.room}.history", code=known), 303)
    edition = state.get("edition", 0) if state else 0
    page = render_template("central/reference_form.html", shelf=shelf, form=form, state=state, code=code, edition=edition)
    return (page, 422) if form.errors else page


def _more(form: ContentForm) -> None:
    if isinstance(form, TopicForm):
        form.more()


def _publish(shelf: Shelf, form: ContentForm, code: str) -> str | None:
    """Publish what was typed, under the code that the address names; gives the code, or None with the problems in the form."""
    node, key = the_node(), KEY[shelf.kind]

    def content() -> dict[str, Any]:
        return {**shelf_content(form), **({key: code} if code else {})}

    made = published(
        form, bool(code), lambda typed: publish_reference.check(node, shelf.kind, content()),
        lambda typed, seen: _published(shelf, content(), seen, bool(code)),
    )  # fmt: skip
    return content()[key] if made else None


def _published(shelf: Shelf, content: dict[str, Any], seen: int, exists: bool) -> bytes:
    if not exists and content[KEY[shelf.kind]] in set(shelf.codes()):
        raise Refused("code_taken", code=content[KEY[shelf.kind]])
    return publish_reference.publish(the_node(), current_actor(), shelf.kind, content, seen)


def shelf_content(form: ContentForm) -> dict[str, Any]:
    """What was typed, without what says nothing."""
    return {name: value for name, value in form.content().items() if value not in (None, "", [])}


def _retire_page(shelf: Shelf, code: str) -> Response | str | tuple[str, int]:
    _one, state = _find(shelf, code)
    form = RetireForm()
    if retired(form, partial(publish_reference.retire, the_node(), current_actor(), shelf.kind, code)):
        flash(_("Retired. It is offered no more; what names it still reads as before."), "good")
        return redirect(url_for(f"{shelf.room}.history", code=code), 303)
    page = render_template("central/reference_retire.html", shelf=shelf, form=form, code=code, state=state)
    return (page, 422) if form.errors else page


def _history_page(shelf: Shelf, code: str) -> str:
    one, state = _find(shelf, code)
    with the_node().database.read() as db:
        found = editions(db, one.no) if one else []
        names = person_names(db, [each.by for each in found])
    return render_template(
        "central/reference_history.html", shelf=shelf, code=code, state=state, editions=found, names=names,
        standing=standing(state, today()), may_edit=_may_edit(shelf),
    )  # fmt: skip


def _room(shelf: Shelf) -> Blueprint:
    room = Blueprint(shelf.room, __name__, url_prefix=f"/{shelf.room}")

    @room.get("")
    @only(*CATALOGUE_READERS)
    def listed() -> str:
        return _page(shelf)

    @room.route("/new", methods=["GET", "POST"])
    @only(*EDITORS[shelf.kind])
    def new() -> Response | str | tuple[str, int]:
        return _edit_page(shelf, None)

    @room.route("/<code>/edit", methods=["GET", "POST"])
    @only(*EDITORS[shelf.kind])
    def edit(code: str) -> Response | str | tuple[str, int]:
        return _edit_page(shelf, _find(shelf, code)[1])

    @room.route("/<code>/retire", methods=["GET", "POST"])
    @only(*EDITORS[shelf.kind])
    def retire(code: str) -> Response | str | tuple[str, int]:
        return _retire_page(shelf, code)

    @room.get("/<code>")
    @only(*CATALOGUE_READERS)
    def history(code: str) -> str:
        return _history_page(shelf, code)

    return room


ROOMS = [_room(shelf) for shelf in SHELVES]
