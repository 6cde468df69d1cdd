"""What runs by itself beside the pages, per role: an office reconciles, the centre judges what is stored and not judged yet."""

from __future__ import annotations

import logging
import socket
from urllib.parse import urlsplit

from intake_app.actions.receive import drain_inbox
from intake_app.actions.reconcile import reconcile
from intake_app.node import Node
from intake_app.store import upstream
from sync.errors import BadMessage, NoNetwork, Refused, Unwelcome
from sync.schedule import Schedule
from sync.transport import HttpLink

CENTRAL_SECONDS = 5
PROBE_SECONDS = 2.0
log = logging.getLogger(__name__)


class OfficeJob:
    """One reconciliation at a time, over a connection that is kept."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._link: HttpLink | None = None

    def __call__(self) -> None:
        """Reconcile if this node is bound; nothing that happens here may stop the schedule."""
        try:
            link = self._open()
            if link is not None:
                reconcile(self.node, link, ignore_backoff=self._network_is_back())
        except (NoNetwork, BadMessage, Unwelcome, Refused) as reason:
            # Written down by reconcile itself; the pages show it in words.
            log.info("sync: %s %s", reason.code, dict(reason.params))
        except Exception:
            log.exception("sync failed")

    def _open(self) -> HttpLink | None:
        with self.node.database.read() as db:
            bound = upstream.load_upstream(db)
        if bound is None:
            return None
        if self._link is None or self._link.url != bound.url:
            self._link = HttpLink(bound.url)
        return self._link

    def _network_is_back(self) -> bool:
        """Whether central can be reached again after "no network": then there is nothing to wait for."""
        with self.node.database.read() as db:
            bound = upstream.load_upstream(db)
        if bound is None or not bound.failures or bound.last_error != "no_network":
            return False
        parts = urlsplit(bound.url)
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            socket.create_connection((parts.hostname or "", port), PROBE_SECONDS).close()
        except OSError:
            return False
        return True


class CentralJob:
    """Judge what a crash or a rush left without verdicts."""

    def __init__(self, node: Node) -> None:
        self.node = node

    def __call__(self) -> None:
        """Drain the inbox; nothing that happens here may stop the schedule."""
        try:
            while drain_inbox(self.node):
                pass
        except Exception:
            log.exception("drain failed")


def start_schedule(node: Node) -> Schedule:
    """The schedule of this node's role; only `serve` calls this."""
    if node.is_central:
        return Schedule(CentralJob(node), CENTRAL_SECONDS, 0.5)
    fraction = int.from_bytes(node.entropy(2), "big") / 65536
    every = node.settings.sync_seconds
    return Schedule(OfficeJob(node), every, min(every, 5) * fraction)
