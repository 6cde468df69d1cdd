"""A report that the centre sends back to the office that recorded it: the reason, and how the office settled it. Pure.

The status stays what it is: this is between the centre and the office, the citizen's case goes on meanwhile.
"""

from __future__ import annotations

from typing import Any

from sync import limits
from sync.conflict import Origin, State
from sync.event import Event
from sync.outcome import Invalid, Outcome, remember, require

QUERIES_MAX = 100  # of one report; a machine gone mad is stopped by it
WAYS = ("amended", "noted", "dismissed")
_QUERIED = {"reason": limits.LONG}
_SETTLED = {"query": limits.shape(r"[0-9a-f]{32}", "invalid_event"), "how": limits.one_of(*WAYS), "text": limits.LONG}


def queried(state: State, event: Event, origin: Origin) -> Outcome:
    """The centre asks; each query has its event's id, so that two people who ask at once never collide."""
    require(limits.problems_of(event.open, _QUERIED))
    if not event.open.get("reason"):
        raise Invalid("required", field="reason")
    found = state.get("queries", ())
    if any(one["id"] == origin.event for one in found):
        return Outcome("merged", state)
    if len(found) >= QUERIES_MAX:
        raise Invalid("too_long", max=QUERIES_MAX)
    entry = {
        "id": origin.event,
        "by": origin.by,
        "at": origin.at_ms,
        "node": origin.node,
        "reason": event.open["reason"],
    }
    state["queries"] = [*found, entry]
    remember(state, event, origin, reason=event.open["reason"])
    return Outcome("applied", state)


def settled(state: State, event: Event, origin: Origin) -> Outcome:
    """The office settles it. What a second one says beside the first is kept in the history; the first stands."""
    require(limits.problems_of(event.open, _SETTLED))
    query, how, text = event.open.get("query"), event.open.get("how"), event.open.get("text")
    if not query or not how or (how != "amended" and not text):
        raise Invalid("required", field="text" if query and how else "how")
    if not any(one["id"] == query for one in state.get("queries", ())):
        raise Invalid("no_such_query")
    said = {"by": origin.by, "at": origin.at_ms, "how": how} | ({"text": text} if text else {})
    state["queries"] = [
        one | {"settled": said} if one["id"] == query and "settled" not in one else one for one in state["queries"]
    ]
    remember(state, event, origin, query=query, how=how, text=text)
    return Outcome("applied", state)


def amended_since(state: State, query: str) -> bool:
    """Whether a report was changed after a query, in the order of its history: clocks decide nothing."""
    kinds = [(one["id"], one["kind"]) for one in state.get("history", ())]
    after = next((at for at, (entry, _) in enumerate(kinds) if entry == query), len(kinds))
    return any(kind == "report.amended" for _, kind in kinds[after:])


def open_queries(state: State) -> list[dict[str, Any]]:
    """What the centre asked about a report and nobody has settled, oldest first."""
    return [one for one in state.get("queries", ()) if "settled" not in one]
