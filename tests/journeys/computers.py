"""A centre and offices as their people see them: processes of their own, lines that can be cut, a window for each person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, expect

from intake_app.actions.enroll import enroll, make_enrollment_code
from intake_app.config import load_settings
from intake_app.demo.link import Link, Network
from intake_app.node import open_node
from sync.transport import HttpLink
from tests.creators import somebody
from tests.hired import hire
from tests.journeys.served import DESKTOP, sign_in
from tests.processes.computer import Computer, free_port

PASSWORD = "mot mat khau dai"
CENTRE = "1022"
MINUTE_MILLIS = 60_000  # a loaded machine; mostly it takes one look
LOOK_MILLIS = 150
TRIES_MAX = 30


class Worker(NamedTuple):
    """Somebody who works at one of the computers."""

    username: str
    name: str
    roles: tuple[str, ...]


class Desks:
    """The windows of all people, and the lines of their computers."""

    def __init__(self, chrome: Browser, computers: Mapping[str, Computer], lines: Network) -> None:
        self.chrome, self.computers, self.lines = chrome, computers, lines
        self.windows: dict[str, Page] = {}

    def open(self, office: str, username: str) -> None:
        """Let somebody sign in, in a window of their own."""
        page = self.chrome.new_context(viewport=DESKTOP, base_url=self.computers[office].url).new_page()
        page.set_default_timeout(MINUTE_MILLIS)
        sign_in(page, self.computers[office].url, username, PASSWORD)
        expect(page.locator("#sync-bar")).to_be_visible()
        self.windows[username] = page

    def page(self, username: str, path: str = "") -> Page:
        """Somebody's window, at an address if one is given."""
        if path:
            self.windows[username].goto(path)
        return self.windows[username]

    def cut(self, office: str) -> None:
        """Take the network of an office away."""
        self.lines.cut(office)

    def restore(self, office: str) -> None:
        """Give it back."""
        self.lines.restore(office)

    def exchange(self, username: str) -> None:
        """Press "Send now" and wait until all that waited is at the centre."""
        page = self.page(username, "/sync")
        page.locator("main form button").click()
        self.look_until(page, lambda: "All sent." in page.inner_text("#sync-bar"))

    def find_out(self, username: str, path: str, text: str) -> Page:
        """Exchange until a page says something: the centre judges what it has stored by itself, a moment later."""
        page = self.page(username)
        for _ in range(TRIES_MAX):
            self.exchange(username)
            page.goto(path)
            if page.get_by_text(text).count():
                return page
        raise AssertionError(f"{path} never says {text!r}: {page.inner_text('main')}")

    def look_until(self, page: Page, seen: Callable[[], object]) -> None:
        """Reload, as a person would, until it is so."""
        for _ in range(MINUTE_MILLIS // LOOK_MILLIS):
            if seen():
                return
            page.wait_for_timeout(LOOK_MILLIS)
            page.reload()
        raise AssertionError(page.inner_text("body"))


@contextmanager
def at_work(folder: Path, chrome: Browser, people: Mapping[str, list[Worker]]) -> Iterator[Desks]:
    """The centre and these offices serving, each bound over a line of its own, with everybody signed in."""
    computers = {
        office: Computer(folder / office, "central" if office == CENTRE else "office", office) for office in people
    }
    lines = Network([Link(office, free_port(), computers[CENTRE].port) for office in people if office != CENTRE])
    lines.start()
    with ExitStack() as stack:
        stack.callback(lines.stop)
        codes = _staffed(computers, people)
        stack.enter_context(computers[CENTRE].serving())
        for office, code in codes.items():
            _bound(computers[office], lines.links[office].url, code)
        with ThreadPoolExecutor() as starting:
            for server in starting.map(lambda office: computers[office].start(), codes):
                stack.callback(server.end)
        desks = Desks(chrome, computers, lines)
        for office, workers in people.items():
            for worker in workers:
                desks.open(office, worker.username)
        yield desks
        for page in desks.windows.values():
            page.context.close()


def _staffed(computers: Mapping[str, Computer], people: Mapping[str, list[Worker]]) -> dict[str, str]:
    """Hire everybody, and give each office's code of enrolment."""
    codes = {}
    for office, workers in people.items():
        with closing(open_node(load_settings(computers[office].folder))) as node:
            for worker in workers:
                hire(node, *worker, PASSWORD)
            if office == CENTRE:
                codes = {each: make_enrollment_code(node, somebody(node), each) for each in people if each != CENTRE}
    return codes


def _bound(computer: Computer, url: str, code: str) -> None:
    with closing(open_node(load_settings(computer.folder))) as node, closing(HttpLink(url)) as link:
        enroll(node, somebody(node), url, code, link=link)
