"""What a page is held to wherever it is looked at: the rules of accessibility, and no scrolling sideways."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page

RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # a list of all that passed as well takes longer than the looking
}
_RUN = "(rules) => axe.run(rules).then((found) => found.violations.map((each) => [each.id, each.nodes.map((one) => one.target)]))"


def bring_axe(context: BrowserContext) -> None:
    """Let every page of this window have axe from the beginning: handing half a megabyte to each takes a tenth of its time."""
    context.add_init_script(AXE_SCRIPT)


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page that is shown."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [f"{rule}: {targets}" for rule, targets in page.evaluate(_RUN, RULES)]


def wider_than_window(page: Page) -> bool:
    """Whether the page has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
