"""Headers of every answer: what a page may load, and that pages with people in them are not kept by the browser."""

from __future__ import annotations

from flask import Flask, Response, current_app, request

# No inline script or style anywhere and nothing from outside; Bootstrap draws its arrows from data: images.
SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
CONTENT_POLICY = "; ".join(f"{kind} {allowed}" for kind, allowed in SOURCES.items())


def attach(app: Flask) -> None:
    """Add the headers to whatever the application answers."""
    app.after_request(_secure)


def _secure(response: Response) -> Response:
    # The control page of the demo has these headers too, and no doors for machines.
    if request.blueprint in current_app.extensions.get("machines", ()):
        return response  # a node renders no page, and on its line every byte counts
    response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint and not request.endpoint.endswith("static"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
