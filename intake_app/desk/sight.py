"""Whose reports a person sees. At an office everything it holds; at the centre, people of another agency see what is its."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake_app.node import Actor, Node


def narrowed_to(node: Node, actor: Actor) -> str | None:
    """The agency a person's sight is narrowed to; None for whoever sees everything that is here."""
    if not node.is_central:
        return None
    hotline = node.directory.offices[node.head.office].agency
    return None if actor.agency in ("", hotline) else actor.agency


def may_see(agency: str | None, state: Mapping[str, Any]) -> bool:
    """Whether a report is among what that agency leads or supports."""
    return agency is None or agency == state.get("lead_agency") or agency in state.get("supporting", ())
