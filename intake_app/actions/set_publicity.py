"""Release a report to the public in redacted words, or take it back; the citizen's own wish weighs more than ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from intake_app.actions.claim_report import refuse_if_claimed
from intake_app.actions.making import make_event, require_role, the_entity, write_one
from intake_app.node import Actor, Node
from intake_app.redaction import Redacted, left_in, redact
from sync import limits, permission, publicity
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text
from sync.outcome import Outcome

PUBLISHERS = permission.ROLES["report.publicity_set"]
TITLE_MAX = 200
WORDS = ("title", "text", "answer")


class Proposal(NamedTuple):
    """What is proposed to be published: the words of the report without what nobody outside should read."""

    title: Redacted
    text: Redacted
    answer: Redacted


def own_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of a reporter and of the exact place, to be found in texts."""
    return {**state.get("reporter", {}), "address": state.get("address"), "village": state.get("village")}


def propose_words(state: Mapping[str, Any]) -> Proposal:
    """The redacted title, text and answer of a report, for a person to check."""
    own = own_of(state)
    answer = state.get("answer", {}).get("text", "")
    # Without details the summary is all that was told.
    texts = (state["summary"], state.get("details") or state["summary"], answer)
    return Proposal(*(redact(text, own) for text in texts))


def publish_report(
    node: Node, actor: Actor, report_id: bytes, words: Mapping[str, str], *, checked: bool = False, reason: str = ""
) -> Outcome:
    """Let the public read a report in these words.

    Raises InvalidFields where a name, a number or an exact address of the reporter still stands in them, where something
    doubtful does and nobody says that it was `checked`, and where the citizen wants no publicity and no reason is given.
    """
    require_role(actor, *PUBLISHERS)
    cleaned = {name: clean_text(words.get(name, ""), multiline=name != "title") for name in WORDS}
    why = clean_text(reason or "", multiline=True)
    with node.database.transaction() as db:
        state = the_entity(db, report_id).seen or {}
        refuse_if_claimed(db, actor, report_id, node.clock.now_ms())
        if problems := check_words(state, cleaned, checked=checked, reason=why):
            raise InvalidFields(problems)
        opened = {"public": True, **{name: text for name, text in {**cleaned, "reason": why}.items() if text}}
        if state.get("publicity") == opened:
            raise Refused("nothing_changed")
        return write_one(node, db, make_event(node, actor, "report.publicity_set", report_id, opened))


def check_words(
    state: Mapping[str, Any], words: Mapping[str, str], *, checked: bool, reason: str
) -> dict[str, Problem]:
    """What keeps these words from being published, by field; empty when all is well."""
    problems = {name: Problem("required") for name in ("title", "text") if not words[name]}
    for name, longest in (("title", TITLE_MAX), ("text", limits.TEXT_MAX), ("answer", limits.TEXT_MAX)):
        if len(words[name]) > longest:
            problems[name] = Problem("too_long", {"max": longest})
        certain, _ = left_in([words[name]], own_of(state))
        if certain:
            problems.setdefault(name, Problem("still_personal", {"found": ", ".join(sorted(certain))}))
    _, doubtful = left_in(words.values(), own_of(state))
    if doubtful and not checked:
        problems["checked"] = Problem("not_checked", {"found": ", ".join(sorted(doubtful))})
    if not permission.may_be_public(state, {"public": True, "reason": reason}):
        problems["reason"] = Problem("private_by_wish")
    return problems


def withdraw_report(node: Node, actor: Actor, report_id: bytes, reason: str) -> Outcome:
    """Take a report away from the public, with the reason; what was released stays in its history."""
    require_role(actor, *PUBLISHERS)
    why = clean_text(reason or "", multiline=True)
    if not why:
        raise InvalidFields({"reason": Problem("required")})
    with node.database.transaction() as db:
        state = the_entity(db, report_id).seen or {}
        refuse_if_claimed(db, actor, report_id, node.clock.now_ms())
        if not publicity.is_public(state):
            raise Refused("not_public")
        opened = {"public": False, "reason": why}
        return write_one(node, db, make_event(node, actor, "report.publicity_set", report_id, opened))
