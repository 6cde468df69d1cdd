"""The agencies as a dispatcher picks them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel

from forms.dispatch import AgenciesField, AgencyField, agency_groups
from forms.fields import KitForm
from intake_app.store.shipped import load_directory

AGENCIES = list(load_directory().agencies.values())


class Picked(KitForm):
    """A form with both fields."""

    class Meta:
        csrf = False

    agency = AgencyField("Lead")
    supporting = AgenciesField("Supporting")


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    app = Flask("test")
    app.secret_key = "test"
    Babel(app)
    with app.test_request_context():
        yield


def picked(**values: object) -> Picked:
    form = Picked(formdata=None, data=values)
    form.agency.offer(agency_groups(AGENCIES, ("2021:380",)))
    form.supporting.offer(agency_groups(AGENCIES, ("2021:380",)))
    return form


def test_the_agency_of_the_district_comes_first_and_once() -> None:
    groups = list(agency_groups(AGENCIES, ("2021:380",)).values())
    assert [code for code, _name in groups[0]] == ["UBND-380"]
    assert sum(len(group) for group in groups) == len(AGENCIES)


def test_without_a_district_the_provincial_agencies_come_first() -> None:
    assert [len(group) for group in agency_groups(AGENCIES).values()] == [33, 27]


def test_an_agency_that_was_not_offered_is_refused() -> None:
    form = picked(agency="MOON", supporting=["SYT", "MARS"])
    assert not form.validate()
    assert set(form.errors) == {"agency", "supporting"}


def test_offered_agencies_are_taken() -> None:
    assert picked(agency="UBND-380", supporting=["SYT", "CDC"]).validate()


def test_the_first_line_chooses_none_and_stands_outside_of_the_groups() -> None:
    html = str(picked().agency())
    assert html.index("<option") < html.index("<optgroup")
    assert html.count("<option") == len(AGENCIES) + 1
