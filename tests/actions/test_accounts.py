"""Accounts: made, ended and signed in to with the cable out; guessing is slowed, and a restart forgives nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from intake_app.actions import accounts as accounts_action
from intake_app.actions.accounts import add_account, change_roles, end_account, first_roles, reset_password, sign_in
from intake_app.actions.act_as import act_as
from intake_app.actions.making import make_event
from intake_app.node import Actor, Node
from intake_app.store import accounts
from intake_app.store.entities import load_entities
from intake_app.store.own_events import write_events
from intake_app.store.people import person_names
from sync.errors import InvalidFields, Refused
from tests.creators import SetClock, journal_event, make_node, province, somebody

PASSWORD = "một mật khẩu dài"
HERE, ELSEWHERE = "127.0.0.1", "10.0.0.7"


@pytest.fixture(autouse=True)
def cheap_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash for next to nothing, but where the price itself is the matter."""
    if "costs" not in request.node.name:
        monkeypatch.setattr(accounts_action, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def admin(node: Node) -> Actor:
    """The first person of the node: its administrator."""
    return add_account(node, None, "quantri", "Vũ Văn Quản", first_roles("office"), PASSWORD)


def wrong(node: Node, times: int, username: str = "quantri", address: str = HERE) -> list[str]:
    """Try a wrong password so often, and give what was said each time."""
    said = []
    for _ in range(times):
        with pytest.raises(Refused) as refused:
            sign_in(node, username, "sai rồi nhé", address)
        said.append(refused.value.code)
    return said


def pass_seconds(node: Node, seconds: int) -> None:
    assert isinstance(node.clock, SetClock)
    node.clock.at_ms += seconds * 1000


def test_a_guess_costs_what_owasp_asks_for(node: Node, admin: Actor) -> None:
    with node.database.read() as db:
        kept = db.value("SELECT password_hash FROM account")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_right_password_gives_the_person(node: Node, admin: Actor) -> None:
    assert sign_in(node, "  QuanTri ", PASSWORD, HERE) == admin


def test_a_wrong_password_and_a_wrong_name_are_told_alike(node: Node, admin: Actor) -> None:
    assert wrong(node, 1) == wrong(node, 1, "khongco") == ["bad_password"]


def test_guessing_is_slowed_and_a_restart_forgives_nothing(node: Node, admin: Actor, tmp_path: Path) -> None:
    assert wrong(node, 7) == ["bad_password"] * 5 + ["throttled"] * 2
    again = make_node(tmp_path / "0380", clock=node.clock)
    with pytest.raises(Refused, match="throttled") as refused:
        sign_in(again, "quantri", PASSWORD, ELSEWHERE)
    again.close()
    assert 0 < int(str(refused.value.params["seconds"])) <= 5


def test_each_further_guess_waits_twice_as_long(node: Node, admin: Actor) -> None:
    wrong(node, 5)
    waits = []
    for _ in range(3):
        with pytest.raises(Refused) as refused:
            sign_in(node, "quantri", PASSWORD, HERE)
        waits.append(refused.value.params["seconds"])
        pass_seconds(node, int(str(waits[-1])))
        wrong(node, 1)
    assert waits == [5, 10, 20]


def test_waiting_lets_the_right_person_in_and_forgives(node: Node, admin: Actor) -> None:
    wrong(node, 5)
    pass_seconds(node, 6)
    assert sign_in(node, "quantri", PASSWORD, HERE) == admin
    assert wrong(node, 1) == ["bad_password"]


def test_a_clock_set_back_by_years_locks_nobody_out(node: Node, admin: Actor) -> None:
    pass_seconds(node, 9 * 365 * 24 * 3600)
    wrong(node, 5)
    pass_seconds(node, -9 * 365 * 24 * 3600)
    assert sign_in(node, "quantri", PASSWORD, HERE) == admin


def test_guessing_many_names_from_one_address_is_slowed_too(node: Node, admin: Actor) -> None:
    now = node.clock.now_ms()
    with node.database.transaction() as db:
        for _ in range(25):
            accounts.note_failure(db, f"{HERE}/*", now, 0)
    assert wrong(node, 1, "somebody") == ["throttled"]
    assert sign_in(node, "quantri", PASSWORD, ELSEWHERE) == admin


def test_the_last_administrator_stays(node: Node, admin: Actor) -> None:
    with pytest.raises(Refused, match="last_administrator"):
        end_account(node, admin, "quantri")
    add_account(node, admin, "thuhai", "Lê Thị Hai", ["administrator"], PASSWORD)
    end_account(node, admin, "quantri")
    with pytest.raises(Refused, match="last_administrator"):
        end_account(node, admin, "thuhai")


def test_an_ended_person_does_not_come_in(node: Node, admin: Actor) -> None:
    add_account(node, admin, "thuhai", "Lê Thị Hai", ["intake_officer"], PASSWORD)
    end_account(node, admin, "thuhai")
    with pytest.raises(Refused, match="bad_password"):
        sign_in(node, "thuhai", PASSWORD, HERE)
    with pytest.raises(Refused, match="unknown_person"):
        act_as(node, "thuhai", "status")


def test_a_person_the_centre_has_ended_does_not_come_in_after_the_next_contact(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        office = made.node("0380")
        person = add_account(office, None, "quantri", "Vũ Văn Quản", first_roles("office"), PASSWORD)
        made.sync()
        event = make_event(made.centre, made.actor("1022"), "person.ended", person.person, {})
        with made.centre.database.transaction() as db:
            write_events(made.centre, db, [event])
        made.sync()
        with pytest.raises(Refused, match="bad_password"):
            sign_in(office, "quantri", PASSWORD, HERE)


def test_the_centre_knows_the_person_and_not_the_password(tmp_path: Path) -> None:
    with province(tmp_path) as made:
        office = made.node("0380")
        person = add_account(office, None, "quantri", "Vũ Văn Quản", first_roles("office"), PASSWORD).person.hex()
        made.sync()
        with made.centre.database.read() as db:
            assert person_names(db, [person]) == {person: "Vũ Văn Quản"}
        with office.database.read() as db:
            kept = db.all("SELECT header, open, private FROM journal")
        assert not any(b"argon2" in part or b"password" in part for row in kept for part in row)


def test_a_reset_password_works_and_the_old_one_does_not(node: Node, admin: Actor) -> None:
    reset_password(node, admin, "quantri", "mật khẩu khác")
    assert wrong(node, 1) == ["bad_password"]
    assert sign_in(node, "quantri", "mật khẩu khác", HERE) == admin


def test_a_reset_lets_in_at_once_who_was_slowed_down(node: Node, admin: Actor) -> None:
    wrong(node, 6)
    reset_password(node, admin, "quantri", "mật khẩu khác")
    assert sign_in(node, "quantri", "mật khẩu khác", HERE) == admin


def test_without_an_administrator_only_the_first_account_is_made(node: Node, admin: Actor) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        add_account(node, None, "thuhai", "Lê Thị Hai", ["administrator"], PASSWORD)
    with pytest.raises(Refused, match="not_allowed"):
        add_account(node, somebody(node, "intake_officer"), "thuhai", "Lê Thị Hai", ["administrator"], PASSWORD)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"username": "Có Dấu"}, "username", "bad_username"),
        ({"username": "a"}, "username", "bad_username"),
        ({"username": "quantri"}, "username", "username_taken"),
        ({"name": " "}, "name", "required"),
        ({"roles": ["king"]}, "roles", "not_in_set"),
        ({"roles": []}, "roles", "not_in_set"),
        ({"password": "ngắn"}, "password", "weak_password"),
        ({"agency": "GOSSIP"}, "agency", "unknown_agency"),
    ],
)
def test_what_does_not_fit_an_account_is_refused_by_field(
    node: Node, admin: Actor, changes: dict[str, object], field: str, code: str
) -> None:
    account = {"username": "thuhai", "name": "Lê Thị Hai", "roles": ["operator"], "password": PASSWORD} | changes
    with pytest.raises(InvalidFields) as refused:
        add_account(node, admin, **account)  # type: ignore[arg-type]
    assert {name: problem.code for name, problem in refused.value.problems.items()} == {field: code}


