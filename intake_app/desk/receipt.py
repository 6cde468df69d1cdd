"""The receipt the citizen takes home: one A5 page that the browser prints, valid before any network."""

from __future__ import annotations

from flask import Blueprint

from intake_app.desk.paper import look_at

blueprint = Blueprint("receipt", __name__)


@blueprint.get("/reports/<report_id>/receipt")
def receipt(report_id: str) -> str:
    """The receipt of a report before it is printed."""
    return look_at(report_id, "receipt")
