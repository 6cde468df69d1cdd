"""Nobody at the centre saves over what they have not seen."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from intake_app.actions.add_to_report import note_report
from intake_app.actions.amend_report import amend_report
from intake_app.actions.step_report import step_report
from intake_app.store.reports import load_report
from tests.central.filled import form_fields
from tests.central.province import Province

BA = {"action": "save", "summary": "Ba"}


def arrived(province: Province, **changes: object) -> str:
    """A report that the centre holds, as addresses name it."""
    report = province.record(**changes)
    province.exchange()
    return report.hex()


def state_of(province: Province, report: str) -> dict[str, object]:
    """The report as the centre sees it now."""
    with province.centre.database.read() as db:
        found = load_report(db, bytes.fromhex(report))
    assert found
    return found.state


def route(client: FlaskClient, report: str, seen: str) -> object:
    """Send the routing form as it was opened."""
    return client.post(f"/reports/{report}/steps/route", data={"agency": "SYT", "text": "Kiểm tra giá", "seen": seen})


def test_a_step_on_a_report_as_it_was_seen_goes_through(province: Province) -> None:
    report, client = arrived(province), province.client("dispatch")
    seen = form_fields(client.get(f"/reports/{report}/steps/route").text)["seen"]
    assert route(client, report, seen).status_code == 303
    assert state_of(province, report)["lead_agency"] == "SYT"


def test_what_happened_since_is_shown_before_a_step_is_taken(province: Province) -> None:
    report, client = arrived(province), province.client("dispatch")
    seen = form_fields(client.get(f"/reports/{report}/steps/route").text)["seen"]
    note_report(province.centre, province.people["operator"], bytes.fromhex(report), "Người dân gọi lại")
    page = route(client, report, seen)
    assert page.status_code == 409
    assert "Người dân gọi lại" in page.text and "Kiểm tra giá" in page.text
    assert state_of(province, report)["status"] == "received"
    assert route(client, report, form_fields(page.text)["seen"]).status_code == 303


def test_a_step_somebody_else_took_first_is_told_and_nothing_typed_is_lost(province: Province) -> None:
    report, client = arrived(province), province.client("dispatch")
    seen = form_fields(client.get(f"/reports/{report}/steps/route").text)["seen"]
    step_report(province.centre, province.people["dispatch"], bytes.fromhex(report), "reject", reason="Ngoài phạm vi")
    page = route(client, report, seen)
    assert page.status_code == 409
    assert "Ngoài phạm vi" in page.text and "Kiểm tra giá" in page.text


def test_a_field_changed_meanwhile_is_shown_before_it_is_saved_over(province: Province) -> None:
    report, client = arrived(province, summary="Một"), province.client("operator")
    opened = client.get(f"/reports/{report}/amend").text
    amend_report(province.centre, province.people["operator"], bytes.fromhex(report), {"summary": "Hai"})
    page = client.post(f"/reports/{report}/amend", data=form_fields(opened) | BA)
    assert page.status_code == 409
    assert re.search(r"<del>.*Một.*</del>.*<ins>.*Hai.*</ins>", page.text)
    again = client.post(f"/reports/{report}/amend", data=form_fields(page.text) | BA)
    assert again.status_code == 303
    assert state_of(province, report)["summary"] == "Ba"


def test_another_field_changed_meanwhile_is_kept(province: Province) -> None:
    report, client = arrived(province, summary="Một"), province.client("operator")
    opened = client.get(f"/reports/{report}/amend").text
    amend_report(province.centre, province.people["operator"], bytes.fromhex(report), {"address": "12 Lê Lợi"})
    assert client.post(f"/reports/{report}/amend", data=form_fields(opened) | BA).status_code == 303
    now = state_of(province, report)
    assert (now["summary"], now["address"]) == ("Ba", "12 Lê Lợi")


def test_a_handler_of_another_agency_may_not_accept(province: Province) -> None:
    report = arrived(province)
    step_report(province.centre, province.people["dispatch"], bytes.fromhex(report), "route", agency="SYT")
    assert province.client("trade").post(f"/reports/{report}/steps/accept", data={}).status_code == 409
    assert province.client("health").post(f"/reports/{report}/steps/accept", data={}).status_code == 303
