"""The page of the demo from which each office's network is cut and restored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, Response, abort, jsonify, redirect, render_template, request, url_for
from flask_bootstrap import Bootstrap5

from intake_app import headers
from intake_app.demo.link import Network
from intake_app.words import DEFAULT_LANGUAGE, in_language, language

LANGUAGES = (DEFAULT_LANGUAGE, "en")


@dataclass(frozen=True)
class Shown:
    """A node as the page shows it; `link` is the name of its link, none at the centre."""

    name: str
    office: str
    address: str
    link: str | None
    accounts: tuple[str, ...]


def control_app(nodes: list[Shown], network: Network, is_running: Callable[[str], bool], password: str) -> Flask:
    """The control page as a WSGI application; there is nobody to sign in, it listens on this computer only."""
    app = Flask("intake_app", template_folder="templates")
    app.config.update(BOOTSTRAP_SERVE_LOCAL=True)
    Bootstrap5().init_app(app)
    headers.attach(app)
    app.before_request(_refuse_strangers)

    @app.get("/")
    def page() -> str:
        spoken = _spoken()
        rows = [(node, is_running(node.office), _is_cut(network, node)) for node in nodes]
        return render_template(
            "demo/control.html",
            rows=rows,
            password=password,
            language=spoken,
            _=lambda text, **params: in_language(spoken, text, **params),
        )

    @app.get("/links")
    def links() -> Response:
        return jsonify({name: "cut" if link.is_cut else "open" for name, link in network.links.items()})

    @app.post("/links/<office>/<act>")
    def switch(office: str, act: str) -> Response:
        acts = {"cut": network.cut, "restore": network.restore}
        if office not in network.links or act not in acts:
            abort(404)
        acts[act](office)
        return redirect(url_for("page", lang=request.args.get("lang")), 303)

    return app


def _is_cut(network: Network, node: Shown) -> bool:
    return node.link is not None and network.links[node.link].is_cut


def _spoken() -> str:
    wanted = request.args.get("lang")
    return wanted if wanted in LANGUAGES else language()


def _refuse_strangers() -> None:
    # A page elsewhere could otherwise have this person's browser press the buttons (or rebind a name to 127.0.0.1).
    if urlsplit(f"//{request.host}").hostname not in ("127.0.0.1", "localhost", "::1"):
        abort(403)
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)
