"""Reads a form off a page as a browser would send it."""

from __future__ import annotations

from html.parser import HTMLParser


class _Fields(HTMLParser):
    """Collects the values of inputs, selects and areas; of several forms on a page, all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.values[name] = value or ("y" if given.get("type") == "checkbox" else "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.values):
            self.values[self._select] = value
        elif tag == "textarea":
            self._area, self.values[name] = name, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] = (self.values[self._area] + data).lstrip("\r\n")


def form_fields(page: str) -> dict[str, str]:
    """What a browser would send if nothing were typed."""
    fields = _Fields()
    fields.feed(page)
    return fields.values
