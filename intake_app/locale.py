"""Which language a page speaks: what the person chose in this session, else the language of the installation."""

from __future__ import annotations

from flask import current_app, has_request_context, request, session

LANGUAGES = ("vi", "en")


def choose() -> str:
    """The language for this request."""
    fallback = current_app.config["BABEL_DEFAULT_LOCALE"]
    if not has_request_context():
        return fallback
    wanted = request.args.get("lang")
    if wanted in LANGUAGES:
        return wanted
    return session.get("language") if session.get("language") in LANGUAGES else fallback


def remember() -> None:
    """Keep the language asked for by a switch link until the person switches again."""
    wanted = request.args.get("lang")
    if wanted in LANGUAGES and session.get("language") != wanted:
        session["language"] = wanted
