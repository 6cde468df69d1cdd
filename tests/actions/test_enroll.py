"""Enrolment: a code read over the telephone binds a node once; nobody on the line learns it or puts a key of theirs in place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from intake_app.actions.enroll import VALID_MS, enroll, make_enrollment_code, revoke_enrollment_code
from intake_app.actions.reconcile import reconcile
from intake_app.node import Node
from intake_app.store import enrollment, nodes, upstream
from sync import enrollment as hello
from sync.enrollment import Hello, Welcome
from sync.errors import BadMessage, InvalidFields, NoNetwork, Refused
from sync.ports import Answer
from tests.creators import InProcess, SetClock, make_node, record, somebody

URL = "http://127.0.0.1:1"


class Pair:
    """A centre and a machine that has not met it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = SetClock()
        self.centre = make_node(folder / "1022", "central", "1022", self.clock)
        self.office = make_node(folder / "0380", "office", "0380", self.clock)

    def code(self, office: str = "0380", units: tuple[str, ...] = ()) -> str:
        return make_enrollment_code(self.centre, somebody(self.centre), office, units)

    def enroll(self, code: str, node: Node | None = None, link: Any = None) -> None:
        node = node or self.office
        enroll(node, somebody(node), URL, code, link=link or InProcess(self.centre))

    def bound(self) -> bool:
        with self.office.database.read() as db:
            return upstream.load_upstream(db) is not None

    def scopes(self) -> list[str]:
        with self.office.database.read() as db:
            return [cursor.scope for cursor in upstream.cursors(db)]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    yield made
    made.centre.close()
    made.office.close()


class Between(InProcess):
    """Somebody on the line who changes what the centre answers."""

    def __init__(self, centre: Node, **changes: Any) -> None:
        super().__init__(centre)
        self.changes = changes

    def send(self, path: str, data: bytes) -> Answer:
        answer = hello.decode(super().send(path, data).data, Welcome)
        return Answer(hello.encode(msgspec.structs.replace(answer, **self.changes)), 0, 0, 0.0)


def test_a_code_binds_the_node_to_its_scopes(pair: Pair) -> None:
    pair.enroll(pair.code(units=("2021:381",)))
    assert pair.bound()
    assert pair.scopes() == ["agency:UBND-380", "all", "office:0380", "unit:2021:380", "unit:2021:381"]


def test_a_code_may_be_typed_as_it_was_heard(pair: Pair) -> None:
    code = pair.code()
    pair.enroll(f" {code[:5].lower()}-{code[5:12]} {code[12:]} ")
    assert pair.bound()


@pytest.mark.parametrize("code", ["", "ABCDEFGHJKMNPQRSTUVW", "1022"])
def test_a_wrong_code_binds_nothing(pair: Pair, code: str) -> None:
    pair.code()
    with pytest.raises(Refused, match="bad_enrollment_code"):
        pair.enroll(code)
    assert not pair.bound()


def test_a_code_of_another_office_is_told_and_stays_good(pair: Pair) -> None:
    code = pair.code("0381")
    with pytest.raises(Refused, match="wrong_office") as refused:
        pair.enroll(code)
    assert (refused.value.params, pair.bound()) == ({"expected": "0381", "given": "0380"}, False)
    other = make_node(pair.folder / "0381", "office", "0381", pair.clock)
    pair.enroll(code, other)
    other.close()


def test_a_code_is_spent_by_the_first_node(pair: Pair) -> None:
    code = pair.code()
    pair.enroll(code)
    second = make_node(pair.folder / "laptop", "office", "0380", pair.clock)
    with pytest.raises(Refused, match="bad_enrollment_code"):
        pair.enroll(code, second)
    second.close()


def test_a_lost_answer_is_asked_for_again(pair: Pair) -> None:
    code = pair.code()
    with pytest.raises(NoNetwork):
        pair.enroll(code, link=InProcess(pair.centre, lose=1))
    assert not pair.bound()
    pair.enroll(code)
    record(pair.office)
    done = reconcile(pair.office, InProcess(pair.centre))
    assert done is not None and (done.sent, done.waiting) == (1, 0)


def test_a_lost_answer_may_be_asked_for_after_the_code_has_run_out(pair: Pair) -> None:
    code = pair.code()
    with pytest.raises(NoNetwork):
        pair.enroll(code, link=InProcess(pair.centre, lose=1))
    pair.clock.at_ms += 2 * VALID_MS
    pair.enroll(code)
    assert pair.bound()


def test_a_code_runs_out(pair: Pair) -> None:
    code = pair.code()
    pair.clock.at_ms += VALID_MS + 1000
    with pytest.raises(Refused, match="expired_enrollment_code"):
        pair.enroll(code)


