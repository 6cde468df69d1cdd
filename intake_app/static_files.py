"""Styles and scripts have their content in their address, so that a browser asks for each once and not again with every page."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request

MARK = "v"
FOR_EVER = "max-age=31536000, immutable"  # a year, which is as long as browsers keep anything


def attach(app: Flask) -> None:
    """Mark the addresses of styles and scripts, and let whoever asks with the mark of today keep what it gets."""
    app.url_defaults(_mark)
    app.after_request(_keep)


def _mark(endpoint: str, values: dict[str, Any]) -> None:
    if _is_static(endpoint) and (mark := mark_of(endpoint, values.get("filename", ""))):
        values.setdefault(MARK, mark)


def _keep(response: Response) -> Response:
    """A page of before an upgrade asks with the old mark: what it gets is not kept under that."""
    if request.endpoint is None or not _is_static(request.endpoint) or response.status_code >= 400:
        return response
    mark = mark_of(request.endpoint, (request.view_args or {}).get("filename", ""))
    if mark and request.args.get(MARK) == mark:
        response.headers["Cache-Control"] = FOR_EVER
    return response


def _is_static(endpoint: str) -> bool:
    return endpoint.rpartition(".")[2] == "static"


def mark_of(endpoint: str, filename: str) -> str:
    """What stands for the content of a file; nothing where there is no such file."""
    room = endpoint.rpartition(".")[0]
    folder = (current_app.blueprints[room] if room else current_app).static_folder
    file = Path(folder or "") / filename
    try:
        return _mark_at(file, file.stat().st_mtime_ns) if filename else ""
    except OSError:
        return ""


@lru_cache(maxsize=1_000)
def _mark_at(file: Path, changed_ns: int) -> str:
    return sha256(file.read_bytes()).hexdigest()[:12]
