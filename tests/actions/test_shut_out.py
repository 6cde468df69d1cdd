"""A computer that is shut out learns nothing, and what it pushes is kept apart until somebody lets it in again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.actions.enroll import enroll, make_enrollment_code
from intake_app.actions.receive import drain_inbox, exchange
from intake_app.actions.reconcile import reconcile
from intake_app.actions.shut_out import shut_out
from intake_app.actions.verify_node import verify_node
from intake_app.node import KEY_FILE
from intake_app.store import nodes
from sync import envelope, protocol
from sync.errors import BadMessage, Refused, Unwelcome
from tests.creators import InProcess, Province, bind, make_node, province, somebody

OFFICE = "0380"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path, OFFICE) as found:
        yield found


def revoke(made: Province) -> None:
    shut_out(made.centre, somebody(made.centre), made.node(OFFICE).head.node)


def row(made: Province) -> nodes.NodeRow:
    with made.centre.database.read() as db:
        return nodes.list_nodes(db)[0]


def count(made: Province) -> int:
    with made.centre.database.read() as db:
        return int(db.value("SELECT count(*) FROM report"))


def push(made: Province, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(Unwelcome, match="revoked"):
            made.sync()


def test_what_a_revoked_node_pushes_is_kept_once_and_changes_nothing(made: Province) -> None:
    made.record(OFFICE)
    made.sync()
    revoke(made)
    for _ in range(3):
        made.record(OFFICE)
    push(made, times=3)
    assert (row(made).apart, count(made), verify_node(made.centre).problems) == (3, 1, [])


def test_a_revoked_node_learns_nothing(made: Province) -> None:
    revoke(made)
    made.record("1022", unit="2021:14758")
    link = InProcess(made.centre)
    with pytest.raises(Unwelcome):
        reconcile(made.node(OFFICE), link, ignore_backoff=True)
    reply = protocol.decode_reply(envelope.peek(exchange(made.centre, link.seen[-1]), envelope.REPLY).body)
    assert (reply.page, reply.scopes, reply.ack, reply.digests, reply.refusal) == (b"", [], 0, [], "revoked")


def test_a_node_that_is_let_in_again_has_all_of_it_judged(made: Province) -> None:
    made.record(OFFICE)
    made.sync()
    revoke(made)
    found = [made.record(OFFICE) for _ in range(3)]
    push(made)
    bind(made.centre, made.node(OFFICE))
    drain_inbox(made.centre)
    assert all(made.holds("1022", one) for one in found) and row(made).apart == 0
    made.sync()
    assert (count(made), made.sync().waiting) == (4, 0)  # type: ignore[union-attr]
    assert verify_node(made.centre).problems == [] == verify_node(made.node(OFFICE)).problems


def test_what_was_kept_in_overlapping_parts_is_judged_once(made: Province) -> None:
    revoke(made)
    for _ in range(3):
        made.record(OFFICE)
        push(made)
    bind(made.centre, made.node(OFFICE))
    made.sync()
    assert count(made) == 3 and verify_node(made.centre).problems == []


def test_a_used_code_does_not_let_a_revoked_node_in(made: Province) -> None:
    code = make_enrollment_code(made.centre, somebody(made.centre), OFFICE)
    way = InProcess(made.centre)
    for _ in range(2):
        enroll(made.node(OFFICE), somebody(made.node(OFFICE)), "http://127.0.0.1:1", code, link=way)  # type: ignore[arg-type]
    revoke(made)
    with pytest.raises(Refused, match="revoked"):
        enroll(made.node(OFFICE), somebody(made.node(OFFICE)), "http://127.0.0.1:1", code, link=way)  # type: ignore[arg-type]
    assert row(made).revoked_ms is not None


def test_only_an_administrator_shuts_out_and_never_the_centre_itself(made: Province) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        shut_out(made.centre, somebody(made.centre, "operator"), made.node(OFFICE).head.node)
    with pytest.raises(Refused, match="no_such_node"):
        shut_out(made.centre, somebody(made.centre), made.centre.head.node)


def test_a_node_with_a_new_key_sends_what_waits_and_old_segments_stay_proven(made: Province) -> None:
    made.record(OFFICE)
    made.sync()
    made.record(OFFICE)
    folder = made.node(OFFICE).settings.instance
    (folder / KEY_FILE).unlink()
    made.node(OFFICE).close()
    made.offices[OFFICE] = make_node(folder, clock=made.clock)
    made.record(OFFICE)
    with pytest.raises(BadMessage):
        made.sync()
    bind(made.centre, made.node(OFFICE))
    made.sync()
    assert count(made) == 3 and verify_node(made.centre).problems == []


def test_a_reinstalled_office_has_its_reports_back(made: Province, tmp_path: Path) -> None:
    found = made.record(OFFICE)
    made.sync()
    made.offices[OFFICE] = make_node(tmp_path / "new disk", clock=made.clock)
    bind(made.centre, made.node(OFFICE))
    made.sync()
    other = made.record(OFFICE)
    made.sync()
    assert made.seen(OFFICE, found) == made.seen("1022", found) and made.holds("1022", other)
