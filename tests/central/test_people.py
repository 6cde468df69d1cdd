"""The people of all offices at the centre: found, filtered, ended; the account closes at the next contact."""

from __future__ import annotations

import pytest

from intake_app.actions.accounts import actor_of, change_roles
from intake_app.actions.keep_people import change_person, end_person
from intake_app.node import Actor
from intake_app.store.accounts import account_of
from intake_app.store.people import list_people, load_person
from sync.errors import Refused
from tests.central.staff import OFFICE, PASSWORD, Staffed
from tests.hired import hire


@pytest.fixture
def lan(province: Staffed) -> Actor:
    """An officer of the office whom the centre has heard of; Minh administers there."""
    hire(province.offices[OFFICE], "minh", "Quản trị Minh", ["administrator"], PASSWORD)
    made = hire(province.offices[OFFICE], "lan", "Trần Thị Lan", ["intake_officer"], PASSWORD)
    province.sync()
    return made


def test_people_of_all_offices_are_listed_and_found_without_accents(province: Staffed, lan: Actor) -> None:
    browser = province.browser("auditor")
    assert "Trần Thị Lan" in browser.get("/people").text and "Người dispatch" in browser.get("/people").text
    found = browser.get("/people?q=tran+thi+lan").all("tbody")[0].all("tr")
    assert len(found) == 1 and "Intake officer" in found[0].text


@pytest.mark.parametrize(
    ("asked", "count"), [("office=0380", 2), ("role=auditor", 1), ("show=ended", 0), ("q=khong+co", 0)]
)
def test_the_list_is_narrowed(province: Staffed, lan: Actor, asked: str, count: int) -> None:
    page = province.browser("dispatch").get(f"/people?{asked}")
    assert len([row for body in page.all("tbody") for row in body.all("tr")]) == count


def test_an_ended_persons_account_closes_at_the_next_contact(province: Staffed, lan: Actor) -> None:
    browser = province.browser("admin")
    page = browser.send(browser.get(browser.get("/people?q=lan").link("End")))
    assert "The account closes when the computer of the office next calls." in page.text
    assert is_open(province, lan)
    province.sync()
    assert not is_open(province, lan)
    with province.offices[OFFICE].database.read() as db:
        assert db.value("SELECT subject FROM audit WHERE action = 'account.closed'") == "lan"


def test_the_centre_changes_name_and_roles_and_the_account_follows(province: Staffed, lan: Actor) -> None:
    browser = province.browser("admin")
    form = browser.get(browser.get("/people?q=lan").link("Change Trần Thị Lan"))
    page = browser.send(form, {"name": "Trần Thị Lan Anh", "roles": ["intake_officer", "case_handler"]})
    assert "The account follows when the computer of the office next calls." in page.text
    province.sync()
    with province.offices[OFFICE].database.read() as db:
        account = account_of(db, lan.person)
    assert account and (account.name, account.roles) == ("Trần Thị Lan Anh", {"intake_officer", "case_handler"})


def test_what_an_office_changed_later_stands(province: Staffed, lan: Actor) -> None:
    office = province.offices[OFFICE]
    change_person(province.centre, province.staff["admin"], lan.person, lan.name, ["case_handler"])
    change_roles(office, province.actor(OFFICE), "lan", ["commune_officer"])
    province.sync()
    with office.database.read() as db:
        account, person = account_of(db, lan.person), load_person(db, lan.person)
    assert account and person and account.roles == set(person.roles) == {"commune_officer"}


def test_the_last_administrator_of_an_office_keeps_that_role(province: Staffed, lan: Actor) -> None:
    with province.centre.database.read() as db:
        minh = next(one for one in list_people(db) if one.username == "minh")
    with pytest.raises(Refused, match="last_administrator"):
        change_person(province.centre, province.staff["admin"], minh.id, minh.name, ["operator"])


def is_open(province: Staffed, who: Actor) -> bool:
    with province.offices[OFFICE].database.read() as db:
        account = account_of(db, who.person)
    assert account is not None and actor_of(account)
    return account.active


def test_the_last_administrator_of_an_office_stays(province: Staffed, lan: Actor) -> None:
    with province.centre.database.read() as db:
        minh = next(one for one in list_people(db) if one.username == "minh")
    with pytest.raises(Refused, match="last_administrator"):
        end_person(province.centre, province.staff["admin"], minh.id)


def test_an_ended_person_is_not_ended_twice_and_a_stranger_not_at_all(province: Staffed, lan: Actor) -> None:
    end_person(province.centre, province.staff["admin"], lan.person)
    with pytest.raises(Refused, match="account_ended"):
        end_person(province.centre, province.staff["admin"], lan.person)
    with pytest.raises(Refused, match="unknown_person"):
        end_person(province.centre, province.staff["admin"], b"\1" * 16)
    province.browser("admin").get("/people/xx/end", 404)


def test_a_dispatcher_reads_the_list_and_ends_nobody(province: Staffed, lan: Actor) -> None:
    browser = province.browser("dispatch")
    assert browser.get("/people").all("a", class_="btn-outline-danger") == []
    browser.get(f"/people/{lan.person.hex()}/end", 403)
    with pytest.raises(Refused, match="not_allowed"):
        end_person(province.centre, province.staff["dispatch"], lan.person)