def test_everything_about_accounts_is_written_down(node: Node, admin: Actor) -> None:
    wrong(node, 1)
    reset_password(node, admin, "quantri", "mật khẩu khác")
    act_as(node, None, "status")
    with node.database.read() as db:
        rows = [tuple(row) for row in db.all("SELECT action, subject FROM audit ORDER BY no")]
    assert rows == [
        ("account.added", "quantri"), ("sign_in.failed", "quantri"), ("account.reset", "quantri"), ("command.run", "status"),
    ]  # fmt: skip


def test_other_roles_are_told_to_the_centre(tmp_path: Path) -> None:
    with province(tmp_path) as town:
        node = town.node("0380")
        boss = add_account(node, None, "quantri", "Vũ Văn Quản", first_roles("office"), PASSWORD)
        officer = add_account(node, boss, "lan", "Trần Thị Lan", ["intake_officer"], PASSWORD)
        change_roles(node, boss, "lan", ["case_handler"])
        town.sync()
        with town.centre.database.read() as db:
            state = load_entities(db, [officer.person])[officer.person].confirmed or {}
        assert state["roles"] == ["case_handler"]
        assert sign_in(node, "lan", PASSWORD, HERE).roles == {"case_handler"}


def test_the_last_administrator_keeps_that_role(node: Node, admin: Actor) -> None:
    with pytest.raises(Refused) as refused:
        change_roles(node, admin, "quantri", ["intake_officer"])
    assert refused.value.code == "last_administrator"


@pytest.mark.parametrize("by_the_centre", [True, False])
def test_no_password_opens_an_account_that_has_ended(tmp_path: Path, by_the_centre: bool) -> None:
    with province(tmp_path) as town:
        node = town.node("0380")
        boss = add_account(node, None, "quantri", "Vũ Văn Quản", first_roles("office"), PASSWORD)
        officer = add_account(node, boss, "lan", "Trần Thị Lan", ["intake_officer"], PASSWORD)
        town.sync()
        if by_the_centre:
            journal_event(town.centre, town.actor("1022"), "person.ended", officer.person, {})
            town.sync()
        else:
            end_account(node, boss, "lan")
        with pytest.raises(Refused) as refused:
            reset_password(node, boss, "lan", "mật khẩu khác")
        assert refused.value.code == "account_ended"
        assert wrong(node, 1, "lan") == ["bad_password"]
