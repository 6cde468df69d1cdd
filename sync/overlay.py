"""What a person sees on a node: the centre's confirmed state with the node's own pending events laid over it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sync.event import Event
from sync.ingest import judge


def view(confirmed: dict[str, Any] | None, pending: Iterable[Event], node: bytes) -> dict[str, Any] | None:
    """Fold pending events over the confirmed state; what the centre would not take leaves the view as it was."""
    state = confirmed
    for event in pending:
        state = judge(state, event, node).state
    return state
