"""Record a report: checked, given its code, journalled, listed and searchable in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from intake_app.actions.keep_draft import source_of
from intake_app.actions.lines import Parts, read_line
from intake_app.actions.making import make_event, require_role, the_entity
from intake_app.node import Actor, Node
from intake_app.store import drafts, journal, reports, reserved
from intake_app.store.database import Db
from intake_app.store.own_events import write_events
from sync import permission, tracking_code
from sync.errors import InvalidFields, Problem
from sync.event import Event
from sync.fold import clean_text
from sync.report import RECORDED

LINES_PER_TRANSACTION = 250  # some 60 ms of work: a desk that saves meanwhile does not notice
RECORDERS = permission.ROLES["report.recorded"]


@dataclass(frozen=True)
class Recorded:
    """A report on disk; `known` says that it had been recorded before."""

    id: bytes
    tracking_code: str
    known: bool


class Link(NamedTuple):
    """Another report that the new one belongs to; linked, never merged."""

    other: bytes
    relation: str


@dataclass
class LinesOutcome:
    """What became of the lines of a file."""

    recorded: int = 0
    known: int = 0
    refused: list[tuple[int, str, Mapping[str, Any], str]] = field(default_factory=list)  # line, code, params, field


def record_report(
    node: Node,
    actor: Actor,
    line: Mapping[str, Any],
    *,
    draft: str | None = None,
    opening: str = "received",
    answer_text: str | None = None,
    procedure: str | None = None,
    link: Link | None = None,
    code: str | None = None,
    article: str | None = None,
) -> Recorded:
    """Record one report, under the `code` of a paper form if there is one. Raises InvalidFields, Refused.

    The same draft or source_id again gives the report of the first time. With a `link` both reports point to each other,
    in the same transaction: whoever works on either sees the other.
    `article` is the one of the answer library whose text was said.
    """
    require_role(actor, *RECORDERS)
    if draft and not line.get("source_id"):
        line = {**line, "source_id": source_of(draft)}
    if code and not line.get("received_at"):
        raise InvalidFields({"received_at": Problem("time_of_paper")})
    parts = read_line(line, node.directory, node.clock.now_ms())
    _open_with(parts, opening, answer_text, procedure)
    if article and opening == "answered_on_spot" and RECORDED["article"](article) is None:
        parts.open["article"] = article  # one that is none is dropped: the text that was said is what counts
    with node.database.transaction() as db:
        journal.hold(db)
        if draft:
            drafts.drop(db, draft)
        if known := _known(db, node, [parts]).get(parts.open.get("source_id", "")):
            return known
        promised = reserved.claim(db, code) if code else None
        event = _event(node, actor, parts, promised or new_codes(node, db, 1)[0])
        write_events(node, db, [event, *_links(node, actor, db, event.id, link)])
        if promised:
            reserved.use(db, promised, event.id, node.clock.now_ms())
    return Recorded(event.id, event.open["tracking_code"], known=False)


def _links(node: Node, actor: Actor, db: Db, report_id: bytes, link: Link | None) -> list[Event]:
    if link is None:
        return []
    the_entity(db, link.other)
    return [
        make_event(node, actor, "report.linked", entity, {"other": other.hex(), "relation": link.relation})
        for entity, other in ((report_id, link.other), (link.other, report_id))
    ]


def _open_with(parts: Parts, opening: str, answer_text: str | None, procedure: str | None) -> None:
    if opening == "received":
        return
    parts.open["opening"] = opening
    problems: dict[str, Problem] = {}
    for name, text, needed in (
        ("answer_text", answer_text, opening == "answered_on_spot"),
        ("procedure", procedure, opening == "guided"),
    ):
        cleaned = clean_text(text or "", multiline=name == "answer_text")
        if needed and cleaned:
            parts.open[name] = cleaned
        elif needed:
            problems[name] = Problem("required")
    for name in ("opening", "answer_text", "procedure"):
        if name in parts.open and (problem := RECORDED[name](parts.open[name])):
            problems[name] = problem
    if problems:
        raise InvalidFields(problems)


def _known(db: Db, node: Node, every: list[Parts]) -> dict[str, Recorded]:
    """Reports of this node that were recorded under these source ids before."""
    ids = [parts.open["source_id"] for parts in every if parts.open.get("source_id")]
    if not ids:
        return {}
    marks = ",".join("?" * len(ids))
    rows = db.all(
        "SELECT r.source_id, e.id, r.tracking_code FROM report r JOIN entity e ON e.no = r.no"
        f" WHERE r.source_id IN ({marks}) AND r.office = ?",
        *ids,
        node.head.office,
    )
    return {row[0]: Recorded(row[1], row[2], known=True) for row in rows}


def new_codes(node: Node, db: Db, count: int) -> list[str]:
    """New tracking codes that no report of this machine has, and no blank form of it bears."""
    codes: list[str] = []
    while len(codes) < count:
        numbers = [int.from_bytes(node.entropy(8), "big") % tracking_code.RANDOM_MAX for _ in range(count - len(codes))]
        fresh = dict.fromkeys(tracking_code.make(node.head.office, number) for number in numbers)
        taken = reports.codes_taken(db, fresh) | reserved.promised(db, fresh)
        codes += [code for code in fresh if code not in taken and code not in codes]
    return codes


def _event(node: Node, actor: Actor, parts: Parts, code: str) -> Event:
    opened = {**parts.open, "tracking_code": code, "office": node.head.office}
    return make_event(node, actor, "report.recorded", None, opened, parts.private)


def record_lines(
    node: Node,
    actor: Actor,
    lines: Iterable[tuple[int, Mapping[str, Any] | Problem]],
    progress: Callable[[int], None] | None = None,
) -> LinesOutcome:
    """Record the lines of a file; those that do not fit are told by number, the good ones are kept."""
    require_role(actor, *RECORDERS)
    outcome = LinesOutcome()
    source: Iterator[tuple[int, Mapping[str, Any] | Problem]] = iter(lines)
    done = 0
    while some := list(islice(source, LINES_PER_TRANSACTION)):
        _record_some(node, actor, some, outcome)
        done += len(some)
        if progress:
            progress(done)
    return outcome


def _record_some(
    node: Node, actor: Actor, some: list[tuple[int, Mapping[str, Any] | Problem]], outcome: LinesOutcome
) -> None:
    good: list[tuple[int, Parts]] = []
    for number, line in some:
        if isinstance(line, Problem):
            outcome.refused.append((number, line.code, line.params, ""))
            continue
        try:
            good.append((number, read_line(line, node.directory, node.clock.now_ms())))
        except InvalidFields as refusal:
            _refuse(outcome, number, refusal)
    if not good:
        return
    with node.database.transaction() as db:
        journal.hold(db)
        _write(node, actor, db, good, outcome)


def _write(node: Node, actor: Actor, db: Db, good: list[tuple[int, Parts]], outcome: LinesOutcome) -> None:
    known = set(_known(db, node, [parts for _, parts in good]))
    codes = new_codes(node, db, len(good))
    events = []
    for number, parts in good:
        source_id = parts.open.get("source_id")
        if source_id in known:
            outcome.known += 1
            continue
        try:
            events.append(_event(node, actor, parts, codes[len(events)]))
        except InvalidFields as refusal:
            _refuse(outcome, number, refusal)
            continue
        if source_id:
            known.add(source_id)
    if events:
        write_events(node, db, events)
    outcome.recorded += len(events)


def _refuse(outcome: LinesOutcome, number: int, refusal: InvalidFields) -> None:
    name, problem = sorted(refusal.problems.items())[0]
    outcome.refused.append((number, problem.code, problem.params, name))