def test_a_code_taken_back_is_worth_nothing(pair: Pair) -> None:
    code = pair.code()
    revoke_enrollment_code(pair.centre, somebody(pair.centre), 1)
    with pytest.raises(Refused, match="bad_enrollment_code"):
        pair.enroll(code)


def test_the_code_never_crosses_the_line(pair: Pair) -> None:
    code, link = pair.code(), InProcess(pair.centre)
    pair.enroll(code, link=link)
    assert len(link.seen) == 1
    assert code.encode() not in link.seen[0] and hello.secret_of(code) not in link.seen[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"public_key": b"\1" * 32},
        {"central": b"\1" * 16},
        {"scopes": ["unit:2021:38"]},
        {"epoch": b"\1" * 8},
        {"nonce": b""},
    ],
)
def test_an_answer_that_was_changed_on_the_way_binds_nothing(pair: Pair, changes: dict[str, Any]) -> None:
    code = pair.code()
    with pytest.raises(BadMessage, match="bad_signature"):
        pair.enroll(code, link=Between(pair.centre, **changes))
    assert not pair.bound()


def test_who_does_not_know_the_code_cannot_put_a_key_in_place(pair: Pair) -> None:
    code = pair.code()
    asked = Hello(hello.digest_of(code), b"\1" * 16, b"\2" * 32, "0380", b"\3" * 16)
    guessed = msgspec.structs.replace(asked, proof=hello.proof_of(b"guess", asked))
    answer = hello.decode(InProcess(pair.centre).send("", hello.encode(guessed)).data, Welcome)
    assert (answer.refusal, answer.scopes) == ("bad_enrollment_code", [])
    with pair.centre.database.read() as db:
        assert nodes.find_node(db, b"\1" * 16) is None


@pytest.mark.parametrize(
    "data", [b"", b"<html>Sign in</html>", b"I22E1", b"I22E1\x93\x01\x02\x03", b"I22E1" + b"\xc1" * 40]
)
def test_what_is_no_hello_is_no_message(pair: Pair, data: bytes) -> None:
    with pytest.raises(BadMessage):
        InProcess(pair.centre).send("", data)


def test_a_node_bound_to_one_centre_is_not_bound_to_another(pair: Pair) -> None:
    pair.enroll(pair.code())
    other = make_node(pair.folder / "other", "central", "1022", pair.clock)
    code = make_enrollment_code(other, somebody(other), "0380")
    with pytest.raises(Refused, match="already_enrolled"):
        pair.enroll(code, link=InProcess(other))
    other.close()


@pytest.mark.parametrize("role", ["dispatcher", "operator", "auditor"])
def test_only_an_administrator_makes_takes_back_or_uses_a_code(pair: Pair, role: str) -> None:
    code = pair.code()
    with pytest.raises(Refused, match="not_allowed"):
        make_enrollment_code(pair.centre, somebody(pair.centre, role), "0380")
    with pytest.raises(Refused, match="not_allowed"):
        revoke_enrollment_code(pair.centre, somebody(pair.centre, role), 1)
    with pytest.raises(Refused, match="not_allowed"):
        enroll(pair.office, somebody(pair.office, role), URL, code, link=InProcess(pair.centre))  # type: ignore[arg-type]


def test_a_code_needs_an_office_and_units_that_exist(pair: Pair) -> None:
    with pytest.raises(InvalidFields) as refused:
        pair.code("9999", ("2021:99999",))
    assert refused.value.problems.keys() == {"office", "unit"}


def test_each_end_does_its_own_part_only(pair: Pair) -> None:
    with pytest.raises(Refused, match="wrong_role"):
        make_enrollment_code(pair.office, somebody(pair.office), "0380")
    with pytest.raises(Refused, match="wrong_role"):
        pair.enroll("x", pair.centre)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("1022.example.vn", "bad_url"),
        ("ftp://1022.example.vn", "bad_url"),
        ("https://1022.example.vn/?a=b", "bad_url"),
        ("http://1022.example.vn", "plain_http_refused"),
    ],
)
def test_an_address_that_will_not_do_is_told_before_anything_is_sent(pair: Pair, url: str, code: str) -> None:
    link = InProcess(pair.centre)
    with pytest.raises(Refused, match=code):
        enroll(pair.office, somebody(pair.office), url, pair.code(), link=link)  # type: ignore[arg-type]
    assert link.seen == []


def test_the_list_shows_the_end_of_a_code_and_who_used_it(pair: Pair) -> None:
    code = pair.code()
    pair.enroll(code)
    with pair.centre.database.read() as db:
        listed = enrollment.list_codes(db)[0]
    assert (listed.hint, listed.office, listed.used_by) == (code[-4:], "0380", pair.office.head.node)
