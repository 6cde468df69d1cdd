"""`send-back` and `sent-back`: the same refusals as on the pages."""

from __future__ import annotations


def test_the_hotlines_own_report_is_sent_back_listed_and_settled(run, centre, recorded) -> None:
    run(centre, "user", "change", "quantri", "--role", "administrator", "--role", "operator", "--role", "dispatcher")
    code = recorded(centre)
    assert run(centre, "send-back", code, "--reason", "Thiếu địa chỉ", "--json").json["done"] is True
    assert [row["reason"] for row in run(centre, "sent-back", "--json").json["sent_back"]] == ["Thiếu địa chỉ"]
    assert "Thiếu địa chỉ" in run(centre, "sent-back").out
    assert "changed the report since" in run(centre, "sent-back", code, "--how", "amended").err
    assert run(centre, "sent-back", code, "--how", "noted", "--text", "Không có số nhà").status == 0
    assert run(centre, "sent-back", "--json").json == {"sent_back": []}


def test_an_office_sends_nothing_back(run, office, recorded) -> None:
    run(
        office,
        "user",
        "change",
        "quantri",
        "--role",
        "administrator",
        "--role",
        "intake_officer",
        "--role",
        "dispatcher",
    )
    said = run(office, "send-back", recorded(office), "--reason", "Sửa")
    assert said.status != 0 and "Only the centre sends a report back" in said.err


def test_a_report_without_how_is_wrong_use(run, office, recorded) -> None:
    assert run(office, "sent-back", recorded(office)).status == 2
