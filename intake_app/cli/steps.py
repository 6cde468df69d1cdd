"""`route`, `answer`, `step`, `amend`: what happens to one report, named by its tracking code."""

from __future__ import annotations

import json

from forms.words import word
from intake_app.actions.amend_report import amend_report
from intake_app.actions.lines import KEYS
from intake_app.actions.step_report import step_report
from intake_app.actor import Actor
from intake_app.cli.call import Call
from intake_app.cli.ending import DONE
from intake_app.cli.parsing import Parser, WrongUse
from intake_app.cli.printing import print_json
from intake_app.desk.sight import may_see, narrowed_to
from intake_app.node import Node
from intake_app.store.reports import Report, load_report, the_report
from intake_app.words import gettext as _
from sync import limits, tracking_code
from sync.errors import InvalidFields, Problem, Refused
from sync.workflow import STEPS

SWITCHES = frozenset(key for key, value in limits.DEFAULTS.items() if isinstance(value, bool))
CHANGEABLE = KEYS & limits.EDITABLE
# An answer is shared from the page of the report that has it, where everybody who gets it is seen.
TAKEN = tuple(name for name in STEPS if name != "share")
DETAILS = ("agency", "supporting", "text", "reason", "procedure", "how", "answer", "sources", "deadline")


def _code_argument(parser: Parser) -> None:
    # Read over the telephone it comes in groups of four; typed that way without quotes it is three arguments.
    parser.add_argument("code", metavar="CODE", nargs="+", help=_("the tracking code, with or without spaces"))


def route_arguments(parser: Parser) -> None:
    """CODE --agency A …"""
    _code_argument(parser)
    parser.add_argument(
        "--agency", metavar="A", action="append", required=True, help=_("the lead agency; again for supporting ones")
    )
    parser.add_argument("--text", metavar="T", help=_("what the agency is asked to do"))
    parser.add_argument("--deadline", metavar="WHEN", help=_("until when: 2021-12-10T17:00:00+07:00"))


def route(call: Call) -> int:
    """Sends a report to its lead agency and the supporting ones."""
    lead, *supporting = call.values.agency
    return _step(
        call, "route", agency=lead, supporting=supporting, text=call.values.text, deadline=call.values.deadline
    )


def answer_arguments(parser: Parser) -> None:
    """CODE --text T"""
    _code_argument(parser)
    parser.add_argument("--text", metavar="T", required=True, help=_("the answer as the citizen will read it"))
    parser.add_argument("--sources", metavar="S", help=_("the legal sources"))


def answer(call: Call) -> int:
    """Answers a report; one that waits at its agency is accepted first."""
    if problem := limits.text(limits.TEXT_MAX, multiline=True)(call.values.text):
        raise InvalidFields({"text": problem})
    if not call.values.text.strip():
        raise InvalidFields({"text": Problem("required")})
    with call.acting() as (node, actor):
        report = find_report(node, actor, call.values.code)
        if report.state["status"] == "routed":
            step_report(node, actor, report.id, "accept")
        step_report(node, actor, report.id, "answer", answer=call.values.text, **_given(sources=call.values.sources))
        return _told(node, report, call)


def step_arguments(parser: Parser) -> None:
    """CODE STEP …"""
    _code_argument(parser)
    parser.add_argument("step", metavar="STEP", choices=TAKEN, help=", ".join(TAKEN))
    meanings = {
        "agency": _("the lead agency, or the one proposed"),
        "supporting": _("a supporting agency; may be given several times"),
        "text": _("what is lacking, what was supplied, what the agency is asked to do"),
        "reason": _("why"),
        "procedure": _("the procedure the citizen is guided to"),
        "how": _("how the citizen was told"),
        "answer": _("the answer, or its draft"),
        "sources": _("the legal sources"),
        "deadline": _("until when: 2021-12-10T17:00:00+07:00"),
    }
    for name in DETAILS:
        action = "append" if name == "supporting" else "store"
        parser.add_argument(f"--{name}", metavar=name[0].upper(), action=action, help=meanings[name])


