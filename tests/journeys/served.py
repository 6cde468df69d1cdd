"""Applications served on this computer for the length of a test, and signing in to them with a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cheroot.wsgi import Server
from flask import Flask
from playwright.sync_api import Page

from tests.benchmarks.visitor import TOKEN

DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address at which an application is served, by the server that `serve` uses."""
    server = Server(("127.0.0.1", 0), app, numthreads=4, server_name="intake")
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}"
    finally:
        server.stop()
        thread.join()


def come_in(page: Page, username: str, password: str, language: str = "en", *, address: str = "", path: str = "") -> None:
    """Be signed in as somebody, after whoever was there before, and open a page, else the one that signing in leads to.

    The form goes out without being shown: two pages less, which are half of the time of a short journey.
    """
    page.context.clear_cookies()
    window = page.context.request
    shown = window.get(f"{address}/sign-in?lang={language}")
    token = TOKEN.search(shown.text())
    assert token is not None, shown.status
    form = {"csrf_token": token[1], "username": username, "password": password}
    answer = window.post(f"{address}/sign-in", form=form, max_redirects=0)
    assert answer.status == 303, answer.text()
    page.goto(address + (path or answer.headers["location"]))


def sign_in(page: Page, address: str, username: str, password: str, language: str = "en") -> None:
    """Sign in as somebody, after whoever was there before, as one does it: by the form."""
    page.context.clear_cookies()
    page.goto(f"{address}/sign-in?lang={language}")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("main button.btn-primary")
