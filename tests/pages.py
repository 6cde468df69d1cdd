"""A browser for tests without a browser: it fetches pages, insists on the status told, and checks every page it gets.

What every page must have is asserted here once: one h1, a language, a title, a label for each field, hints that exist,
no inline script or style, nothing from outside, no word left untranslated by accident.
"""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

VOID = {"input", "meta", "link", "br", "img", "hr", "path"}


class Element:
    """A tag with its attributes, its text and what is in it."""

    def __init__(self, tag: str, attributes: Mapping[str, str | None], parent: Element | None) -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Element | str] = []
        # The elements of a page in their order, of which those inside of this one are from one place up to another.
        self.page: list[Element] = parent.page if parent else []
        self.page.append(self)
        self.start, self.end = len(self.page), 0

    @property
    def text(self) -> str:
        """All text inside, spaces folded."""
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return " ".join(" ".join(parts).split())

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """The elements inside of a tag and with these attributes; `class_` asks for one class of several."""
        found = [each for each in self.page[self.start : self.end] if tag in ("", each.tag)]
        for name, wanted in attributes.items():
            if name == "class_":
                found = [each for each in found if wanted in (each.attributes.get("class") or "").split()]
            else:
                found = [each for each in found if each.attributes.get(name.replace("_", "-")) == wanted]
        return found


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("", {}, None)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        made = Element(tag, dict(attributes), self.here)
        self.here.children.append(made)
        if tag in VOID:
            made.end = made.start
        else:
            self.here = made

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>"
        assert self.here.parent is not None
        self.here.end = len(self.here.page)
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


class Page:
    """A fetched page that has passed the checks."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        builder = _Builder()
        builder.feed(response.text)
        self.root = builder.root
        self.root.end = len(self.root.page)
        self.path = response.request.path
        check(self)

    @property
    def text(self) -> str:
        """What a person reads, without the menu."""
        return self.root.all("main")[0].text

    @property
    def title(self) -> str:
        """The title of the window."""
        return self.root.all("title")[0].text

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """The elements of a tag with these attributes."""
        return self.root.all(tag, **attributes)

    def link(self, text: str) -> str:
        """The address behind a link's words."""
        found = [each.attributes["href"] for each in self.all("a") if text in each.text]
        assert found, f"no link {text!r} on {self.path}: {[each.text for each in self.all('a')]}"
        return str(found[0])

    def values(self) -> dict[str, Any]:
        """What the fields of the last form hold, as a browser would send it without pressing a button."""
        form = self.root.all("main")[0].all("form")[-1]
        held: dict[str, Any] = {}
        for field in form.all("input") + form.all("textarea"):
            kind, name = field.attributes.get("type"), field.attributes.get("name")
            if not name or (kind in ("checkbox", "radio") and "checked" not in field.attributes):
                continue
            held[name] = field.attributes.get("value") or "" if field.tag == "input" else _typed(field)
        for field in form.all("select"):
            chosen = [each for each in field.all("option") if "selected" in each.attributes] or field.all("option")[:1]
            held[str(field.attributes["name"])] = chosen[0].attributes.get("value") or "" if chosen else ""
        return held

    def error_of(self, field: str) -> str:
        """The words beside a field that does not fit."""
        found = self.all(id=f"{field}-error")
        return found[0].text if found else ""


def _typed(area: Element) -> str:
    return "".join(child for child in area.children if isinstance(child, str)).removeprefix("\n").removeprefix("\r\n")


class Browser:
    """Fetches pages as one person; forms are filled as they stand on the page and sent with what is changed."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.host = "http://localhost"

    def get(self, address: str, status: int = 200) -> Page:
        """Open a page, following where it leads."""
        return self._page(self.client.get(address, follow_redirects=True), status)

    def leads(self, address: str) -> str:
        """Where an address leads without showing a page itself."""
        response = self.client.get(address)
        assert response.status_code in (302, 303), f"{address}: {response.status}"
        return response.headers["Location"]

    def send(self, page: Page, changes: Mapping[str, Any] | None = None, *, to: str = "", status: int = 200) -> Page:
        """Send the form of a page with some fields changed."""
        data = page.values() | dict(changes or {})
        response = self.client.post(to or page.path, data=data, headers=self._from(page), follow_redirects=True)
        return self._page(response, status)

    def sign_in(self, username: str, password: str, language: str = "") -> None:
        """Sign in, as a person does, and read a language from then on."""
        page = self.get(f"/sign-in?lang={language}" if language else "/sign-in")
        data = page.values() | {"username": username, "password": password}
        response = self.client.post(page.path, data=data, headers=self._from(page))
        assert response.status_code == 303, response.text[:2000]

    def _from(self, page: Page) -> dict[str, str]:
        return {"Origin": self.host, "Referer": self.host + page.path}

    def _page(self, response: TestResponse, status: int) -> Page:
        assert response.status_code == status, f"{response.request.path}: {response.status}\n{response.text[:2000]}"
        return Page(response)


def check(page: Page) -> None:
    """Assert what every page must have."""
    root = page.root
    assert root.all("html")[0].attributes["lang"] in ("vi", "en")
    assert page.title.strip(" –")
    assert len(root.all("h1")) == 1, f"{page.path}: {[each.text for each in root.all('h1')]}"
    ids = [each.attributes["id"] for each in root.all() if "id" in each.attributes]
    assert len(ids) == len(set(ids)), f"{page.path}: ids twice: {[each for each in ids if ids.count(each) > 1]}"
    _check_fields(root, set(ids), page.path)
    _check_origins(root, page)


def _check_fields(root: Element, ids: set[str | None], path: str) -> None:
    labelled = {each.attributes.get("for") for each in root.all("label")}
    for field in root.all("input") + root.all("select") + root.all("textarea"):
        if field.attributes.get("type") not in ("hidden", "submit"):
            assert field.attributes.get("id") in labelled, f"{path}: no label for {field.attributes}"
    for each in root.all():
        for name in ("aria-describedby", "aria-labelledby"):
            for wanted in (each.attributes.get(name) or "").split():
                assert wanted in ids, f"{path}: {name} names {wanted}, which is not there"


def _check_origins(root: Element, page: Page) -> None:
    policy = page.response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    for each in root.all():
        assert "style" not in each.attributes, f"{page.path}: inline style"
        assert not any(name.startswith("on") for name in each.attributes), f"{page.path}: inline script"
        for name in ("src", "href", "action"):
            assert not (each.attributes.get(name) or "").startswith(("http:", "https:", "//")), f"{page.path}: outside"
    for script in root.all("script"):
        assert script.attributes.get("src"), f"{page.path}: inline script"
