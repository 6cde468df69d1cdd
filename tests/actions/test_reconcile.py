"""Reconciling: what was typed reaches the centre exactly once, whatever is lost on the way, and a person is told where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake_app.actions import receive
from intake_app.actions.node_status import node_status
from intake_app.actions.reconcile import reconcile
from intake_app.actions.verify_node import verify_node
from intake_app.node import Node
from intake_app.store import lists, nodes, reports, upstream
from sync.errors import BadMessage, NoNetwork, Refused, Unwelcome
from sync.ports import Answer
from tests.creators import InProcess, Province, load, province, record


def count(node: Node) -> int:
    with node.database.read() as db:
        return lists.count_reports(db)


def tries(node: Node) -> list[tuple[bool, str | None]]:
    with node.database.read() as db:
        return [(one.ok, one.error_code) for one in upstream.tries(db)]


class Saying(InProcess):
    """A line on which something answers that is not the centre."""

    def __init__(self, centre: Node, words: bytes) -> None:
        super().__init__(centre)
        self.words = words

    def post(self, data: bytes) -> Answer:
        return Answer(self.words, len(data), len(self.words), 0.01)


def both_verify(made: Province) -> bool:
    return all(verify_node(node).ok for node in (made.centre, *made.offices.values()))


def test_a_report_is_confirmed_as_it_was_typed(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        found = made.record("0380", name="Nguyễn Văn Mẫu", village="Thôn 1")
        made.sync()
        report = load(made.node("0380"), found)
        assert report is not None and (report.version, report.sync_state, report.pending) == (1, "at_centre", [])
        assert report.state == made.seen("1022", found)
        assert both_verify(made)


@pytest.mark.parametrize("lost", [1, 2, 5])
def test_lost_answers_double_nothing(tmp_path: Path, lost: int) -> None:
    with province(tmp_path) as made:
        link = InProcess(made.centre, lose=lost)
        for _ in range(3):
            made.record("0380")
        for _ in range(lost):
            with pytest.raises(NoNetwork):
                reconcile(made.node("0380"), link, ignore_backoff=True)
            made.record("0380")
        reconcile(made.node("0380"), link, ignore_backoff=True)
        assert count(made.centre) == count(made.node("0380")) == 3 + lost
        assert both_verify(made)


def test_a_second_run_moves_nothing(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        made.record("0380")
        made.sync()
        done = made.sync()
        assert done is not None
        assert (done.sent, done.received, done.waiting, done.requests) == (0, 0, 0, 1)


def test_the_answer_comes_back_to_the_office(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        report = made.record("0380")
        made.sync()
        for step, details in (("verify", {}), ("answer", {"answer": "Đã xử lý."})):
            made.step("1022", report, step, **details)
        made.sync()
        assert made.seen("0380", report)["answer"]["text"] == "Đã xử lý."


def test_what_is_typed_while_the_answer_is_on_its_way_stays_in_view(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        report = made.record("0380")
        made.sync()
        made.amend("0380", report, village="Thôn 5")
        made.step("1022", report, "verify")
        with pytest.raises(NoNetwork):
            made.sync(lose=1)
        assert made.seen("0380", report)["village"] == "Thôn 5"
        made.sync()
        state = made.seen("0380", report)
        assert (state["village"], state["status"]) == ("Thôn 5", "verifying")
        assert both_verify(made)


@pytest.mark.parametrize("words", [b"", b"<html>Welcome to our hotel</html>", b"OK", b"I22" + b"\0" * 200])
def test_a_portals_page_is_no_acknowledgement(tmp_path: Path, words: bytes) -> None:
    with province(tmp_path) as made:
        made.record("0380")
        with pytest.raises(BadMessage):
            reconcile(made.node("0380"), Saying(made.centre, words), ignore_backoff=True)
        assert (node_status(made.node("0380"))["waiting"], count(made.centre)) == (1, 0)


def test_an_old_answer_is_no_acknowledgement(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        link = InProcess(made.centre)
        reconcile(made.node("0380"), link, ignore_backoff=True)
        old = receive.exchange(made.centre, link.seen[-1])
        made.record("0380")
        with pytest.raises(BadMessage, match="wrong_nonce"):
            reconcile(made.node("0380"), Saying(made.centre, old), ignore_backoff=True)
        assert node_status(made.node("0380"))["waiting"] == 1


def test_a_request_repeated_much_later_changes_nothing(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        found, link = made.record("0380"), InProcess(made.centre)
        reconcile(made.node("0380"), link, ignore_backoff=True)
        made.amend("0380", found, village="Thôn 7")
        made.sync()
        for data in link.seen * 2:
            receive.exchange(made.centre, data)
        assert (count(made.centre), made.seen("1022", found)["village"]) == (1, "Thôn 7")
        assert verify_node(made.centre).ok


def test_a_message_that_was_changed_on_the_way_changes_nothing(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        made.record("0380")
        link = InProcess(made.centre, lose=1)
        with pytest.raises(NoNetwork):
            reconcile(made.node("0380"), link)
        data = bytearray(link.seen[0])
        data[60] ^= 1
        with pytest.raises(BadMessage, match="bad_signature"):
            receive.exchange(made.centre, bytes(data))


def test_a_node_that_was_shut_out_keeps_everything_and_learns_nothing(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        found = made.record("0380")
        with made.centre.database.transaction() as db:
            db.run("UPDATE node SET revoked_ms = 1 WHERE office = '0380'")
        with pytest.raises(Unwelcome, match="revoked"):
            made.sync()
        assert made.holds("0380", found) and count(made.centre) == 0


def test_a_failed_run_asks_to_wait_and_the_button_does_not(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        made.record("0380")
        with pytest.raises(NoNetwork):
            made.sync(lose=1)
        assert reconcile(made.node("0380"), InProcess(made.centre)) is None
        done = made.sync()
        assert done is not None and done.waiting == 0
        assert tries(made.node("0380")) == [(True, None), (False, "timed_out")]


def test_a_clock_set_back_does_not_stop_the_talk(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        with pytest.raises(NoNetwork):
            made.sync(lose=1)
        made.clock.at_ms -= 5 * 365 * 24 * 3_600_000
        assert reconcile(made.node("0380"), InProcess(made.centre)) is not None


def test_a_node_without_a_centre_says_so_and_goes_on(node: Node, tmp_path: Path) -> None:
    record(node)
    with pytest.raises(Refused, match="not_enrolled"):
        reconcile(node, InProcess(node))
    status = node_status(node)
    assert (status["enrolled"], status["reports"], status["waiting"], status["ok"]) == (False, 1, 1, True)


def test_an_office_learns_the_names_of_all_colleagues(tmp_path: Path) -> None:
    with province(tmp_path, "0380", "0381") as made:
        report = made.record("1022", unit="2021:14758")
        made.sync()
        with made.node("0380").database.read() as db:
            assert reports.load_report(db, report.id) is not None
        assert both_verify(made)


def test_a_centre_that_died_between_ack_and_verdict_judges_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with province(tmp_path) as made:
        found = made.record("0380")
        with monkeypatch.context() as dying:
            dying.setattr(receive, "_judge_with_it", lambda *found: None)
            dying.setattr(receive, "drain_inbox", lambda *found, **more: 0)
            made.sync()
        report = load(made.node("0380"), found)
        assert report is not None and (report.version, report.sync_state) == (None, "at_centre")
        assert count(made.centre) == 0
        made.sync()
        assert count(made.centre) == 1 and made.seen("0380", found) == made.seen("1022", found)


def test_the_centre_knows_what_a_computer_still_has_to_send_after_a_message(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        for _ in range(3):
            made.record("0380")
        for _ in range(2):  # the second time the same comes again, for its answer was lost
            with pytest.raises(NoNetwork):
                reconcile(made.node("0380"), InProcess(made.centre, lose=1), ignore_backoff=True)
            with made.centre.database.read() as db:
                row = next(each for each in nodes.list_nodes(db) if each.office == "0380")
            assert (row.unsent, row.oldest_unsent_ms) == (0, None)
