"""A real office behind a real server on this machine, and a real browser before it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cheroot.wsgi import Server
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, Request, sync_playwright

from intake_app import create_app
from intake_app.actions.record_report import record_report
from intake_app.node import Actor, Node
from tests import creators
from tests.desk.conftest import PASSWORD
from tests.hired import hire
from tests.journeys.served import come_in

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu-rasterization",  # nobody looks: what only draws faster on a screen costs a process of its own here
    "--disable-software-rasterizer",
    # Nothing but this computer has a name: what a page wants from elsewhere is asked for in vain, and noted below.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
DESK = {"width": 1366, "height": 640}  # what a browser leaves of the office's 1366 × 768 screens


@dataclass
class Office:
    """An office at work: its address, its node, its officer, and what was recorded."""

    address: str
    node: Node
    officer: Actor
    reports: list[bytes] = field(default_factory=list)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that most journeys share: whoever needs one where nothing else happened opens an own one."""
    with open_office(tmp_path_factory.mktemp("office")) as made:
        yield made


@contextmanager
def open_office(folder: Path) -> Iterator[Office]:
    """The office 0380 with a few reports, served as `serve` does it."""
    node = creators.make_node(folder, clock=creators.Clock())
    lan = hire(node, "lan", "Trần Thị Lan", creators.ALL_ROLES, PASSWORD)
    server = Server(("127.0.0.1", 0), create_app(node.settings, node), numthreads=4, server_name="intake")
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    made = Office(f"http://127.0.0.1:{server.bind_addr[1]}", node, lan)
    for number in range(4):
        line = creators.make_line(summary=f"Việc số {number}", name="Lê Thị Hoa", phone="0912 345 678")
        made.reports.append(record_report(node, lan, line).id)
    yield made
    server.stop()
    thread.join()
    node.close()


@pytest.fixture(scope="session")
def chrome(chromium: str) -> Iterator[Chromium]:
    """The one browser of this process: a start takes longer than most journeys."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(chrome: Chromium, office: Office) -> Iterator[BrowserContext]:
    """A window of its own; a request that would leave this machine fails the test."""
    yield from open_context(chrome, office)


@pytest.fixture
def plain(chrome: Chromium, office: Office) -> Iterator[BrowserContext]:
    """A window in which no script runs."""
    yield from open_context(chrome, office, java_script_enabled=False)


def open_context(chrome: Chromium, office: Office, **options: bool) -> Iterator[BrowserContext]:
    """A window that notes what it asks for elsewhere."""
    made = chrome.new_context(viewport=DESK, base_url=office.address, locale="en-US", **options)
    elsewhere: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((office.address, "data:", "blob:")):
            elsewhere.append(request.url)

    # Looked at, not routed: a route carries each request through this process, which doubles what a page costs.
    made.on("request", watch)
    made.set_default_timeout(10_000)
    yield made
    made.close()
    assert elsewhere == []


def sign_in(context: BrowserContext, lang: str = "vi") -> Page:
    """A page on which Lan is signed in, at the form of a new report."""
    page = context.new_page()
    come_in(page, "lan", PASSWORD, lang, path="/intake")
    return page


@pytest.fixture
def lan(context: BrowserContext) -> Page:
    """Lan at her desk, in Vietnamese."""
    return sign_in(context)
