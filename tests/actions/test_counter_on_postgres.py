"""What the counter keeps, on the PostgreSQL of a centre: its statements are the same, its database is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.actions.count_call import count_call, undo_call
from intake_app.actions.hand_over import Taking, hand_over
from intake_app.actions.keep_contacts import add_contact
from intake_app.actions.print_paper import print_paper
from intake_app.actions.record_report import record_report
from intake_app.actions.reserve_codes import reserve_codes, spoil_form
from intake_app.actions.wait_in_line import call_next, join_line, leave_line
from intake_app.store import contacts, idle_calls, reserved, shifts, waiting
from intake_app.store.contacts import Contact
from tests import creators
from tests.creators import Province


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    folder: Path = tmp_path_factory.mktemp("province")
    with creators.province(folder, database=creators.POSTGRES) as made:
        yield made


def test_calls_and_the_line_are_kept(province: Province) -> None:
    centre, who = province.centre, province.actor("1022")
    for key in ("a", "a", "b"):
        count_call(centre, who, "silent", key)
    assert join_line(centre, who, "áo xanh", "w") == join_line(centre, who, "áo xanh", "w") == 1
    call_next(centre, who, 1)
    leave_line(centre, who, 1)
    with centre.database.read() as db:
        last = idle_calls.last_of(db, who.person, 0)
        assert last is not None and waiting.queue_of(db, "2021-12-05") == []
    undo_call(centre, who, last.no)
    with centre.database.read() as db:
        assert idle_calls.between(db, 0, 2**52) == {"silent": 1}


def test_codes_on_paper_and_copies_are_counted(province: Province) -> None:
    centre, who = province.centre, province.actor("1022")
    reserve_codes(centre, who, 2, "printing")
    with centre.database.read() as db:
        first, second = [one.code for one in reserved.unused(db)]
    spoil_form(centre, who, second)
    made = record_report(centre, who, creators.make_line("1022", received_at="2021-12-04T07:30:00+07:00"), code=first)
    state = province.seen("1022", made)
    assert state["tracking_code"] == first
    assert [print_paper(centre, who, made.id, state, "receipt", key) for key in ("x", "x", "y")] == [1, 1, 2]


def test_hand_overs_and_numbers_are_kept(province: Province) -> None:
    office = province.node("0380")
    hand_over(office, province.actor("0380"), Taking(name="Nam"), since="2021-12-05T00:00:00+07:00")
    province.sync("0380")
    add_contact(
        province.centre, province.actor("1022"), Contact(True, "SYT", "", "A", "113", "", "2021-12-01", "2021-12-31")
    )
    with province.centre.database.read() as db:
        assert [one.state["receiver_name"] for one in shifts.hand_overs(db)] == ["Nam"]
        assert [one.phone for one in contacts.holding_on(db, "2021-12-05")] == ["113"]
