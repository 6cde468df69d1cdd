"""A picture of every page, of an office and of the centre, at a desk's and a phone's size, in both languages. For maintainers.

python -m tests.journeys.pictures OUT                  all of them, some three hundred
python -m tests.journeys.pictures OUT settings help    those whose endpoint holds one of these words
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from playwright.sync_api import Page, sync_playwright

from tests.browser import find_browser
from tests.central.staff import PASSWORD
from tests.journeys.conftest import FLAGS
from tests.journeys.every_page import AS, World, make_world, pages_of
from tests.journeys.served import DESKTOP, PHONE, come_in, serving

SIZES = {"desk": DESKTOP, "phone": PHONE}


def walk(world: World, role: str, wanted: list[str]) -> Iterator[tuple[str, str, str]]:
    """Whose page, its name and its address, for each page that is wanted."""
    for endpoint, addresses in pages_of(role).items():
        if wanted and not any(word in endpoint for word in wanted):
            continue
        who = AS.get(endpoint, "admin") if role == "central" else "lan"
        user = "operator" if role == "central" else "lan"
        for number, address in enumerate(addresses, 1):
            yield who, f"{role}-{endpoint}-{number}", address.format(user=user, **world.names)


def take(page: Page, app: Flask, pages: list[tuple[str, str, str]], out: Path) -> int:
    """Take the pictures of one application; returns how many."""
    count, signed_in = 0, ("", "")
    with serving(app) as address:
        for language in ("vi", "en"):
            for who, name, path in sorted(pages):
                if (who, language) != signed_in:
                    come_in(page, who, PASSWORD, language, address=address, path="/help")
                    signed_in = (who, language)
                page.goto(address + path)
                for size, viewport in SIZES.items():
                    page.set_viewport_size(viewport)  # type: ignore[arg-type]
                    page.screenshot(path=out / f"{name}-{language}-{size}.png", full_page=True)
                    count += 1
    return count


def main(arguments: list[str]) -> int:
    """Write the pictures into the folder that is named."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    out = Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as driver:
        world = make_world(Path(folder))
        browser = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        page = browser.new_context().new_page()
        count = 0
        for role, app in (("office", world.office), ("central", world.centre)):
            count += take(page, app, list(walk(world, role, arguments[1:])), out)
        browser.close()
        world.close()
    print(f"{count} pictures in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
