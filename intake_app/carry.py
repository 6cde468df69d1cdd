"""Keeps what somebody typed when the session ended under it: the fields travel through the sign-in page and back.

Nothing is stored: the fields stand in the page as hidden inputs. Only what our own page sent is carried, so no other
site can have its text shown as if this person had typed it; passwords are never carried.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Request, render_template

from forms.login import SignInForm

PREFIX = "kept:"
SECRET_WORDS = ("password", "csrf_token")


def is_ours(request: Request) -> bool:
    """Whether a page of this installation sent the form; every browser since 2020 says where a POST comes from."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(origin).netloc == request.host


def typed_fields(request: Request) -> list[tuple[str, str]]:
    """What was typed, in the order of the form."""
    return [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if not any(word in name for word in SECRET_WORDS)
    ]


def sign_in_page(request: Request) -> str:
    """The sign-in page with what was typed on the page before in it."""
    form = SignInForm(formdata=None)
    return render_template("desk/sign_in.html", form=form, kept=typed_fields(request), kept_path=request.path, next="")


def carried_fields(request: Request) -> list[tuple[str, str]]:
    """What the sign-in page carried."""
    return [
        (name.removeprefix(PREFIX), value)
        for name, values in request.form.lists()
        for value in values
        if name.startswith(PREFIX)
    ]


def local_path(text: str) -> str:
    """A path of this installation to go on to, or the start page: never another site."""
    parts = urlsplit(text)
    safe = text.startswith("/") and not text.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return text if safe else "/"
