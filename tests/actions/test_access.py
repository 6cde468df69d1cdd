"""The rights of the pages hold at the other doors too: every action refuses, and ingest denies, by the same table.

Pages: tests/test_access.py. Commands: tests/cli/test_access.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from intake_app.actions import add_to_report, look_at_batches, pause_report, publish_reference, send_back
from intake_app.actions.accounts import add_account, change_roles, end_account, reset_password
from intake_app.actions.amend_report import amend_report
from intake_app.actions.change_settings import change_language
from intake_app.actions.decide_conflict import decide_conflict
from intake_app.actions.enroll import make_enrollment_code, revoke_enrollment_code
from intake_app.actions.keep_contacts import remove_contact
from intake_app.actions.keep_people import change_person, end_person
from intake_app.actions.look_after import look_after
from intake_app.actions.publish_article import publish_article, retire_article
from intake_app.actions.publish_deadlines import CALENDAR, RULE, publish, retire
from intake_app.actions.publish_rule import publish_rule, retire_rule
from intake_app.actions.record_report import record_report
from intake_app.actions.remind import urge_report
from intake_app.actions.set_publicity import publish_report
from intake_app.actions.settle_refused import dismiss_event
from intake_app.actions.shut_out import shut_out
from intake_app.actions.step_report import step_report
from intake_app.node import Actor, Node
from sync import permission, reference
from sync.errors import IntakeError, Refused
from sync.workflow import ROLES, STEPS
from tests.creators import make_line, make_node, record, somebody
from tests.sync.histories import make
from tests.sync.test_permission import CENTRE, code_of, person, state_of

Act = Callable[[Node, Actor, bytes], object]
ID = b"\1" * 16
FAR = "2031-12-31T17:00:00+07:00"
# What each kind of event is made by; the roles are those of sync/permission.
BY_KIND: dict[str, Act] = {
    "report.recorded": lambda node, actor, _: record_report(node, actor, make_line("1022")),
    "report.amended": lambda node, actor, report: amend_report(node, actor, report, {"summary": "Khác"}),
    "report.noted": lambda node, actor, report: add_to_report.note_report(node, actor, report, "Chữ"),
    "report.called": lambda node, actor, report: add_to_report.call_report(node, actor, report, "out", "busy"),
    "report.linked": lambda node, actor, report: add_to_report.link_report(node, actor, report, ID, "same_matter"),
    "report.informed": lambda node, actor, report: add_to_report.inform_citizen(node, actor, report, "phone"),
    "report.relayed": lambda node, actor, report: add_to_report.relay_by_phone(node, actor, report, "115", "", "Lan"),
    "report.paused": lambda node, actor, report: pause_report.pause_report(node, actor, report, "Chờ"),
    "report.resumed": lambda node, actor, report: pause_report.resume_report(node, actor, report, ""),
    "report.extended": lambda node, actor, report: pause_report.extend_report(node, actor, report, FAR, "Chờ"),
    "report.queried": lambda node, actor, report: send_back.send_back(node, actor, report, "Sửa"),
    "report.query_settled": lambda node, actor, report: send_back.settle_query(node, actor, report, "", "noted", "Rồi"),
    "conflict.decided": lambda node, actor, report: decide_conflict(node, actor, ["0" * 32], "current"),
    "event.dismissed": lambda node, actor, report: dismiss_event(node, actor, ID, "Thôi"),
    "person.added": lambda node, actor, report: add_account(node, actor, "moi", "Mới", ["operator"], "một mật khẩu"),
    "person.changed": lambda node, actor, report: change_roles(node, actor, "khong", ["operator"]),
    "person.ended": lambda node, actor, report: end_account(node, actor, "khong"),
    "article.published": lambda node, actor, report: publish_article(node, actor, {}),
    "article.retired": lambda node, actor, report: retire_article(node, actor, ID, "Cũ"),
    "report.rated": lambda node, actor, report: add_to_report.rate_report(node, actor, report, "4"),
    "report.publicity_set": lambda node, actor, report: publish_report(node, actor, report, {}),
    "report.urged": lambda node, actor, report: urge_report(node, actor, report, "Đề nghị trả lời"),
    "routing_rule.published": lambda node, actor, report: publish_rule(node, actor, {}),
    "routing_rule.retired": lambda node, actor, report: retire_rule(node, actor, ID, "Cũ"),
    "calendar.published": lambda node, actor, report: publish(node, actor, CALENDAR, {}),
    "calendar.retired": lambda node, actor, report: retire(node, actor, CALENDAR, ID, "Cũ"),
    "deadline_rule.published": lambda node, actor, report: publish(node, actor, RULE, {}),
    "deadline_rule.retired": lambda node, actor, report: retire(node, actor, RULE, ID, "Cũ"),
}
for kind in reference.TYPES:
    BY_KIND[f"{kind}.published"] = lambda node, actor, _, kind=kind: publish_reference.publish(node, actor, kind, {})
    BY_KIND[f"{kind}.retired"] = lambda node, actor, _, kind=kind: publish_reference.retire(node, actor, kind, "x", "Cũ")
UNMADE = {  # nobody here makes them yet, or only together with somebody else
    "report.reminded": "the centre's own clock makes it: tests/actions/test_remind.py",
    "shift.handed_over": "by two people: tests/actions/test_hand_over.py",
}
ADMINISTRATOR = permission.ADMINISTRATOR
# What leaves no event, with its roles.
OTHERS: dict[str, tuple[frozenset[str], Act]] = {
    "code made": (ADMINISTRATOR, lambda node, actor, _: make_enrollment_code(node, actor, "0380")),
    "code revoked": (ADMINISTRATOR, lambda node, actor, _: revoke_enrollment_code(node, actor, 1)),
    "computer shut out": (ADMINISTRATOR, lambda node, actor, _: shut_out(node, actor, ID)),
    "units given": (ADMINISTRATOR, lambda node, actor, _: look_after(node, actor, ID, [])),
    "person changed by the centre": (ADMINISTRATOR, lambda node, actor, _: change_person(node, actor, ID, "A", ["operator"])),
    "person ended by the centre": (ADMINISTRATOR, lambda node, actor, _: end_person(node, actor, ID)),
    "password reset": (ADMINISTRATOR, lambda node, actor, _: reset_password(node, actor, "khong", "một mật khẩu")),
    "language": (ADMINISTRATOR, lambda node, actor, _: change_language(node, actor, "xx")),
    "contact removed": (ADMINISTRATOR, lambda node, actor, _: remove_contact(node, actor, 1)),
    "batch looked at": (
        look_at_batches.LOOKERS,
        lambda node, actor, _: look_at_batches.look_at_batches(node, actor, [1]),
    ),
}


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, bytes]]:
    """The centre with one report; nobody here minds what others did to it."""
    node = make_node(Path(tmp_path_factory.mktemp("access")), "central", "1022")
    yield node, record(node).id
    node.close()


def is_refused(centre: tuple[Node, bytes], act: Act, role: str) -> bool:
    """Whether somebody with this role alone is told that they may not; any other answer comes after that question."""
    node, report = centre
    try:
        act(node, somebody(node, role), report)
    except Refused as refused:
        return refused.code == "not_allowed"
    except IntakeError:
        return False
    return False


def test_every_kind_of_event_has_its_action_here() -> None:
    assert set(permission.ROLES) == set(BY_KIND) | set(UNMADE)


@pytest.mark.parametrize("kind", BY_KIND)
def test_an_action_refuses_whom_the_table_does_not_name(centre: tuple[Node, bytes], kind: str) -> None:
    allowed = {role for role in ROLES if not is_refused(centre, BY_KIND[kind], role)}
    assert allowed == permission.ROLES[kind]


@pytest.mark.parametrize("name", OTHERS)
def test_what_leaves_no_event_is_refused_likewise(centre: tuple[Node, bytes], name: str) -> None:
    roles, act = OTHERS[name]
    assert {role for role in ROLES if not is_refused(centre, act, role)} == roles


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_refused_to_whom_the_workflow_does_not_name(centre: tuple[Node, bytes], step: str) -> None:
    allowed = {
        role
        for role in ROLES
        if not is_refused(centre, lambda node, actor, report: _step(node, actor, report, step), role)
    }
    # To send a report elsewhere than to one's own agency is a dispatcher's: refused in the same words, further in.
    assert allowed <= STEPS[step].roles and (allowed == STEPS[step].roles or step == "route")


def _step(node: Node, actor: Actor, report: bytes, step: str) -> object:
    return step_report(node, actor, report, step, seen_status="closed")


@pytest.mark.parametrize("kind", permission.ROLES)
def test_ingest_denies_whom_the_table_does_not_name(kind: str) -> None:
    first = kind in ("report.recorded", "person.added", "article.published", "shift.handed_over")
    event = make(5, "C", kind, {})
    denied = {
        role
        for role in ROLES
        if code_of(None if first else state_of(), event, person(role, office="1022", agency="TTPVHCC"), CENTRE)
        == "role_missing"
    }
    assert set(ROLES) - denied == permission.ROLES[kind]
