"""Which scopes an entity belongs to: who gets to hold it. Pure; the tree of units comes in as a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

ALL = "all"  # reference data and persons: every node holds them


def node_scope(node: bytes) -> str:
    """The scope in which the centre answers one node's own events."""
    return f"node:{node.hex()}"


def scopes_of(entity_type: str, state: Mapping[str, Any], ancestors: Callable[[str], Sequence[str]]) -> frozenset[str]:
    """The scopes of an entity in this state."""
    if entity_type != "report":
        return frozenset({ALL})
    scopes = {f"unit:{code}" for code in ancestors(state["unit"])}
    scopes.add(f"office:{state['office']}")
    if lead := state.get("lead_agency"):
        scopes.add(f"agency:{lead}")
    scopes.update(f"agency:{code}" for code in state.get("supporting", ()))
    return frozenset(scopes)


def scopes_of_office(number: str, unit: str, agency: str, more_units: Sequence[str] = ()) -> list[str]:
    """The scopes a node of this office is granted: its own, its units with all below, what is routed to it, reference data."""
    scopes = [f"office:{number}", f"unit:{unit}", *(f"unit:{code}" for code in more_units), ALL]
    if agency:
        scopes.append(f"agency:{agency}")
    return list(dict.fromkeys(scopes))
