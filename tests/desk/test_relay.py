from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from intake_app import create_app
from intake_app.actions.accounts import add_account
from intake_app.actions.add_to_report import relay_by_phone
from tests import creators
from tests.desk.conftest import PASSWORD, signed_in
from tests.pages import Browser

State = Callable[[bytes], dict[str, Any]]
READ = "read out:"


def test_urgent_report_that_cannot_leave_says_whom_to_call_and_what_to_read(
    lan: Browser, recorded: Callable[..., bytes]
) -> None:
    report = recorded(urgency="urgent", address="Cạnh chợ", phone="0912345678", details="Đông người")
    for page in (lan.get(f"/reports/{report.hex()}/saved"), lan.get(f"/reports/{report.hex()}")):
        for words in (READ, "0237 1022", "Urgent report, code 0380 ", "Cạnh chợ", "Đông người", "0912345678"):
            assert words in page.text


def test_danger_to_life_names_the_three_numbers_first(lan: Browser, recorded: Callable[..., bytes]) -> None:
    page = lan.get(f"/reports/{recorded(urgency='emergency').hex()}/saved")
    assert page.text.index("113 police") < page.text.index(READ)


def test_what_is_not_urgent_has_no_banner(lan: Browser, recorded: Callable[..., bytes]) -> None:
    assert READ not in lan.get(f"/reports/{recorded().hex()}/saved").text


def test_identity_kept_secret_is_not_read_aloud(lan: Browser, recorded: Callable[..., bytes]) -> None:
    report = recorded(urgency="urgent", phone="0912345678", confidential=True)
    assert "To call back" not in lan.get(f"/reports/{report.hex()}/saved").text


def test_what_was_told_by_phone_stands_in_the_report(
    lan: Browser, recorded: Callable[..., bytes], state_of: State
) -> None:
    report = recorded(urgency="urgent")
    page = lan.send(
        lan.get(f"/reports/{report.hex()}/saved"),
        {"to": "Trực ban 1022", "when": "08:40"},
        to=f"/reports/{report.hex()}/relay",
    )
    assert page.path == f"/reports/{report.hex()}"
    told = state_of(report)["relayed"][0]
    assert (told["to"], told["when"], told["by_whom"]) == ("Trực ban 1022", "2021-12-05T08:40:00+07:00", "Trần Thị Lan")
    assert "→ Trực ban 1022" in page.text
    assert READ not in page.text
    assert page.link("Somebody else was told too").endswith("/relay")


def test_nobody_told_is_refused_beside_the_field(lan: Browser, recorded: Callable[..., bytes]) -> None:
    address = f"/reports/{recorded(urgency='urgent').hex()}/relay"
    assert "Fill this in." in lan.send(lan.get(address), {"to": ""}, status=422).error_of("to")


def test_the_centre_sees_to_whom_it_was_told(tmp_path: Path) -> None:
    with creators.province(tmp_path, "0380") as province:
        report, office = province.record("0380", urgency="urgent"), province.node("0380")
        relay_by_phone(office, province.actor("0380"), report.id, "Trực ban", "2021-12-05T08:40:00+07:00", "Lan")
        province.sync("0380")
        add_account(province.centre, None, "mai", "Mai", creators.ALL_ROLES, PASSWORD)
        browser = Browser(create_app(province.centre.settings, province.centre))
        page = signed_in(browser, "mai").get(f"/reports/{report.id.hex()}")
    assert "08:40 05/12/2021 → Trực ban (Lan)" in page.text
    assert READ not in page.text


def test_banner_goes_once_the_report_is_at_the_centre(tmp_path: Path) -> None:
    with creators.province(tmp_path, "0380") as province:
        report, office = province.record("0380", urgency="urgent"), province.node("0380")
        add_account(office, None, "mai", "Mai", creators.ALL_ROLES, PASSWORD)
        browser = signed_in(Browser(create_app(office.settings, office)), "mai")
        before = browser.get(f"/reports/{report.id.hex()}").text
        province.sync("0380")
        after = browser.get(f"/reports/{report.id.hex()}").text
    assert (READ in before, READ in after) == (True, False)
