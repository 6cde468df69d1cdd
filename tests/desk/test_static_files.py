"""Styles and scripts are asked for once: their address changes with their content."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from intake_app import static_files


def office(folder: Path) -> Flask:
    """An application with one style sheet of its own."""
    app = Flask("office", static_folder=str(folder), static_url_path="/static")
    static_files.attach(app)
    return app


def address_of(app: Flask, filename: str = "kit.css") -> str:
    with app.test_request_context():
        return app.url_for("static", filename=filename)


def kept(app: Flask, address: str) -> bool:
    with app.test_client().get(address) as answer:
        return "immutable" in answer.headers["Cache-Control"]


def test_a_style_is_kept_for_ever_under_its_address(tmp_path: Path) -> None:
    (tmp_path / "kit.css").write_text("a {}")
    app = office(tmp_path)
    assert kept(app, address_of(app)) and not kept(app, "/static/kit.css")


def test_a_style_that_changed_has_another_address_and_is_not_kept_under_the_old_one(tmp_path: Path) -> None:
    style = tmp_path / "kit.css"
    style.write_text("a {}")
    app = office(tmp_path)
    before = address_of(app)
    style.write_text("b {}")
    os.utime(style, ns=(1, 1))
    assert address_of(app) != before and not kept(app, before)


def test_a_file_that_is_not_there_has_a_plain_address(tmp_path: Path) -> None:
    assert address_of(office(tmp_path), "none.css") == "/static/none.css"
    assert address_of(office(tmp_path), "") == "/static/"
