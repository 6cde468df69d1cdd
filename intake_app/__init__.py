"""The intake kit as a web application: create_app() assembles the parts and starts nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from intake_app.config import Settings
    from intake_app.node import Node
    from intake_app.serve import Setup

FORM_BYTES_MAX = 2_000_000  # the longest form is a few ten thousand characters; files have a door of their own


def create_app(settings: Settings, node: Node | None = None, *, setup: Setup | None = None) -> Flask:
    """The application of one installation. It starts no thread and opens the node only if none is handed in.

    Where nothing is set up yet (`settings.role is None`) it has the set-up pages only, behind the token of `setup`.
    """
    # Importing any module of this package runs this file. Commands that show no page must not pay for Flask,
    # WTForms and their like, which take longer than most commands themselves.
    from flask import Flask

    from intake_app import auth, errors, extensions, headers, locale, presentation, roles, shown, static_files

    app = Flask("intake_app")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        BABEL_DEFAULT_LOCALE=settings.language,
        BABEL_DEFAULT_TIMEZONE=shown.ZONE_NAME,
        BOOTSTRAP_SERVE_LOCAL=True,
        MAX_CONTENT_LENGTH=FORM_BYTES_MAX,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES_MAX,
        SESSION_COOKIE_NAME=f"intake-{settings.office or 'setup'}-{settings.port}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # the session's own end is the limit: a form left open over lunch must still save
        WTF_I18N_ENABLED=False,  # WTForms has no Vietnamese; every sentence of refusal is ours
    )
    app.before_request(locale.remember)
    extensions.attach(app, settings, node, setup)
    auth.attach(app)
    presentation.attach(app)
    headers.attach(app)
    static_files.attach(app)
    errors.attach(app)
    roles.attach(app, settings.role)
    return app
