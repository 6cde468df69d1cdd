"""A report: what its events may carry, and the state they fold to.

Pure. `apply` is the one function with which the centre confirms and with which a node lays its pending events over the
confirmed state; the state it is given is never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sync import conflict, limits, queries, steps, workflow
from sync.conflict import Origin, State
from sync.errors import Problem
from sync.event import Event
from sync.outcome import NOTHING_ADDED, Added, Invalid, Outcome, remember, require

CODE_SHAPE = limits.shape(r"\d{12}", "bad_code")
LIST_MAX = 500  # notes, calls, history: more than any case has had; a machine gone mad is stopped by it


RECORDED = dict(limits.OPEN_FIELDS) | {
    "tracking_code": CODE_SHAPE,
    "office": limits.shape(r"\d{4}", "unknown_office"),
    "opening": limits.one_of(*workflow.OPENINGS),
    "answer_text": limits.text(limits.TEXT_MAX, multiline=True),
    "procedure": limits.text(500),
    "article": limits.shape(r"[0-9a-f]{32}", "no_such_article"),  # of the answer library, whose text was used
}

NEEDED = (*limits.REQUIRED, "tracking_code", "office", "received_at")


def check_recorded(opened: Mapping[str, Any], private: Mapping[str, Any]) -> dict[str, Problem]:
    """What does not fit in a `report.recorded`; empty when all is well."""
    found = limits.problems_of(opened, RECORDED) | limits.problems_of(private, limits.PRIVATE_FIELDS)
    for field in NEEDED:
        if not opened.get(field):
            found.setdefault(field, Problem("required"))
    return found


def all_fit(events: Sequence[Event]) -> bool:
    """Whether `check_recorded` finds nothing in any of these events; it may say no of some that are well."""
    opens = [event.open for event in events]
    return (
        all(opened.get(field) for opened in opens for field in NEEDED)
        and limits.all_fit(opens, RECORDED)
        and limits.all_fit([event.private for event in events if event.private], limits.PRIVATE_FIELDS)
    )


def _recorded(
    state: State | None, event: Event, origin: Origin, added: Added, repaired: bool, checked: bool
) -> Outcome:
    if state is not None:
        return Outcome("quarantined", state, "other_payload")
    if not repaired and event.entity != event.id:
        raise Invalid("invalid_event")
    if not checked:
        require(check_recorded(event.open, event.private))
    new: State = dict(event.open)
    opening = new.pop("opening", "received")
    if text := new.pop("answer_text", None):
        new["answer"] = {"text": text, "by": origin.by, "at": origin.at_ms}
        if used := new.pop("article", None):
            new["answer"]["article"] = used
    new["status"] = opening
    new["officer"] = origin.by
    if event.private:
        new["reporter"] = dict(event.private)
    if added.at_centre_ms is not None:
        new["at_centre"] = added.at_centre_ms
        if added.clock_offset_seconds:
            new["clock_offset_seconds"] = added.clock_offset_seconds
    return Outcome("applied", new)


def _amended(state: State, event: Event, origin: Origin) -> Outcome:
    done: dict[str, Any] = {}
    replaced: dict[str, Any] = {}
    verdict = "merged"
    for part, fields in ((event.open, limits.OPEN_FIELDS), (event.private, limits.PRIVATE_FIELDS)):
        new, was = part.get("set", {}), part.get("was", {})
        if not isinstance(new, dict) or not isinstance(was, dict) or new.keys() != was.keys():
            raise Invalid("invalid_event")
        require(limits.problems_of({key: value for key, value in new.items() if value is not None}, fields))
        for field, value in new.items():
            if field in limits.FIXED or field not in fields or (value in (None, "") and field in limits.REQUIRED):
                raise Invalid("unknown_key", key=field)
            result = conflict.change(state, field, value, str(was[field]), origin)
            if result.verdict == "applied":
                done[field], replaced[field] = value, result.was
            if result.verdict == "conflict" or (result.verdict == "applied" and verdict == "merged"):
                verdict = result.verdict
    if done:
        remember(state, event, origin, set=done, was=replaced, reason=event.open.get("reason"))
    return Outcome(verdict, state)


def _grow(name: str, **checks: limits.Check) -> Callable[[State, Event, Origin], Outcome]:
    """The rule of a grow-only list: every entry has its own id, so two people never collide."""

    def apply(state: State, event: Event, origin: Origin) -> Outcome:
        require(limits.problems_of(event.open, checks))
        if any(entry["id"] == origin.event for entry in state.get(name, ())):
            return Outcome("merged", state)
        entry = {"id": origin.event, "by": origin.by, "at": origin.at_ms, "node": origin.node, **event.open}
        if len(state.get(name, ())) >= LIST_MAX:
            raise Invalid("too_long", max=LIST_MAX)
        state[name] = [*state.get(name, ()), entry]
        return Outcome("applied", state)

    return apply


def _needing(
    needed: str, apply: Callable[[State, Event, Origin], Outcome]
) -> Callable[[State, Event, Origin], Outcome]:
    def checked(state: State, event: Event, origin: Origin) -> Outcome:
        if not event.open.get(needed):
            raise Invalid("required", field=needed)
        return apply(state, event, origin)

    return checked


_WORD = limits.text(200)
_DECIDABLE = {field: limits.OPEN_FIELDS[field] for field in limits.OPEN_FIELDS if field not in limits.FIXED} | {
    "status": limits.one_of(*workflow.STATUSES)
}


def _decided(state: State, event: Event, origin: Origin) -> Outcome:
    part = event.private or event.open
    ids, field, value = event.open.get("conflicts"), part.get("field"), part.get("value")
    if not isinstance(ids, list) or not ids or not isinstance(field, str):
        raise Invalid("invalid_event")
    checks = limits.PRIVATE_FIELDS if event.private else _DECIDABLE
    if field not in checks:
        raise Invalid("unknown_key", key=field)
    # A report without its status or summary could be neither listed nor decided again: it would stop all that follow.
    if value in (None, "") and field in (*limits.REQUIRED, "status"):
        raise Invalid("required", field=field)
    if value is not None:
        require(limits.problems_of({field: value}, checks))
    open_ids = {row["id"] for row in state.get("conflicts", ()) if row["id"] in ids and row["field"] == field}
    current = conflict.value_of(state, field)
    if current != value and (not open_ids or conflict.short_hash(current) != str(part.get("was"))):
        # Two people decided the same thing differently, or on something that has moved: again a row, never a silent winner.
        conflict.open_row(state, conflict.new_row(field, value, origin) | {"replaced": current})
        return Outcome("conflict", state)
    if not open_ids:
        return Outcome("merged", state)
    before, rows = dict(state), conflict.close(state, open_ids)
    if current != value:
        _settle(state, field, value, rows, origin)
    was = {field: current} | steps.replaced(before, state)
    others = [row["other"] for row in rows]
    # The words of a step stay, taken or not: an answer that somebody wrote is not thrown away with its conflict.
    said = [{key: row[key] for key in ("step", "details", "by", "at")} for row in rows if row.get("details")]
    remember(state, event, origin, set={field: value}, was=was, others=others, steps=said)
    return Outcome("applied", state)


def _settle(state: State, field: str, value: Any, rows: list[dict[str, Any]], origin: Origin) -> None:
    if field != "status":
        conflict.put(state, field, value)
        return
    status, state["status"] = state["status"], value
    for row in rows:
        if row["other"] == value and "step" in row:
            steps.effects(state, row["step"], row.get("details", {}), origin, status)


def _set(field: str, **checks: limits.Check) -> Callable[[State, Event, Origin], Outcome]:
    """The rule of a register that has no earlier value to compare: the last in the centre's order stands, all are kept."""

    def apply(state: State, event: Event, origin: Origin) -> Outcome:
        require(limits.problems_of(event.open, checks))
        before = state.get(field)
        state[field] = dict(event.open)
        remember(state, event, origin, set={field: state[field]}, was={field: before})
        return Outcome("applied", state)

    return apply


