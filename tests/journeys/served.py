"""Applications served on this computer for the length of a test, and a real browser to walk through them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """A line for each request would drown what a failing test has to say."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address at which an application is served."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def browsing(chromium: str, javascript: bool = True) -> Iterator[Page]:
    """A browser's page; with or without JavaScript."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        context = browser.new_context(viewport=DESKTOP, java_script_enabled=javascript)
        try:
            yield context.new_page()
        finally:
            browser.close()


def sign_in(page: Page, address: str, username: str, password: str, language: str = "en") -> None:
    """Sign in as somebody, after whoever was there before."""
    page.context.clear_cookies()
    page.goto(f"{address}/sign-in?lang={language}")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("main button.btn-primary")
