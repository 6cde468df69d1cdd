"""The libraries and the node an application is made of, each in the one instance that the modules share."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import Flask, current_app, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from intake_app import locale
from intake_app.node import database_url, open_node
from intake_app.store.database import Database, engine_options, prepare
from intake_app.store.reference import Reference
from intake_app.store.shipped import load_directory
from intake_app.store.tables_central import metadata

if TYPE_CHECKING:
    from intake_app.config import Settings
    from intake_app.node import Node
    from intake_app.serve import Setup

babel = Babel()
bootstrap = Bootstrap5()
csrf = CSRFProtect()
sql = SQLAlchemy(metadata=metadata)


def attach(app: Flask, settings: Settings, node: Node | None, setup: Setup | None) -> None:
    """Bind the libraries to the application and put the node, or the set-up door, where pages find it."""
    app.extensions["settings"] = settings
    if settings.role is None:
        # Nothing is kept before set-up, so a secret that dies with the process is enough for the set-up form.
        app.config["SECRET_KEY"] = app.config["SECRET_KEY"] or secrets.token_hex(32)
        app.extensions["setup"] = setup
        app.extensions["reference"] = Reference(load_directory())
    else:
        app.extensions["node"] = node or _open(app, settings)
        app.extensions["reference"] = app.extensions["node"].reference
        app.before_request(_look_at_reference)
    babel.init_app(app, locale_selector=locale.choose)
    bootstrap.init_app(app)
    csrf.init_app(app)


def _look_at_reference() -> None:
    """Learn what was published since the last page; what machines ask for looks by itself where it matters."""
    if request.blueprint not in current_app.extensions["machines"] and request.endpoint != "static":
        node: Node = current_app.extensions["node"]
        with node.database.read() as db:
            node.reference.at(db)


def _open(app: Flask, settings: Settings) -> Node:
    """The node on an engine that Flask-SQLAlchemy makes and ends with the application; `store` lays its rules over it."""
    url = database_url(settings)
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=engine_options(url))
    sql.init_app(app)
    with app.app_context():
        return open_node(settings, database=Database(prepare(sql.engine)))
