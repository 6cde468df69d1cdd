"""Structures, units, offices, agencies and topics at the centre: publish an edition of one, retire it.

What the program ships is edition 0: whoever edits it first publishes edition 1 under the same code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from intake_app.actions.editions import Series, clean_words, may_publish, publish_edition, retire_edition
from intake_app.actions.enroll import fill_scopes
from intake_app.node import Actor, Node
from intake_app.store import audits, feed, nodes, own_log, reference
from intake_app.store.database import Db
from intake_app.store.directory import Directory, Topic
from sync import permission
from sync import reference as rules
from sync.edition import FIRST_DAY
from sync.errors import InvalidFields, Problem, Refused
from sync.fold import clean_text
from sync.reference import AGENCY, KEY, LEVELS, OFFICE, STRUCTURE, TOPIC, UNIT, id_of
from sync.routing import scopes_of_office

Content = Mapping[str, Any]
EDITORS = {kind: permission.ROLES[f"{kind}.published"] for kind in rules.TYPES}


def publish(node: Node, actor: Actor, kind: str, content: Content, seen_edition: int = 0) -> bytes:
    """Publish the next edition of what stands under the content's code; `seen_edition` 0 for something new or shipped.

    Raises InvalidFields, and Refused where somebody was faster or nothing was changed.
    """
    may_publish(node, actor, SERIES[kind])
    if seen_edition == 0 and clean_words(content) == known_content(node.directory, kind, str(content.get(KEY[kind]))):
        raise Refused("nothing_changed")
    known = id_of(kind, str(content.get(KEY[kind]))) if seen_edition else None
    made = publish_edition(node, actor, SERIES[kind], content, known, seen_edition)
    fill_scopes(node)
    return made


def retire(node: Node, actor: Actor, kind: str, code: str, reason: str) -> None:
    """Retire what stands under a code, with a reason: it is offered no more, and what names it still reads as before."""
    may_publish(node, actor, SERIES[kind])
    if kind == OFFICE and code == node.head.office:
        raise Refused("own_office")
    inside = [unit for unit in node.directory.children.get(code, ()) if not node.directory.units[unit].valid_to]
    if kind == UNIT and inside:
        raise Refused("unit_has_parts", count=len(inside))
    with node.database.read() as db:
        there = reference.find(db, kind, code) is not None
    if not there:
        shipped = known_content(node.directory, kind, code)
        if shipped is None:
            raise Refused(rules.MISSING[kind])
        publish_edition(node, actor, SERIES[kind], shipped)
    retire_edition(node, actor, SERIES[kind], id_of(kind, code), reason)


def check(node: Node, kind: str, content: Content) -> dict[str, Any]:
    """The content as it is kept; raises InvalidFields where it would not be taken."""
    return _cleaned(kind, node, content)


def problems_of(directory: Directory, kind: str, content: Content) -> dict[str, Problem]:
    """What does not fit in a content that is clean, by field: in itself, and beside what else there is."""
    found = rules.check_content(kind, content)
    return found or dict(_CHECKS[kind](directory, content))


def _cleaned(kind: str, node: Node, content: Content) -> dict[str, Any]:
    cleaned = clean_words(content)
    if kind == TOPIC:
        cleaned["questions"] = _questions(node.directory.topics.get(str(cleaned.get("code"))), cleaned.get("questions", []))
    found = problems_of(node.directory, kind, cleaned)
    if found:
        raise InvalidFields(found)
    return cleaned


def _questions(topic: Topic | None, asked: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The questions with their words as they are kept; one that is asked no more goes on being known."""
    found = [{key: _clean(value) for key, value in clean_words(each).items()} for each in asked]
    codes = {each.get("code") for each in found}
    known = shipped_questions(topic) if topic else []
    return found + [{**each, "withdrawn": True} for each in known if each["code"] not in codes]


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value, multiline=False)
    return [_clean(each) for each in value] if isinstance(value, list) else value


Problems = Iterator[tuple[str, Problem]]


def _check_structure(directory: Directory, content: Content) -> Problems:
    taken = {str(start): structure for start, structure in directory.starts if structure != content["code"]}
    if content["valid_from"] in taken:
        yield "valid_from", Problem("same_start", {"structure": taken[content["valid_from"]]})


def _check_unit(directory: Directory, content: Content) -> Problems:
    if content["code"].partition(":")[0] not in {structure for _, structure in directory.starts}:
        yield "code", Problem("no_such_structure", {"structure": content["code"].partition(":")[0]})
    parent = directory.unit(content.get("parent", ""))
    if content.get("parent") and parent is None:
        yield "parent", Problem("unknown_unit", {"unit": content["parent"]})
    elif parent and LEVELS.index(parent.level) >= LEVELS.index(content["level"]):
        yield "parent", Problem("bad_parent")
    for code in content.get("predecessors", ()):
        if directory.unit(code) is None:
            yield "predecessors", Problem("unknown_unit", {"unit": code})
    now = directory.unit(content["code"])
    if now and now.level != content["level"] and directory.children.get(now.code):
        yield "level", Problem("unit_has_parts", {"count": len(directory.children[now.code])})


def _check_office(directory: Directory, content: Content) -> Problems:
    if directory.unit(content["unit"]) is None:
        yield "unit", Problem("unknown_unit", {"unit": content["unit"]})
    if content.get("agency") and content["agency"] not in directory.agencies:
        yield "agency", Problem("unknown_agency", {"agency": content["agency"]})


