"""Whose reports a person sees. At an office everything it holds; at the centre, people of another agency see what is its."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake_app.node import Actor, Node
from intake_app.shown import local_time


def narrowed_to(node: Node, actor: Actor) -> str | None:
    """The agency a person's sight is narrowed to; None for whoever sees everything that is here."""
    if not node.is_central:
        return None
    hotline = node.directory.offices[node.head.office].agency
    return None if actor.agency in ("", hotline) else actor.agency


def may_see(agency: str | None, state: Mapping[str, Any]) -> bool:
    """Whether a report is among what that agency leads or supports."""
    return agency is None or agency == state.get("lead_agency") or agency in state.get("supporting", ())


def answering_offices(node: Node) -> list[str] | None:
    """Whose reports an installation answers for: its own, and those of offices that are no more. The centre sees all."""
    if node.is_central:
        return None
    today = local_time(node.clock.now_ms()).date()
    ended = [one.number for one in node.directory.offices.values() if one.valid_to and one.valid_to < today]
    return [node.head.office, *ended]
