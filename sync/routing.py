"""Which scopes an entity belongs to: who gets to hold it. Pure; units and offices come in as functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

ALL = "all"  # reference data and persons: every node holds them


def node_scope(node: bytes) -> str:
    """The scope in which the centre answers one node's own events."""
    return f"node:{node.hex()}"


Units = Callable[[str], frozenset[str]]  # the scopes of a unit; `unit_scopes` over the reference data
_EVERYBODY = frozenset({ALL})


class Places(NamedTuple):
    """What routing has to know beside the state: the scopes of a unit, and the office of a node."""

    units: Units
    office_of: Callable[[str], str | None] = lambda node: None


def unit_scopes(
    code: str, ancestors: Callable[[str], Sequence[str]], counterparts: Callable[[str], Iterable[str]]
) -> frozenset[str]:
    """The scopes of a unit: it and all it lies in, and the same of the units that took its place, or whose place it took.

    One rule for all times: what was filed under a unit that is gone is seen by whoever took over, and the other way
    while offices of both structures work. A day decides only from when on an office has a node that is granted a scope.
    """
    return frozenset(f"unit:{above}" for one in (code, *counterparts(code)) for above in ancestors(one))


def scopes_of(entity_type: str, state: Mapping[str, Any], places: Places) -> frozenset[str]:
    """The scopes of an entity in this state."""
    if entity_type == "shift":
        return frozenset({f"office:{state['office']}"})
    if entity_type != "report":
        return _EVERYBODY
    scopes = {f"office:{state['office']}", *places.units(state["unit"])}
    if lead := state.get("lead_agency"):
        scopes.add(f"agency:{lead}")
    scopes.update(f"agency:{code}" for code in state.get("supporting", ()))
    if "conflicts" in state:
        offices = {places.office_of(node) for node in parties(state)}
        scopes.update(f"office:{office}" for office in offices if office)
    return frozenset(scopes)


def parties(state: Mapping[str, Any]) -> frozenset[str]:
    """The nodes that take part in the open conflicts of a report: whose value stands, and whose was not taken."""
    nodes: set[str] = set()
    for row in state.get("conflicts", ()):
        nodes.add(row["node"])
        for entry in reversed(state.get("history", ())):
            if row["field"] in entry.get("set", ()):
                nodes.add(entry["node"])
                break
    return frozenset(nodes)


def scopes_of_office(number: str, unit: str, agency: str, more_units: Sequence[str] = ()) -> list[str]:
    """The scopes a node of this office is granted: its own, its units with all below, what is routed to it, reference data."""
    scopes = [f"office:{number}", f"unit:{unit}", *(f"unit:{code}" for code in more_units), ALL]
    if agency:
        scopes.append(f"agency:{agency}")
    return list(dict.fromkeys(scopes))