def step(call: Call) -> int:
    """Takes one step of the workflow."""
    return _step(call, call.values.step, **{name: getattr(call.values, name) for name in DETAILS})


def _step(call: Call, name: str, **details: object) -> int:
    with call.acting() as (node, actor):
        report = find_report(node, actor, call.values.code)
        step_report(node, actor, report.id, name, **_given(**details))
        return _told(node, report, call)


def _given(**details: object) -> dict[str, object]:
    return {name: value for name, value in details.items() if value not in (None, [])}


def _told(node: Node, report: Report, call: Call) -> int:
    with node.database.read() as db:
        state = load_report(db, report.id).state
    code, status = state["tracking_code"], state["status"]
    if call.json:
        print_json({"id": report.id.hex(), "tracking_code": code, "status": status})
    else:
        print(f"{tracking_code.show(code)}: {word('status', status, _)}")
    return DONE


def amend_arguments(parser: Parser) -> None:
    """CODE --set KEY=VALUE …"""
    _code_argument(parser)
    parser.add_argument(
        "--set",
        metavar="KEY=VALUE",
        nargs="+",
        action="extend",
        required=True,
        help=_("a key of a record line and its new value; answers.KEY for a question of the topic"),
    )
    parser.add_argument("--reason", metavar="R", help=_("why"))


def amend(call: Call) -> int:
    """Changes fields of a report."""
    changes = read_changes(call.values.set)
    with call.acting() as (node, actor):
        report = find_report(node, actor, call.values.code)
        if "answers" in changes:
            changes["answers"] = _all_answers(node, report, changes)
        amend_report(node, actor, report.id, changes, reason=call.values.reason)
        return _told(node, report, call)


def _all_answers(node: Node, report: Report, changes: dict[str, object]) -> dict[str, object]:
    """One answer is changed, the others stay: the field as a whole is what an event carries."""
    topic = node.directory.topics.get(changes.get("topic", report.state["topic"]))
    types = {question.code: question.type for question in topic.questions} if topic else {}
    typed = {code: _answer(types.get(code), value) for code, value in changes["answers"].items()}
    return {**report.state.get("answers", {}), **typed}


def _answer(kind: str | None, value: object) -> object:
    if kind == "yes_no":
        return _switch(value)
    if kind == "number" and isinstance(value, str) and value.removeprefix("-").isdecimal():
        return int(value)
    return value


def find_report(node: Node, actor: Actor, words: list[str]) -> Report:
    """Gives the report that this code means; refuses when there is none that this person may see, or more than one."""
    with node.database.read() as db:
        report = the_report(db, " ".join(words))
    if not may_see(narrowed_to(node, actor), report.state):
        raise Refused("no_such_report")
    return report


def read_changes(pairs: list[str]) -> dict[str, object]:
    """Gives the changes that KEY=VALUE arguments mean; an unknown key is refused by its name."""
    changes: dict[str, object] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals or not key:
            raise WrongUse(_("“%(pair)s” is not KEY=VALUE.", pair=pair))
        head, dot, question = key.partition(".")
        if head not in CHANGEABLE or (dot and (head != "answers" or not question)):
            raise WrongUse(_("There is no field “%(key)s” that can be changed.", key=key))
        if dot:
            changes.setdefault("answers", {})[question] = text
        else:
            changes[head] = _value(head, text)
    return changes


def _value(key: str, text: str) -> object:
    if key in SWITCHES:
        return _switch(text)
    if key != "answers":
        return text
    try:
        answers = json.loads(text)
    except ValueError:
        answers = None
    if not isinstance(answers, dict):
        raise WrongUse(_("“answers” needs a JSON object; one answer is set by answers.KEY=VALUE."))
    return answers


def _switch(value: object) -> object:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


COMMANDS = {
    "route": (route_arguments, route),
    "answer": (answer_arguments, answer),
    "step": (step_arguments, step),
    "amend": (amend_arguments, amend),
}
