"""Report rows: a narrow row per report for lists, made from what this node sees; a cache that `verify` can rebuild."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from intake_app.clock import from_iso
from intake_app.store import callbacks, deadlines, journal, links, publicity, queries, search, stubs, supporting
from intake_app.store.database import Db
from intake_app.store.entities import Entity, State, load_entities, load_numbers
from intake_app.store.tables import IS_REFUSED, metadata
from sync import tracking_code
from sync.errors import Refused
from sync.publicity import stage_of

LIST_MAX = 200
_IN_MAX = 400


@dataclass(frozen=True)
class PendingEvent:
    """An event of this node that the centre has not settled, or has refused."""

    seq: int
    event: str
    kind: str
    at: int
    verdict: str | None
    code: str | None
    params: str | None
    stored_at_centre: bool


@dataclass(frozen=True)
class Report:
    """One report as this node sees it."""

    no: int
    id: bytes
    state: State
    version: int | None
    sync_state: str
    pending: list[PendingEvent] = field(default_factory=list)


@dataclass(frozen=True)
class ReportRow:
    """One line of a list."""

    no: int
    id: bytes
    tracking_code: str
    summary: str
    unit: str
    topic: str
    status: str
    urgency: str
    channel: str
    office: str
    officer: str
    received_ms: int
    sync_state: str
    conflicts: int
    lead_agency: str | None
    deadline: str | None
    phone_tail: str | None
    soon: str | None
    clock: str
    reminded: int
    urged: int


def acked(db: Db) -> int:
    """The last seq the centre has stored; at the centre and before enrolment everything counts as it is."""
    row = db.one("SELECT (SELECT role FROM self_node WHERE id = 1), (SELECT acked FROM upstream WHERE id = 1)")
    if row is None or row[0] == "central":
        return 2**62
    return row[1] or 0


def sync_state(own_seq: int, conflicts: int, refused: int, acked: int) -> str:
    """Where a report is, in the word of the closed set."""
    if refused:
        return "refused"
    if conflicts:
        return "conflict"
    return "at_centre" if own_seq <= acked else "saved"


_ROW = (
    "r.no, e.id, r.tracking_code, r.summary, r.unit, r.topic, r.status, r.urgency, r.channel, r.office, r.officer,"
    " r.received_ms, r.own_seq, r.conflicts, r.refused, r.lead_agency, r.deadline, r.phone_tail,"
    " r.soon, r.clock, r.reminded, r.urged"
)
FROM = " FROM report r JOIN entity e ON e.no = r.no"
SELECT = f"SELECT {_ROW}{FROM}"


def rows_of(db: Db, found: Sequence[Any]) -> list[ReportRow]:
    """List lines of rows selected with SELECT."""
    stored_to = acked(db)
    return [
        ReportRow(
            *row[:10], row[10].hex(), row[11], sync_state(row[12], row[13], row[14], stored_to), row[13], *row[15:22]
        )
        for row in found
    ]


def save_reports(db: Db, entities: Sequence[Entity], own_seqs: dict[int, int], refused: dict[int, int]) -> None:
    """Write the list rows of reports from what is seen of them; own_seqs and refused hold what changed, by number."""
    rows, conflicts, aliases = [], [], []
    clocks = deadlines.Clocks(db)
    for one in entities:
        state = one.seen
        assert state is not None
        if "conflicts" in state:
            conflicts += [(row["id"], one.no, row["field"], row["at"]) for row in state["conflicts"]]
        if "aliases" in state:
            aliases += [(code, one.no) for code in state["aliases"]]
        rows.append((one.no, *columns_of(state, clocks), own_seqs.get(one.no, 0), refused.get(one.no, 0)))
    db.merge(_UPSERT, rows, metadata)
    # The code on a citizen's receipt, where another report was first at the centre with it.
    db.many("INSERT INTO code_alias (code, entity_no) VALUES (?,?) ON CONFLICT DO NOTHING", aliases)
    numbers = [(one.no,) for one in entities if one.version is not None or one.seen.get("history")]  # type: ignore[union-attr]
    if conflicts or db.one("SELECT 1 FROM conflict LIMIT 1"):
        db.many("DELETE FROM conflict WHERE entity_no = ?", numbers)
        db.many(
            "INSERT INTO conflict (id, entity_no, field, at_ms) VALUES (?,?,?,?) ON CONFLICT (id) DO NOTHING", conflicts
        )
    callbacks.save(db, entities)
    links.save(db, entities)
    supporting.save(db, entities)
    queries.save(db, entities)


COLUMNS = (
    "tracking_code, office, officer, unit, topic, channel, status, urgency, lead_agency, deadline, received_ms, summary,"
    f" phone_tail, source_id, conflicts, told, publicity, publicity_ms, {deadlines.COLUMNS.partition(', ')[2]}"
)


def columns_of(state: State, clocks: deadlines.Clocks) -> tuple[object, ...]:
    """What a list row says of a report, in the order of COLUMNS."""
    phone = None if state.get("confidential") else state.get("reporter", {}).get("phone")
    deadline, *clock = clocks.columns_of(state)
    return (
        state["tracking_code"], state["office"], bytes.fromhex(state["officer"]), state["unit"], state["topic"],
        state["channel"], state["status"], state.get("urgency", "normal"), state.get("lead_agency"),
        deadline, from_iso(state["received_at"]), state["summary"], phone[-3:] if phone else None,
        state.get("source_id"), len(state.get("conflicts", ())), 1 if state.get("informed") else 0,
        *stage_of(state), *clock,
    )  # fmt: skip


def differs(row: tuple[object, ...], state: State, clocks: deadlines.Clocks) -> bool:
    """Whether a row says something else than its state; of the deadline only where rows follow the present rules already."""
    says = columns_of(state, clocks)
    if not clocks.settled:
        says = (*says[:_DEADLINE], row[_DEADLINE], *says[_DEADLINE + 1 : -_CLOCK], *row[-_CLOCK:])
    return row != says


_DEADLINE = COLUMNS.split(", ").index("deadline")
_CLOCK = deadlines.COLUMNS.count(",")
_UPSERT = (
    f"INSERT INTO report (no, {COLUMNS}, own_seq, refused) VALUES ({','.join('?' * 26)})"
    " ON CONFLICT (no) DO UPDATE SET tracking_code = excluded.tracking_code, unit = excluded.unit, topic = excluded.topic,"
    " status = excluded.status, urgency = excluded.urgency, lead_agency = excluded.lead_agency,"
    " deadline = excluded.deadline, summary = excluded.summary, phone_tail = excluded.phone_tail,"
    " own_seq = CASE WHEN excluded.own_seq > 0 THEN excluded.own_seq ELSE report.own_seq END,"
    " conflicts = excluded.conflicts, refused = excluded.refused, told = excluded.told,"
    " publicity = excluded.publicity, publicity_ms = excluded.publicity_ms,"
    " soon = excluded.soon, clock = excluded.clock, tell = excluded.tell, reminded = excluded.reminded,"
    " urged = excluded.urged"
)


def load_report(db: Db, report_id: bytes) -> Report | None:
    """The report of an id, or None."""
    found = load_entities(db, [report_id]).get(report_id)
    return None if found is None or found.type != "report" else _report(db, found)


def _report(db: Db, one: Entity) -> Report | None:
    row = db.one("SELECT own_seq, conflicts, refused FROM report WHERE no = ?", one.no)
    if row is None or one.seen is None:
        return None
    stored_to = acked(db)
    pending = [
        PendingEvent(
            stored.seq, stored.event.id.hex(), stored.event.kind, stored.event.at_ms, stored.verdict, stored.code,
            stored.params, stored.verdict is not None or stored.seq <= stored_to,
        )
        for stored in journal.pending_of(db, one.no)
    ]  # fmt: skip
    return Report(one.no, one.id, one.seen, one.version, sync_state(*row, stored_to), pending)


def find_by_code(db: Db, text: str) -> list[Report]:
    """The reports of a tracking code in any spelling; two where two offices claimed the same. Raises Refused("bad_code")."""
    code = tracking_code.parse(text)
    numbers = [row[0] for row in db.all("SELECT no FROM report WHERE tracking_code = ?", code)]
    numbers += [row[0] for row in db.all("SELECT entity_no FROM code_alias WHERE code = ?", code)]
    found = load_numbers(db, dict.fromkeys(numbers))
    return [report for one in found.values() if (report := _report(db, one))]


def the_report(db: Db, text: str) -> Report:
    """The one report of a code; raises Refused where there is none or more than one."""
    found = find_by_code(db, text)
    if not found and (stub := stubs.of_code(db, text)):
        raise Refused("report_has_left", code=stub.code, place=stub.agency or stub.unit)
    if not found:
        raise Refused("no_such_report", text=text[:40])
    if len(found) > 1:
        raise Refused("ambiguous_code", text=text[:40])
    return found[0]


def codes_taken(db: Db, codes: Iterable[str]) -> set[str]:
    """Those of these codes that a report on this machine has, or had."""
    every = list(codes)
    taken: set[str] = set()
    for at in range(0, len(every), _IN_MAX):
        some = every[at : at + _IN_MAX]
        marks = ",".join("?" * len(some))
        for table, column in (("report", "tracking_code"), ("code_alias", "code")):
            taken.update(row[0] for row in db.all(f"SELECT {column} FROM {table} WHERE {column} IN ({marks})", *some))
    return taken


def refused_counts(db: Db, numbers: Sequence[int]) -> dict[int, int]:
    """How many events of this node about these entities were refused and not yet repaired or dismissed."""
    # The list of verdicts is written out as in the index: only then is it used, and a save does not scan the journal.
    rows = db.all(
        f"SELECT entity_no, count(*) FROM journal WHERE {IS_REFUSED} AND verdict <> 'held'"
        " AND settled_by IS NULL GROUP BY entity_no"
    )
    counts = {row[0]: row[1] for row in rows}
    return {no: counts[no] for no in numbers if no in counts}


def index_reports(db: Db, entities: Sequence[Entity], before: dict[int, State | None]) -> None:
    """Bring the search entries of reports up to date; `before` is what each showed until now."""
    search.replace(db, [(one.no, before.get(one.no), one.seen) for one in entities if one.seen is not None])
    publicity.index(db, [(one.no, before.get(one.no), one.seen) for one in entities])


def forget(db: Db, one: Entity) -> None:
    """Take a report that has left this node out of lists and search; a stub with its version stays."""
    if one.seen is not None and one.type == "report":
        search.replace(db, [(one.no, one.seen, None)])
        publicity.index(db, [(one.no, one.seen, None)])
    db.run("DELETE FROM report WHERE no = ?", one.no)
    db.run("DELETE FROM conflict WHERE entity_no = ?", one.no)
    db.run("DELETE FROM code_alias WHERE entity_no = ?", one.no)
    callbacks.forget(db, one.no)
    links.forget(db, one.no)
    supporting.forget(db, one.no)
    queries.forget(db, one.no)
    db.run("UPDATE entity SET state = NULL, view = NULL WHERE no = ?", one.no)


def id_of_source(db: Db, source_id: str, office: str) -> bytes | None:
    """The report that this office recorded under a source id, or None."""
    found: bytes | None = db.value(
        "SELECT e.id FROM report r JOIN entity e ON e.no = r.no WHERE r.source_id = ? AND r.office = ?",
        source_id, office,
    )  # fmt: skip
    return found
