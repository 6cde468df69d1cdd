"""What is public, what waits to be published, what was taken back; and the words that the public reads, as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, stream_with_context
from flask_babel import get_locale

from forms.dispatch import agency_groups
from forms.publicity import STAGES, PublicFilterForm
from intake_app.actions.note_export import note_exported
from intake_app.actions.set_publicity import PUBLISHERS
from intake_app.auth import current_actor, only
from intake_app.central.public_file import as_csv, as_jsonl
from intake_app.desk.at_hand import sight, surroundings, the_directory, the_node, topic_names
from intake_app.desk.lists import midnight_ms
from intake_app.navigation import DISPATCHERS
from intake_app.store.people import person_names
from intake_app.store.publicity import COUNT_MAX, Listed, Wanted, count_stages, each_public, list_publicity
from sync.publicity import PUBLIC, as_read, released_last, set_last

blueprint = Blueprint("public", __name__)
PAGE_ROWS = 50
FILES: dict[str, tuple[str, Callable[[Iterator[Listed]], Iterator[bytes]]]] = {
    "csv": ("text/csv", as_csv),
    "jsonl": ("application/x-ndjson", as_jsonl),
}


@blueprint.get("/public")
@only(*DISPATCHERS)
def listed() -> str:
    """One of the three views, narrowed, a page at a time."""
    show = request.args.get("show", PUBLIC)
    if show not in STAGES:
        abort(404)
    form = _form()
    wanted = _wanted(form, show)
    with the_node().database.read() as db:
        page = list_publicity(db, wanted, request.args.get("after"), PAGE_ROWS)
        counts, names = count_stages(db, sight() or ""), person_names(db, _people(page.rows))
    return render_template(
        "central/public.html", form=form, page=page, lines=[_line(row, names) for row in page.rows], show=show,
        stages=STAGES, counts=counts, count_max=COUNT_MAX, narrowed=_narrowed(form),
        may_publish=bool(PUBLISHERS & current_actor().roles),
    )  # fmt: skip


@blueprint.get("/public.<ending>")
@only(*DISPATCHERS)
def file(ending: str) -> Response:
    """What is public as a file, all that fits the filters: the released words and nothing else."""
    if ending not in FILES:
        abort(404)
    form, node = _form(), the_node()
    note_exported(node, current_actor(), "public", ending, _narrowed(form))
    kind, lines = FILES[ending]
    rows = each_public(node.database.read, _wanted(form, PUBLIC))
    name = f"public-{node.head.office}-{get_locale()}.{ending}"
    # Sent as it is read: all that was ever published does not have to fit into memory.
    return Response(
        stream_with_context(lines(rows)), mimetype=kind, headers={"Content-Disposition": f"attachment; filename={name}"}
    )


def _form() -> PublicFilterForm:
    agencies = agency_groups(the_directory().agencies.values())
    form = PublicFilterForm(request.args, topics=topic_names(), agencies=agencies, **surroundings())
    form.validate()  # what does not fit is said beside its field and narrows nothing
    return form


def _narrowed(form: PublicFilterForm) -> dict[str, str]:
    """The filters in use."""
    return {field.name: field.data for field in form if field.data and not field.errors}


def _wanted(form: PublicFilterForm, show: str) -> Wanted:
    used = _narrowed(form)
    return Wanted(
        show, used.get("q", ""), used.get("topic", ""), sight() or used.get("agency", ""),
        midnight_ms(used["first"]) if "first" in used else None,
        midnight_ms(used["last"], 1) if "last" in used else None,
    )  # fmt: skip


def _people(rows: Sequence[Listed]) -> list[str]:
    return sorted({set_last(row.state).get("by", "") for row in rows} - {""})


def _line(row: Listed, names: dict[str, str]) -> dict[str, Any]:
    """One line as it is shown; of what waits nothing has been released yet, and its own words stand there."""
    state, last = row.state, set_last(row.state)
    answered_ms = state.get("answer", {}).get("at") or 0
    return {
        "id": row.id.hex(),
        "state": state,
        "since_ms": row.since_ms,
        "by": names.get(last.get("by", ""), ""),
        "reason": last.get("set", {}).get("publicity", {}).get("reason", ""),
        "read": as_read(state, released_last(state)),
        # The public still reads the answer of before.
        "outdated": bool(last) and state["publicity"].get("public", False) and answered_ms > row.since_ms,
    }
