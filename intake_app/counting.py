"""What a serving centre does for its figures: counts kept ready, exports made. Called by the job every few seconds."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from intake_app.node import Node

if TYPE_CHECKING:
    from intake_app.actions.tally_reports import Settling
    from intake_app.exporter import Exporter


class Counting:
    """The figures of one centre; what it needs is imported with the first look, for an office has no use of it."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.settling: Settling | None = None
        self.exporter: Exporter | None = None
        self.counted_ms = 0
        self.ended = threading.Event()

    def look(self) -> None:
        """Count what changed, if the last time is long enough ago, and see to the exports."""
        from intake_app.actions.tally_reports import EVERY_MS, Settling, tally_reports
        from intake_app.exporter import Exporter

        self.settling = self.settling or Settling()
        self.exporter = self.exporter or Exporter(self.node)
        self.exporter.look()
        began = self.node.clock.now_ms()
        if not 0 <= began - self.counted_ms < EVERY_MS:
            tally_reports(self.node, self.settling, self.ended.is_set)
            self.counted_ms = began

    def stop(self) -> None:
        """End what is under way; days that are not counted yet are counted after the next start."""
        self.ended.set()
        if self.exporter is not None:
            self.exporter.stop()
