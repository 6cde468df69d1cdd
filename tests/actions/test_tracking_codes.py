"""Tracking codes are claims across offices: the later one gets a new code, the old one goes on leading to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake_app.actions.rebuild_rows import rebuild_rows
from intake_app.actions.verify_node import verify_node
from intake_app.node import Node
from intake_app.store import reports
from intake_app.store.finding import find_reports
from sync import tracking_code
from sync.errors import Refused
from sync.tracking_code import show
from tests.creators import Province, Recorded, load, make_node, province, record

CODE = tracking_code.make("0380", 1)


class Claimed:
    """Two reports of different offices that carry the same code, as a cloned machine would make them."""

    def __init__(self, made: Province, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made = made
        with monkeypatch.context() as fixed:
            fixed.setattr(tracking_code, "make", lambda office, number: CODE)
            self.first: Recorded = made.record("0380", summary="Việc ở thành phố")
            self.later: Recorded = made.record("0381", summary="Việc ở thị xã")
        assert self.first.tracking_code == self.later.tracking_code
        made.sync("0380")
        made.sync("0381")


def codes(node: Node, typed: str) -> list[bytes]:
    with node.database.read() as db:
        return [report.id for report in reports.find_by_code(db, typed)]


def test_the_later_report_gets_a_new_code_and_keeps_the_old_as_an_alias(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with province(tmp_path, "0380", "0381") as made:
        both = Claimed(made, monkeypatch)
        first, later = made.seen("1022", both.first), made.seen("1022", both.later)
        assert (first["tracking_code"], "aliases" in first) == (CODE, False)
        assert later["aliases"] == [CODE]
        assert later["tracking_code"] == tracking_code.parse(later["tracking_code"]) != CODE
        assert later["tracking_code"].startswith("0381")


def test_a_code_that_two_reports_share_is_ambiguous_at_the_centre(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with province(tmp_path, "0380", "0381") as made:
        both = Claimed(made, monkeypatch)
        assert codes(made.centre, show(CODE)) == [both.first.id, both.later.id]
        with made.centre.database.read() as db, pytest.raises(Refused, match="ambiguous_code"):
            reports.the_report(db, CODE)


def test_the_code_on_the_citizens_receipt_still_finds_the_report_at_its_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with province(tmp_path, "0380", "0381") as made:
        both = Claimed(made, monkeypatch)
        office = made.node("0381")
        assert made.seen("0381", both.later)["tracking_code"] != CODE
        assert codes(office, CODE) == codes(office, made.seen("0381", both.later)["tracking_code"])
        with office.database.read() as db:
            assert [one.row.id for one in find_reports(db, CODE)] == [both.later.id]


def test_an_alias_survives_a_rebuild_and_both_ends_verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with province(tmp_path, "0380", "0381") as made:
        both = Claimed(made, monkeypatch)
        for office in ("0381", "1022"):
            rebuild_rows(made.node(office))
            assert both.later.id in codes(made.node(office), CODE)
            assert verify_node(made.node(office)).problems == []


def test_a_code_is_found_in_any_spelling(node: Node) -> None:
    made = record(node)
    code = made.tracking_code
    for typed in (code, show(code), show(code).replace(" ", "-"), f"  {code[:6]}.{code[6:]} "):
        assert codes(node, typed) == [made.id]


@pytest.mark.parametrize(
    "typed", ["", CODE[:-1] + str(9 - int(CODE[-1])), "0380", "03800000001x", "0380000000181", "mã số"]
)
def test_what_cannot_be_a_code_is_told(node: Node, typed: str) -> None:
    with pytest.raises(Refused, match="bad_code"):
        codes(node, typed)


def test_a_code_nobody_has_leads_to_no_report(node: Node) -> None:
    with node.database.read() as db, pytest.raises(Refused, match="no_such_report"):
        reports.the_report(db, CODE)


def test_a_machine_never_gives_one_code_twice(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    real, taken = tracking_code.make, record(node).tracking_code
    tries = iter([taken, taken])
    monkeypatch.setattr(tracking_code, "make", lambda office, number: next(tries, None) or real(office, number))
    assert record(node).tracking_code != taken


def test_the_centre_takes_part_like_any_office(tmp_path: Path) -> None:
    centre = make_node(tmp_path, "central", "1022")
    made = record(centre)
    found = load(centre, made)
    centre.close()
    assert found is not None
    assert found.state["tracking_code"].startswith("1022")