def _resumed(state: State, event: Event, origin: Origin) -> Outcome:
    require(limits.problems_of(event.open, {"reason": limits.LONG}))
    if "paused" not in state:
        return Outcome("merged", state)
    before = state.pop("paused")
    remember(state, event, origin, set={"paused": None}, was={"paused": before}, reason=event.open.get("reason"))
    return Outcome("applied", state)


def _extended(state: State, event: Event, origin: Origin) -> Outcome:
    require(limits.problems_of(event.open, {"deadline": limits.time, "reason": limits.LONG}))
    if not event.open.get("deadline"):
        raise Invalid("required", field="deadline")
    before, state["deadline"] = state.get("deadline"), event.open["deadline"]
    remember(
        state, event, origin, set={"deadline": state["deadline"]}, was={"deadline": before},
        reason=event.open.get("reason"),
    )  # fmt: skip
    return Outcome("applied", state)


def _level(value: Any) -> Problem | None:
    """How far somebody is told: 1 that it is due soon, else how many hundredths of its time are used up."""
    return None if type(value) is int and 0 < value <= 1000 else Problem("not_a_number")


APPLY: Mapping[str, Callable[[State, Event, Origin], Outcome]] = {
    "report.amended": _amended,
    "report.noted": _grow("notes", text=limits.LONG, internal=limits.yes_no),
    "report.called": _grow(
        "calls",
        direction=limits.one_of("out", "in"),
        role=_WORD,
        result=limits.one_of("reached", "no_answer", "busy", "wrong_number", "refused"),
        text=limits.LONG,
        next_try=limits.time,
    ),
    "report.linked": _grow(
        "links",
        other=limits.shape(r"[0-9a-f]{32}", "invalid_event"),
        relation=limits.one_of("duplicate_of", "same_matter", "follow_up"),
    ),
    "report.informed": _grow("informed", means=limits.one_of(*limits.REPLY_WAYS), result=_WORD, text=limits.LONG),
    "report.relayed": _grow("relayed", to=_WORD, when=limits.time, by_whom=_WORD, text=limits.LONG),
    "report.rated": _set("rating", score=limits.shape("[1-4]", "not_a_number"), text=limits.LONG),
    "report.publicity_set": _set(
        "publicity", public=limits.yes_no, title=_WORD, text=limits.LONG, answer=limits.LONG, reason=limits.LONG
    ),
    "report.paused": _set("paused", reason=limits.LONG),
    "report.resumed": _resumed,
    "report.extended": _extended,
    "report.reminded": _needing("level", _grow("reminders", level=_level, agency=limits.AGENCY, due=limits.time)),
    "report.urged": _needing("text", _grow("urges", agency=limits.AGENCY, text=limits.LONG)),
    "report.stepped": steps.stepped,
    "conflict.decided": _decided,
    "report.queried": queries.queried,
    "report.query_settled": queries.settled,
}


