"""What is proposed when a report is routed: by whoever gave it back, and by the rules; always with the reason why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from intake_app.actions.publish_rule import case_of, propose_route
from intake_app.auth import current_actor
from intake_app.desk.at_hand import the_directory, the_node
from sync.returns import Return, returns_of
from sync.routing_rule import Fit


@dataclass(frozen=True)
class Offer:
    """One agency that may be taken with one key, and where the proposal comes from."""

    agency: str
    supporting: tuple[str, ...]
    text: str
    fit: Fit | None = None
    returned: Return | None = None
    back: bool = False  # it has given the report back before

    def values(self) -> dict[str, Any]:
        """What the form of routing is filled with."""
        return {"agency": self.agency, "supporting": list(self.supporting), "text": self.text}


@dataclass(frozen=True)
class Offers:
    """What is proposed; `taken` is the one that the form is filled with."""

    offers: tuple[Offer, ...] = ()
    taken: Offer | None = None
    tied: bool = False


NONE = Offers()


def offers_for(state: Mapping[str, Any]) -> Offers:
    """What is proposed for a report to whoever may send it anywhere."""
    if "dispatcher" not in current_actor().roles:
        return NONE
    past = returns_of(state)
    back = {each.agency for each in past}
    first = _of_return(state, past)
    proposal = propose_route(the_node(), case_of(state))
    ruled = [_of_rule(fit, back) for fit in proposal.best if first is None or fit.lead != first.agency]
    offers = (*([first] if first else []), *ruled)
    clear = first or (ruled[0] if ruled and not proposal.tied and not ruled[0].back else None)
    return Offers(offers, _asked(offers) or clear, proposal.tied)


def _asked(offers: tuple[Offer, ...]) -> Offer | None:
    """The one that the address asks for."""
    text = request.args.get("take", "")
    return offers[int(text)] if text.isascii() and text.isdigit() and int(text[:3]) < len(offers) else None


def _of_return(state: Mapping[str, Any], past: list[Return]) -> Offer | None:
    """The agency that the one before has named, with the words that were written for that one."""
    if state["status"] != "returned" or not past or past[-1].proposed not in the_directory().agencies:
        return None
    proposed = past[-1].proposed
    supporting = tuple(code for code in state.get("supporting", ()) if code != proposed)
    back = any(each.agency == proposed for each in past)
    return Offer(proposed, supporting, state.get("covering_text", ""), returned=past[-1], back=back)


def _of_rule(fit: Fit, back: set[str]) -> Offer:
    supporting = tuple(code for code in fit.rule.get("supporting", ()) if code != fit.lead)
    return Offer(fit.lead, supporting, fit.rule.get("text", ""), fit=fit, back=fit.lead in back)
