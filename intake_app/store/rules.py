"""Routing rules as a node holds them: a narrow row a rule, made from the confirmed states, and what the rules propose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from intake_app.store.database import Db
from intake_app.store.entities import Entity, State, load_entities, load_numbers
from sync.edition import standing
from sync.fold import fold

LIST_MAX = 50
IN_FORCE_MAX = 2000  # far more than a province has; a machine gone mad is stopped by it


@dataclass(frozen=True)
class Rule:
    """One rule as this node shows it on a day."""

    no: int
    id: bytes
    state: State
    standing: str


def save_rules(db: Db, entities: Iterable[Entity]) -> None:
    """Write the rows of the rules among these entities; the others are not looked at."""
    found = [one for one in entities if one.type == "routing_rule" and one.seen is not None]
    if not found:
        return
    db.many("DELETE FROM routing_rule WHERE no = ?", [(one.no,) for one in found])
    db.many(
        "INSERT INTO routing_rule (no, folded, valid_from, valid_to, retired, sample, at_ms) VALUES (?,?,?,?,?,?,?)",
        [(one.no, *columns_of(one.seen or {})) for one in found],
    )


def columns_of(state: State) -> tuple[object, ...]:
    """What a row says of a rule, in the order of its columns."""
    return (
        fold(state["name"]), state["valid_from"], state.get("valid_to", ""), 1 if state.get("retired") else 0,
        1 if state.get("sample") else 0, state["at"],
    )  # fmt: skip


def differing(db: Db, entities: Iterable[Entity]) -> Iterator[bytes]:
    """The rules whose row does not say what their state does."""
    for one in entities:
        if one.type == "routing_rule" and one.seen is not None:
            sql = "SELECT folded, valid_from, valid_to, retired, sample, at_ms FROM routing_rule WHERE no = ?"
            row = db.one(sql, one.no)
            if row is None or tuple(row) != columns_of(one.seen):
                yield one.id


def load_rule(db: Db, rule_id: bytes, today: str) -> Rule | None:
    """The rule of an id, or None."""
    one = load_entities(db, [rule_id]).get(rule_id)
    if one is None or one.type != "routing_rule" or one.seen is None:
        return None
    return Rule(one.no, one.id, one.seen, standing(one.seen, today))


def _rules(db: Db, numbers: Sequence[int], today: str) -> list[Rule]:
    found = load_numbers(db, numbers)
    states = [(no, found[no].id, found[no].seen) for no in numbers if no in found]
    return [Rule(no, one, seen, standing(seen, today)) for no, one, seen in states if seen is not None]


_SHOWN = {
    "current": "retired = 0 AND valid_from <= ? AND (valid_to = '' OR valid_to >= ?)",
    "coming": "retired = 0 AND valid_from > ?",
    "expired": "retired = 0 AND valid_to <> '' AND valid_to < ?",
    "retired": "retired = 1",
    "samples": "retired = 0 AND sample = 1",
}


@dataclass(frozen=True)
class Listed:
    """A page of rules, how many fit in all, and the page after this one if there is one."""

    rules: list[Rule]
    total: int
    next: int | None


def list_rules(db: Db, today: str, *, show: str = "", page: int = 1) -> Listed:
    """Rules by name; `show` asks for those of one standing or for the samples, without it all but the retired ones."""
    where = _SHOWN.get(show, "retired = 0")
    args = [today] * where.count("?")
    total = int(db.value(f"SELECT count(*) FROM routing_rule WHERE {where}", *args))
    sql = f"SELECT no FROM routing_rule WHERE {where} ORDER BY folded, no LIMIT ? OFFSET ?"
    rows = [row[0] for row in db.all(sql, *args, LIST_MAX + 1, (page - 1) * LIST_MAX)]
    return Listed(_rules(db, rows[:LIST_MAX], today), total, page + 1 if len(rows) > LIST_MAX else None)


def rules_in_force(db: Db, today: str) -> list[Rule]:
    """Every rule that holds on a day."""
    sql = f"SELECT no FROM routing_rule WHERE {_SHOWN['current']} ORDER BY no LIMIT {IN_FORCE_MAX}"
    return _rules(db, [row[0] for row in db.all(sql, today, today)], today)


def rule_names(db: Db) -> set[str]:
    """The names of all rules, retired ones too, folded."""
    return {row[0] for row in db.all("SELECT folded FROM routing_rule")}
