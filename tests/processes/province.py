"""A centre that serves and an office bound to it over a line that tests can break."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from intake_app.actions.reconcile import SyncSummary, reconcile
from intake_app.config import load_settings
from intake_app.node import open_node
from sync.transport import HttpLink
from tests.benchmarks.generate import make_lines
from tests.benchmarks.proxy import Fault, Proxy
from tests.processes.computer import Computer, Said, Serving


@dataclass
class Province:
    """The two computers and the line between them."""

    centre: Computer
    office: Computer
    line: Proxy
    server: Serving

    def sync(self, fault: Fault | None = None) -> Said:
        """One `sync` at the office while the line has this fault."""
        with self._broken(fault):
            return self.office.call("sync", "--json")

    def exchange(self, fault: Fault | None = None) -> SyncSummary | None:
        """The same from this process, which saves a start of Python; raises what the line does to it."""
        node = open_node(load_settings(self.office.folder))
        with self._broken(fault), closing(HttpLink(self.line.url)) as link, closing(node):
            return reconcile(node, link, ignore_backoff=True)

    @contextmanager
    def _broken(self, fault: Fault | None) -> Iterator[None]:
        self.line.fault = fault
        try:
            yield
        finally:
            self.line.fault = None


@contextmanager
def province(folder: Path, **line: float) -> Iterator[Province]:
    """A province of two for the time of a block; `line` is the proxy's rate and delay."""
    centre = Computer(folder / "centre", "central", "1022")
    office = Computer(folder / "office", "office", "0380")
    with Proxy(centre.port, **line) as proxy, centre.serving() as server:
        office.enroll_at(centre, proxy.url)
        proxy.take_counts()
        yield Province(centre, office, proxy, server)


def write_lines(file: Path, count: int, *, start: int = 0, prose: str = "generated") -> Path:
    """A file of generated record lines."""
    with file.open("w", encoding="utf-8") as lines:
        for line in make_lines(count, start=start, prose=prose):
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")
    return file
