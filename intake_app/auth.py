"""Who is asking: the session of a signed-in person, how it ends, and which pages are whose.

Every page is for signed-in people unless it says otherwise with `public`; `only` narrows it to some roles.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from intake_app import carry
from intake_app.actions.accounts import actor_of
from intake_app.node import Actor
from intake_app.store.accounts import Account, account_of
from sync.errors import Refused

IDLE_SECONDS = 30 * 60  # a counter PC is left alone in a public room
IDLE_WARNING_SECONDS = 2 * 60
STAMP_DIGITS = 16  # of the stored password's hash, in the signed cookie: it tells two passwords apart and nothing of either
MACHINE_BYTES_MAX = 5_000_000  # an exchange has 4 MiB at most and bounds itself; pages take far less

View = TypeVar("View", bound=Callable)
login = LoginManager()


class SignedIn(UserMixin):
    """The person of this session, as the account says now and not as it said at sign-in."""

    def __init__(self, account: Account) -> None:
        self.actor = actor_of(account)
        # The password is part of who is signed in: another one ends every session that began with the one before.
        self.id = f"{account.person.hex()}.{sha256(account.password_hash.encode()).hexdigest()[:STAMP_DIGITS]}"


def public(view: View) -> View:
    """Mark a page that needs nobody signed in."""
    view.access = "public"
    return view


def passive(view: View) -> View:
    """Mark what the browser asks for by itself: it does not keep a session alive."""
    view.passive = True
    return view


def only(*roles: str) -> Callable[[View], View]:
    """Mark a page that needs one of these roles."""

    def mark(view: View) -> View:
        view.access = frozenset(roles)
        return view

    return mark


def attach(app: Flask) -> None:
    """Guard every page; where nothing is set up yet there is nobody to ask for."""
    if "node" not in app.extensions:
        return
    login.init_app(app)
    login.session_protection = "strong"
    app.before_request(_guard)


def current_actor() -> Actor:
    """The signed-in person; only pages that are not public may ask."""
    return current_user.actor


def begin(actor: Actor) -> None:
    """Start the session of a person who has just proved who they are; nothing of an earlier session stays."""
    language = session.get("language")
    session.clear()
    # Flask-WTF keeps the token of the old session for this request; a page shown in it would be born too old.
    g.pop("csrf_token", None)
    if language:
        session["language"] = language
    login_user(SignedIn(_account(actor.person)))
    session["active_at"] = _now_seconds()


def remain() -> None:
    """Go on with this session after its person's password was changed in it; all others of that person end."""
    login_user(SignedIn(_account(current_actor().person)))


def _account(person: bytes) -> Account:
    node = current_app.extensions["node"]
    with node.database.read() as db:
        found = account_of(db, person)
    if found is None:
        raise Refused("signed_out")
    return found


def end() -> None:
    """End the session; the language stays, it tells nobody anything."""
    logout_user()
    session.pop("active_at", None)


@login.user_loader
def _load(signed_in: str) -> SignedIn | None:
    node = current_app.extensions["node"]
    with node.database.read() as db:
        account = account_of(db, bytes.fromhex(signed_in.partition(".")[0]))
    found = SignedIn(account) if account and account.active else None
    return found if found and found.id == signed_in else None


def _guard() -> Response | tuple[str, int] | None:
    view = current_app.view_functions.get(request.endpoint or "")
    access = getattr(view, "access", None)
    if request.blueprint in current_app.extensions["machines"]:
        request.max_content_length = MACHINE_BYTES_MAX
        return None
    if view is None or access == "public" or request.endpoint.endswith("static"):
        return None
    if not _is_awake(view):
        return _ask_to_sign_in()
    if access and not access & current_actor().roles:
        raise Refused("not_allowed")
    return None


def _is_awake(view: Callable) -> bool:
    if not current_user.is_authenticated:
        return False
    now = _now_seconds()
    if now - session.get("active_at", 0) > IDLE_SECONDS:
        end()
        return False
    # The cookie is signed anew at each change, so a minute's grain saves most of that.
    if not getattr(view, "passive", False) and now - session["active_at"] >= 60:
        session["active_at"] = now
    return True


def _ask_to_sign_in() -> Response | tuple[str, int]:
    if request.accept_mimetypes.best == "application/json":
        raise Refused("signed_out")
    if request.method == "POST" and carry.is_ours(request):
        return carry.sign_in_page(request), 401
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("sign_in.sign_in", next=wanted if wanted != "/" else None))


def _now_seconds() -> int:
    return current_app.extensions["node"].clock.now_ms() // 1000
