"""What templates may call: times, codes, names and words as people read them, and what every page shows."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, current_app, request, session, url_for
from flask_babel import get_locale, gettext
from flask_login import current_user
from markupsafe import Markup

from forms import words
from forms.refusals import sentence
from intake_app import navigation, shown, syncbar
from intake_app.auth import IDLE_SECONDS, IDLE_WARNING_SECONDS
from intake_app.phone import typed_form
from intake_app.store.directory import Directory
from intake_app.store.reference import Reference
from sync import tracking_code


def attach(app: Flask) -> None:
    """Give the filters and the common values to the templates of this application."""
    for name, function in {
        "when": shown.when,
        "day": shown.day,
        "code": tracking_code.show,
        "masked": shown.masked,
        "dialled": typed_form,
        "unit": unit_name,
        "structure": structure_note,
        "topic": topic_name,
        "agency": agency_name,
        "office": office_name,
        "office_unit": office_unit,
        "scope": scope_name,
        "params": lambda text: json.loads(text) if text else {},
    }.items():
        app.jinja_env.filters[name] = function
    app.jinja_env.globals.update(word=words.word, sentence=sentence, with_args=with_args, _=said, gettext=said)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_common)


def _directory() -> Directory:
    reference: Reference = current_app.extensions["reference"]
    return reference.directory


_SAID: dict[tuple[str, str], Markup] = {}
_SAID_MAX = 10_000  # more than all words of the product in both languages


def said(words: str, /, **values: Any) -> Markup:
    """The words of a template in the reader's language, with values filled in.

    A list says the same names of its columns in each row: what was translated once is not looked up again.
    """
    key = (str(get_locale()), words)
    found = _SAID.get(key)
    if found is None:
        if len(_SAID) >= _SAID_MAX:
            _SAID.clear()
        found = _SAID[key] = Markup(gettext(words))  # the catalogue's, as trusted as the template
    return found % values


def unit_name(code: str | None) -> str:
    """The name of a unit with the district it lies in."""
    return _directory().unit_label(code) if code else ""


def structure_note(code: str) -> str:
    """From or until when the unit's structure is in force."""
    return shown.structure_note(_directory(), code, gettext)


def topic_name(code: str | None, short: bool = False) -> str:
    """The name of a topic in the reader's language."""
    topic = _directory().topics.get(code or "")
    return shown.topic_label(topic, str(get_locale()), short) if topic else code or ""


def agency_name(code: str | None) -> str:
    """The name of an agency."""
    agency = _directory().agencies.get(code or "")
    return agency.name if agency else code or ""


def office_name(number: str | None) -> str:
    """The name of an office."""
    office = _directory().offices.get(number or "")
    return office.name if office else number or ""


def office_unit(number: str | None) -> str:
    """The name of the unit an office looks after."""
    office = _directory().offices.get(number or "")
    return unit_name(office.unit) if office else ""


def scope_name(scope: str) -> str:
    """What a scope holds, in words."""
    kind, _, code = scope.partition(":")
    if kind == "unit":
        return gettext("Everything about %(unit)s", unit=unit_name(code) or code)
    if kind == "office":
        return gettext("What %(office)s recorded", office=office_name(code))
    if kind == "agency":
        return gettext("What is routed to %(agency)s", agency=agency_name(code))
    return gettext("Answer library, people") if scope == "all" else scope


def with_args(**changes: object) -> str:
    """The address of this page with some arguments changed, so that filters and language survive each other."""
    arguments = {**request.args.to_dict(flat=False), **changes}
    kept = {name: value for name, value in arguments.items() if value not in (None, "", [])}
    return f"{request.path}?{_query(kept)}" if kept else request.path


def _query(arguments: dict[str, object]) -> str:
    from_url = url_for("static", filename="", **arguments)  # Werkzeug's own quoting, for lists too
    return from_url.partition("?")[2]


def _common() -> dict[str, object]:
    settings = current_app.extensions["settings"]
    ready = "node" in current_app.extensions
    return {
        "settings": settings,
        "language": str(get_locale()),
        "ready": ready,
        "actor": current_user.actor if ready and current_user.is_authenticated else None,
        "menu": navigation.menu,
        "catalogues": navigation.catalogues,
        "keys_off": bool(session.get("keys_off")) if request else False,
        "sync_bar": syncbar.current,
        "idle_seconds": IDLE_SECONDS,
        "idle_warning_seconds": IDLE_WARNING_SECONDS,
    }