def _check_agency(directory: Directory, content: Content) -> Problems:
    if content.get("unit") and directory.unit(content["unit"]) is None:
        yield "unit", Problem("unknown_unit", {"unit": content["unit"]})


def _check_topic(directory: Directory, content: Content) -> Problems:
    topic = directory.topics.get(content["code"])
    types = {each.code: each.type for each in (*topic.questions, *topic.former)} if topic else {}
    for each in content.get("questions", ()):
        if types.get(each["code"], each["type"]) != each["type"]:
            yield "questions", Problem("question_type_kept", {"question": each["vi"]})


_CHECKS = {
    STRUCTURE: _check_structure, UNIT: _check_unit, OFFICE: _check_office, AGENCY: _check_agency, TOPIC: _check_topic,
}  # fmt: skip


def _grant_anew(node: Node, db: Db, actor: Actor, content: Content) -> None:
    """Give the computers of an office what belongs to it now; further units that they look after stay theirs."""
    now_ms = node.clock.now_ms()
    for known in nodes.of_office(db, content["number"]):
        units = [scope.partition(":")[2] for scope in known.scopes if scope.startswith("unit:")]
        more = [unit for unit in units[1:] if unit != content["unit"]]  # the first is the office's own
        scopes = scopes_of_office(content["number"], content["unit"], content.get("agency", ""), more)
        if set(scopes) != set(known.scopes):
            nodes.set_scopes(db, known.no, scopes)
            feed.open_scopes(db, scopes)
            own_log.log_node(node, db, known.id)
            lost = sorted(set(known.scopes) - set(scopes))
            audits.note(
                db, now_ms, actor.person, "node.looks_after", known.id.hex(), office=known.office, units=[content["unit"], *more],
                lost=lost,
            )  # fmt: skip


def _named(kind: str, content: Content) -> bytes:
    return id_of(kind, content[KEY[kind]])


SERIES = {
    kind: Series(
        kind, rules.FIELDS[kind], EDITORS[kind], rules.MISSING[kind], partial(_cleaned, kind),
        id_of=partial(_named, kind),
        after=_grant_anew if kind == OFFICE else None,
    )
    for kind in rules.TYPES
}  # fmt: skip


def known_content(directory: Directory, kind: str, code: str) -> dict[str, Any] | None:
    """What is known under a code, as a content to edit; None where nothing is."""
    content = _CONTENTS[kind](directory, code)
    return content and {key: value for key, value in content.items() if value not in (None, "", [])}


def _structure_content(directory: Directory, code: str) -> dict[str, Any] | None:
    start = next((start for start, structure in directory.starts if structure == code), None)
    if start is None:
        return None
    name, source = f"Đơn vị hành chính năm {code}", "Dữ liệu kèm theo chương trình"
    return {"code": code, "name": name, "valid_from": max(str(start), FIRST_DAY), "source": source}


def _unit_content(directory: Directory, code: str) -> dict[str, Any] | None:
    unit = directory.unit(code)
    if unit is None:
        return None
    before = list(directory.predecessors.get(code, ()))
    start = next(str(start) for start, structure in directory.starts if code.startswith(f"{structure}:"))
    return {
        "code": code, "name": unit.name, "type": unit.type, "level": unit.level, "parent": unit.parent, "lat": unit.lat,
        "lon": unit.lon, "predecessors": before, "main_of": [old for old in before if directory.successors[old][0] == code],
        "valid_from": unit.valid_from or max(start, FIRST_DAY), "valid_to": unit.valid_to,
    }  # fmt: skip


def _office_content(directory: Directory, number: str) -> dict[str, Any] | None:
    office = directory.offices.get(number)
    if office is None:
        return None
    return {
        "number": number, "name": office.name, "unit": office.unit, "agency": office.agency,
        "valid_from": max(str(office.valid_from), FIRST_DAY), "valid_to": str(office.valid_to or ""),
    }  # fmt: skip


def _agency_content(directory: Directory, code: str) -> dict[str, Any] | None:
    agency = directory.agencies.get(code)
    if agency is None:
        return None
    return {
        "code": code, "name": agency.name, "abbreviation": agency.abbreviation, "level": agency.level,
        "unit": agency.unit, "valid_from": agency.valid_from or FIRST_DAY, "valid_to": agency.valid_to,
    }  # fmt: skip


def shipped_questions(topic: Topic) -> list[dict[str, Any]]:
    """The questions of a topic as they are published."""
    found = []
    for at, each in enumerate((*topic.questions, *topic.former)):
        one: dict[str, Any] = {"code": each.code, "vi": each.label_vi, "en": each.label_en, "type": each.type}
        if each.choices:
            one["choices"] = [list(choice) for choice in each.choices]
        found.append(one if at < len(topic.questions) else {**one, "withdrawn": True})
    return found


def _topic_content(directory: Directory, code: str) -> dict[str, Any] | None:
    topic = directory.topics.get(code)
    if topic is None:
        return None
    return {
        "code": code, "group": topic.group, "name": topic.name, "name_en": topic.name_en, "short_name": topic.short_name,
        "questions": shipped_questions(topic), "valid_from": topic.valid_from or FIRST_DAY, "valid_to": topic.valid_to,
    }  # fmt: skip


_CONTENTS = {
    STRUCTURE: _structure_content, UNIT: _unit_content, OFFICE: _office_content, AGENCY: _agency_content,
    TOPIC: _topic_content,
}  # fmt: skip