def dismissed(state: State, event: Event, node: bytes) -> Outcome:
    """Tell in the history that a refused entry was given up, and why."""
    origin = Origin(event.id.hex(), node.hex(), event.actor.hex(), event.at_ms)
    if any(entry["id"] == origin.event for entry in state.get("history", ())):
        return Outcome("merged", state)
    state = dict(state)
    remember(state, event, origin, dismisses=event.open["dismisses"], reason=event.open.get("reason"))
    return Outcome("applied", state)


def apply(
    state: State | None,
    event: Event,
    node: bytes,
    added: Added = NOTHING_ADDED,
    repaired: bool = False,
    checked: bool = False,
) -> Outcome:
    """Fold one event into a report; raises Invalid for content that no rule allows.

    `checked` says that `all_fit` has looked at a first event already.
    """
    origin = Origin(event.id.hex(), node.hex(), event.actor.hex(), event.at_ms)
    if event.kind == "report.recorded":
        return _recorded(state, event, origin, added, repaired, checked)
    if state is None:
        return Outcome("quarantined", None, "no_such_report")
    if "tracking_code" not in state:
        raise Invalid("invalid_event")  # what it names is a person
    if any(entry["id"] == origin.event for entry in state.get("history", ())):
        # A pending event over a confirmed state that holds it already: the page came before the word that it is settled.
        return Outcome("merged", state)
    return APPLY[event.kind](dict(state), event, origin)
