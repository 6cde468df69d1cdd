"""What a bad line does to an exchange between two real processes: nothing that anybody would notice later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sync.errors import BadMessage, NoNetwork
from tests.benchmarks import proxy
from tests.processes.province import Province, province, write_lines

REPORTS = 40
# What people meet, through the command line: each ends with status 3 and one sentence.
TOLD = {
    "portal page with status 200": proxy.portal(),
    "redirect": proxy.redirect(),
    "reply cut in the middle": proxy.cut_reply(0.5),
    "reply with a wrong signature": proxy.flipped_reply(),
}
# The request never arrives whole: neither side may change.
UNHEARD = {
    "portal page with status 200": proxy.portal(),
    "portal page with status 511": proxy.portal("511 Network Authentication Required"),
    "redirect": proxy.redirect(),
    "request lost": proxy.lost_request(),
    "request cut": proxy.cut_request(400),
    "request with a wrong signature": proxy.flipped_request(),
}
# The centre has stored what came: the office may not believe what it is told, and nothing is stored twice.
HEARD = {
    "reply lost": proxy.lost_reply(),
    "reply cut in the middle": proxy.cut_reply(0.5),
    "reply cut and passed off as whole": proxy.truncated_reply(),
    "reply with a wrong signature": proxy.flipped_reply(),
}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    """An office with reports that wait, and a centre that has none of them."""
    folder = tmp_path_factory.mktemp("broken-line")
    with province(folder) as made:
        assert made.exchange() is not None
        lines = write_lines(folder / "lines.jsonl", REPORTS)
        assert made.office.call("record", str(lines), "--json").json["recorded"] == REPORTS
        yield made


def _stored(two: Province) -> int:
    """How far the centre's gap-free store of the office's events has come."""
    inbox = two.centre.rows("SELECT first_seq, last_seq FROM inbox_segment WHERE ahead = 0 ORDER BY no")
    assert all(next_[0] == last[1] + 1 for last, next_ in zip(inbox, inbox[1:], strict=False)), inbox
    return int(inbox[-1][1])


@pytest.mark.parametrize("name", UNHEARD)
def test_request_that_does_not_arrive_changes_neither_side(two: Province, name: str) -> None:
    before = two.office.kept(), two.centre.kept()
    with pytest.raises((NoNetwork, BadMessage)):
        two.exchange(UNHEARD[name])
    assert (two.office.kept(), two.centre.kept()) == before


def test_reply_of_an_earlier_time_changes_neither_side(two: Province) -> None:
    before = two.office.kept(), two.centre.kept()
    with pytest.raises(BadMessage, match="wrong_nonce"):
        two.exchange(proxy.repeated_reply(two.line.last_reply))
    assert (two.office.kept(), two.centre.kept()) == before


@pytest.mark.parametrize("name", HEARD)
def test_reply_that_does_not_arrive_whole_is_not_believed(two: Province, name: str) -> None:
    before, reached = two.office.kept(), two.line.reached
    with pytest.raises((NoNetwork, BadMessage)):
        two.exchange(HEARD[name])
    assert two.office.kept() == before
    assert two.line.reached > reached and 1 < _stored(two) <= REPORTS + 1


@pytest.mark.parametrize("name", TOLD)
def test_broken_line_is_one_sentence_and_status_3(two: Province, name: str) -> None:
    before = two.office.kept()
    said = two.sync(TOLD[name])
    assert said.status == 3 and said.json["sent"] == 0 and said.json["waiting"] == REPORTS
    assert "Traceback" not in said.err and said.err.strip().endswith("."), said.err
    assert two.office.kept() == before


def test_line_that_is_whole_again_ends_with_the_same_on_both_sides(two: Province) -> None:
    # A moment of silence in the middle of a reply is no fault: mobile lines do it all the time.
    two.exchange(proxy.stalled_reply(100, 0.2))
    assert two.sync().json["waiting"] == 0
    assert two.office.confirmed() == two.centre.confirmed() and len(two.office.confirmed()) == REPORTS
    assert two.office.problems() == two.centre.problems() == []
