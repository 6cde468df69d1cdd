"""A province with something on every page, and the list of those pages: whoever adds a page adds it here, or says why not.

The tests of looks and accessibility walk through this list, and so does `pictures.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from intake_app import create_app
from intake_app.actions.accounts import add_account, end_account
from intake_app.actions.add_to_report import call_report, link_report, note_report, rate_report
from intake_app.actions.amend_report import amend_report
from intake_app.actions.claim_report import claim_report
from intake_app.actions.enroll import make_enrollment_code
from intake_app.actions.issue_bulletin import issue_bulletin
from intake_app.actions.keep_draft import keep_draft
from intake_app.actions.make_export import ask_export, make_export
from intake_app.actions.note_export import note_exported
from intake_app.actions.publish_article import publish_article, publish_samples
from intake_app.actions.publish_deadlines import take_over_shipped
from intake_app.actions.publish_rule import publish_rule, publish_sample_rules
from intake_app.actions.record_report import record_lines, record_report
from intake_app.actions.remind import remind_all, urge_report
from intake_app.actions.send_back import send_back
from intake_app.actions.set_publicity import publish_report, withdraw_report
from intake_app.actions.tally_reports import tally_reports
from intake_app.actions.wait_in_line import join_line
from intake_app.node import Actor, Node
from intake_app.shown import local_time
from intake_app.store.articles import list_articles
from intake_app.store.deadlines import TYPES, published
from intake_app.store.queue import refused_events
from intake_app.store.shipped import DATA_FOLDER
from tests.central.staff import OFFICE, PASSWORD, Staffed, open_staffed, set_up
from tests.creators import ALL_ROLES, journal_event
from tests.hired import hire

SAMPLES = 24
# Who looks at the pages of the centre that not everybody has; the others are looked at by its administrator.
AS = {
    "dispatch.queue": "dispatch",
    "agency.queue": "health",
    "overdue.listed": "dispatch",
    "urging.urge": "dispatch",
    "sending_back.ask": "operator",
    "sent_back.settle": "dispatch",
    "duplicates.listed": "dispatch",
    "public.listed": "dispatch",
    "sharing.share": "dispatch",
    "duty.sheet": "dispatch",
    "rules.try_out": "dispatch",
}
DESK: dict[str, tuple[str, ...]] = {
    "intake.new": ("/intake",),
    "intake.saved": ("/reports/{report}/saved",),
    "lists.reports": ("/reports", "/reports?status=closed"),
    "search.search": ("/search", "/search?q=nuoc", "/search?q=khongcogi"),
    "drafts.listed": ("/drafts",),
    "relay.relay": ("/reports/{report}/relay",),
    "library.listed": ("/library", "/library?q=khau+trang", "/library?q=khongcogi"),
    "library.shown": ("/library/{article}", "/library/{expired}"),
    "report.shown": (
        "/reports/{report}",
        "/reports/{answered}",
        "/reports/{contested}",
        "/reports/{owed}",
        "/reports/{spot}",
        "/reports/{public}",
    ),
    "report.note": ("/reports/{report}/note",),
    "report.call": ("/reports/{report}/call",),
    "report.inform": ("/reports/{answered}/inform",),
    "report.rate": ("/reports/{spot}/rate",),
    "report.amend": ("/reports/{report}/amend",),
    "report.extend": ("/reports/{contested}/extend",),
    "report.pause": ("/reports/{report}/pause",),
    "urging.urge": ("/reports/{owed}/urge",),
    "report.resume": ("/reports/{report}/resume",),
    "linking.link": ("/reports/{report}/link",),
    "claims.over": ("/reports/{report}/take-over",),
    "publicity.publicity": ("/reports/{answered}/publicity", "/reports/{public}/publicity"),
    "publicity.withdraw": ("/reports/{public}/publicity/withdraw",),
    "calls.listed": ("/calls",),
    "agency.queue": ("/agency", "/agency?queue=supporting"),
    "steps.step": (
        "/reports/{report}/steps/route",
        "/reports/{report}/steps/withdraw",
        "/reports/{mine}/steps/accept",
        "/reports/{drafted}/steps/approve",
        "/reports/{back}/steps/route",
    ),
    "receipt.receipt": ("/reports/{report}/receipt",),
    "conflicts.listed": ("/conflicts",),
    "conflicts.one": ("/conflicts/{contested}", "/conflicts/{report}"),
    "users.listed": ("/accounts",),
    "audit.listed": ("/audit", "/audit?kind=export&code=12"),
    "sent_back.listed": ("/sent-back", "/sent-back?show=settled"),
    "sent_back.settle": ("/reports/{asked}/sent-back/{query}",),
    "users.password": ("/accounts/{user}/password",),
    "users.roles": ("/accounts/{user}/roles",),
    "users.end": ("/accounts/{user}/end",),
    "users.give": ("/accounts/gone/drafts",),
    "paper.register": ("/books/reception",),
    "paper.tracking": ("/books/tracking",),
    "paper.blank": ("/blank-forms",),
    "paper.transfer": ("/reports/{answered}/transfer-slip",),
    "counter.overview": ("/counter",),
    "counter.calls": ("/counter/calls",),
    "shift.give": ("/hand-over",),
    "shift.listed": ("/hand-overs",),
    "contacts.directory": ("/directory",),
    "switch.person": ("/switch",),
    "settings.shown": ("/settings",),
    "settings.own": ("/my-account",),
    "guide.help_page": ("/help",),
}
OFFICE_ONLY: dict[str, tuple[str, ...]] = {
    "sync.queue": ("/sync",),
    "sync.connect": ("/sync/connect",),
    "refused.one": ("/sync/refused/{refused}",),
}
CENTRE_ONLY: dict[str, tuple[str, ...]] = {
    "home.overview": ("/centre",),
    "dispatch.queue": ("/dispatch", "/dispatch?queue=reopened", "/dispatch?queue=returned", "/dispatch?queue=twice"),
    "duplicates.listed": ("/dispatch/duplicates",),
    "public.listed": ("/public", "/public?q=khongcogi", "/public?show=waiting", "/public?show=withdrawn"),
    "sharing.share": ("/dispatch/{public}/share",),
    "duty.sheet": ("/dispatch/duty",),
    "rules.listed": ("/catalogue/rules", "/catalogue/rules?show=coming"),
    "rules.new": ("/catalogue/rules/new",),
    "rules.edit": ("/catalogue/rules/{rule}/edit",),
    "rules.retire": ("/catalogue/rules/{rule}/retire",),
    "rules.history": ("/catalogue/rules/{rule}",),
    "rules.try_out": ("/catalogue/rules/try?topic=price_fraud&unit=2021:14758",),
    "batches.listed": ("/batches", "/batches?show=all"),
    "batches.one": ("/batches/1", "/batches/99"),
    "nodes.listed": ("/nodes",),
    "nodes.one": ("/nodes/{node}",),
    "nodes.units": ("/nodes/{node}/units",),
    "nodes.revoke": ("/nodes/{node}/revoke",),
    "people.listed": ("/people", "/people?q=khongcogi"),
    "people.change": ("/people/{person}/change",),
    "people.end": ("/people/{person}/end",),
    "sending_back.ask": ("/reports/{report}/send-back",),
    "codes.new_code": ("/nodes/codes/new",),
    "catalogue.listed": ("/catalogue", "/catalogue?show=expired"),
    "catalogue.new": ("/catalogue/new",),
    "catalogue.edit": ("/catalogue/{article}/edit",),
    "catalogue.retire": ("/catalogue/{article}/retire",),
    "catalogue.history": ("/catalogue/{article}",),
    "calendars.listed": ("/calendars", "/calendars?year=2025"),
    "calendars.new": ("/calendars/new?year=2025",),
    "calendars.edit": ("/calendars/{sheet}/edit",),
    "calendars.retire": ("/calendars/{sheet}/retire",),
    "calendars.history": ("/calendars/{sheet}",),
    "deadline_rules.listed": ("/deadline-rules", "/deadline-rules?topic=price_fraud&urgency=urgent"),
    "deadline_rules.new": ("/deadline-rules/new",),
    "deadline_rules.edit": ("/deadline-rules/{term}/edit",),
    "deadline_rules.retire": ("/deadline-rules/{term}/retire",),
    "deadline_rules.history": ("/deadline-rules/{term}",),
    "topics.listed": ("/topics", "/topics?q=khongcogi"),
    "topics.new": ("/topics/new",),
    "topics.edit": ("/topics/price_fraud/edit",),
    "topics.retire": ("/topics/price_fraud/retire",),
    "topics.history": ("/topics/price_fraud",),
    "agencies.listed": ("/agencies",),
    "offices.listed": ("/offices",),
    "offices.edit": ("/offices/0381/edit",),
    "territory.listed": ("/territory",),
    "territory.edit": ("/territory/2025:14758/edit",),
    "structures.listed": ("/structures",),
    "structures.new": ("/structures/new",),
    "reorganisation.new": ("/structures/reorganise",),
    "overdue.listed": ("/deadlines", "/deadlines?agency=SCT", "/deadlines?agency=CA"),
    "figures.overview": ("/figures", "/figures?map=2025&days=365"),
    "bulletins.listed": ("/bulletins",),
    "bulletins.preview": ("/bulletins/new?kind=month",),
    "bulletins.one": ("/bulletins/1", "/bulletins/1?edition=outside"),
    "exports.listed": ("/exports",),
}
EXEMPT = {
    "agencies.new": "the template of topics.new, with fewer fields",
    "agencies.edit": "the template of topics.edit, with fewer fields",
    "agencies.retire": "the template of topics.retire, with fewer fields",
    "agencies.history": "the template of topics.history, with fewer fields",
    "offices.new": "the template of topics.new, with fewer fields",
    "offices.retire": "the template of topics.retire, with fewer fields",
    "offices.history": "the template of topics.history, with fewer fields",
    "structures.edit": "the template of topics.edit, with fewer fields",
    "structures.retire": "the template of topics.retire, with fewer fields",
    "structures.history": "the template of topics.history, with fewer fields",
    "territory.retire": "the template of topics.retire, with fewer fields",
    "territory.history": "the template of topics.history, with fewer fields",
    "territory.new": "the template of topics.new, with fewer fields",
    "static": "files",
    "bootstrap.static": "files",
    "health.healthz": "for machines",
    "health.sync_status": "the bar, which is on every page",
    "sign_in.sign_in": "needs nobody signed in; has a test of its own",
    "intake.start": "leads elsewhere",
    "intake.questions": "a piece of the form, looked at with it",
    "units.found": "for scripts",
    "counter.calls_file": "a file",
    "audit.file": "a file",
    "public.file": "a file",
    "paper.blank_sheets": "needs codes reserved before; the same sheet as paper.blank prints",
    "paper.guidance": "the sheet of paper.transfer with other words",
    "paper.reply": "the sheet of paper.transfer with other words",
    "paper.copy": "a sheet printed again",
    "shift.one": "needs a hand-over; has tests of its own",
    "library.hints": "a piece of the form",
    "alerts.piece": "a piece of every page of a dispatcher",
    "bulk.route": "needs ticked reports; has tests of its own",
    "exports.progress": "a piece of exports.listed",
    "exports.file": "a file",
    "bulletins.file": "a file",
}


@dataclass
class World:
    """An office and its centre with their pages, and what the addresses name."""

    province: Staffed
    office: Flask
    names: dict[str, str]

    @property
    def centre(self) -> Flask:
        """The pages of the centre."""
        return self.province.app

    def close(self) -> None:
        """Let go of the databases."""
        for node in (self.province.centre, *self.province.offices.values()):
            node.close()


def pages_of(role: str) -> dict[str, tuple[str, ...]]:
    """The addresses of every page, by endpoint."""
    return DESK | (CENTRE_ONLY if role == "central" else OFFICE_ONLY)


def make_world(folder: Path) -> World:
    """A province at work: reports in every state, a conflict, a refused entry, answers that hold and that do not."""
    set_up(folder)
    made = open_staffed(folder)
    node = made.offices[OFFICE]
    lan = add_account(node, None, "lan", "Trần Thị Lan", ALL_ROLES, PASSWORD)
    made.people[OFFICE] = lan
    articles = _articles(made)
    terms = _terms(made)
    made.sync()
    record_lines(node, lan, enumerate(_lines(), 1))
    spot = _on_the_spot(made, lan, articles["article"])
    for at, words in enumerate(("Áo xanh, hỏi giấy đất", "Bác lớn tuổi, đèn đường", "Hai chị em", "Nước máy"), 1):
        join_line(node, lan, words, f"{at:032x}")
        keep_draft(node, lan, f"{at:032x}", [("summary", f"{words}, gõ dở"), ("name", "Lê Thị Mẫu")], 1)
    for each, admin in ((node, lan), (made.centre, made.staff["admin"])):
        _leaves_a_draft(each, admin)
    names = _reports(made, lan) | {"spot": spot} | _dispatched(made, lan) | _rules(made)
    make_enrollment_code(made.centre, made.staff["admin"], "0381", ["2021:14758"])
    _publicity(made)
    _figures(made)
    with node.database.read() as db:
        refused = refused_events(db)[0].event
    names |= _asked(made, bytes.fromhex(names["answered"]))
    return World(made, create_app(node.settings, node), names | articles | terms | {"refused": refused})


def _asked(made: Staffed, report: bytes) -> dict[str, str]:
    """One report that the centre sent back; and what pages of the centre name beside reports."""
    node = made.offices[OFFICE]
    send_back(made.centre, made.staff["operator"], report, "Ghi lại số nhà: ở phường không có đường này.")
    note_exported(made.centre, made.staff["auditor"], "audit", "csv")
    made.sync()
    with node.database.read() as db:
        query = db.value("SELECT id FROM query WHERE settled_ms IS NULL")
    return {
        "asked": report.hex(),
        "query": query,
        "node": node.head.node.hex(),
        "person": made.people[OFFICE].person.hex(),
    }


def _rules(made: Staffed) -> dict[str, str]:
    """The sample rules, with a second one for the same case, so that a tie is looked at."""
    admin = made.staff["admin"]
    lines = (DATA_FOLDER / "sample_rules.jsonl").read_text(encoding="utf-8").splitlines()
    publish_sample_rules(made.centre, admin, [json.loads(line) for line in lines])
    city = {"name": "Thành phố Thanh Hóa", "unit": "2021:380", "lead": "UBND-380", "valid_from": "2021-12-01"}
    return {"rule": publish_rule(made.centre, admin, city).hex()}


def _dispatched(made: Staffed, lan: Actor) -> dict[str, str]:
    """One with a draft answer, one that came back twice and is held by somebody, one published with a linked one."""
    node, words = (
        made.offices[OFFICE],
        {"title": "Khẩu trang giá cao", "text": "Một cửa hàng bán giá gấp ba.", "answer": ""},
    )
    line = {
        "channel": "phone",
        "topic": "price_fraud",
        "unit": "2021:14758",
        "name": "Lê Thị Mẫu",
        "address": "Phố Lê Lợi",
    }
    texts = (
        "Bán thuốc giả ở chợ",
        "Đèn đường hỏng",
        "Bà Nga bán khẩu trang giá gấp ba",
        "Quán bà Nga bán khẩu trang giá gấp ba",
    )
    drafted, back, public, other = (
        record_report(node, lan, line | {"summary": text, "publish_consent": True}).id for text in texts
    )
    made.sync()
    for report in (drafted, public):
        made.take("dispatch", report, "route", agency="SYT", text="Đề nghị kiểm tra")
        made.take("health", report, "accept")
        made.take("health", report, "submit", answer="Đã kiểm tra, xử phạt.", sources="QĐ 12/2021")
    made.take("approver", public, "approve")
    for _ in range(2):
        made.take("dispatch", back, "route", agency="SYT", deadline="2021-12-20T17:00:00+07:00")
        made.take("health", back, "return", reason="Việc của ngành xây dựng", agency="SXD")
    claim_report(made.centre, made.staff["approver"], back)
    publish_report(made.centre, made.staff["dispatch"], public, words)
    link_report(made.centre, made.staff["dispatch"], other, public, "same_matter")
    record_report(made.centre, made.staff["operator"], line | {"summary": "Đèn đường hỏng rồi"})
    made.sync()
    return {"drafted": drafted.hex(), "back": back.hex(), "public": public.hex()}


def _publicity(made: Staffed) -> None:
    """One that waits to be published, and one that was taken back; what is public comes with dispatching."""
    words = {"title": "Chó thả rông", "text": "Chó thả rông ở phố đi bộ.", "answer": "Đã nhắc nhở chủ nuôi."}
    for summary in ("Vỉa hè bị chiếm làm chỗ để xe", "Chó thả rông ở phố đi bộ"):
        line = {"channel": "phone", "topic": "price_fraud", "unit": "2021:14758", "summary": summary}
        report = record_report(made.centre, made.staff["operator"], line | {"publish_consent": True}).id
        made.take("dispatch", report, "route", agency="SYT")
        made.take("health", report, "accept")
        made.take("health", report, "answer", answer="Đã nhắc nhở chủ nuôi.", sources="Biên bản 4/BB")
    publish_report(made.centre, made.staff["dispatch"], report, words)
    withdraw_report(made.centre, made.staff["approver"], report, "Người dân đề nghị thu hồi")


def _figures(made: Staffed) -> None:
    """A bulletin for whose days something arrived late, an export that is whole and one that waits."""
    admin, today = made.staff["admin"], local_time(made.clock.at_ms).date()
    issue_bulletin(made.centre, admin, "day", today, today)
    make_export(made.centre, ask_export(made.centre, admin, "xlsx", "vi", None))
    ask_export(made.centre, admin, "csv", "vi", (today, today))
    made.record("0380", summary="Đến muộn")
    made.sync()
    tally_reports(made.centre)


def _lines() -> list[dict[str, Any]]:
    text = (DATA_FOLDER / "samples.jsonl").read_text(encoding="utf-8").splitlines()[:SAMPLES]
    return [{key: value for key, value in json.loads(line).items() if key != "received_at"} for line in text]


def _articles(made: Staffed) -> dict[str, str]:
    admin = made.staff["admin"]
    samples = (DATA_FOLDER / "sample_articles.jsonl").read_text(encoding="utf-8").splitlines()
    publish_samples(made.centre, admin, [json.loads(line) for line in samples])
    old = {
        **json.loads(samples[14]),
        "question": "Quy định đi lại cũ",
        "valid_from": "2021-10-01",
        "valid_to": "2021-11-30",
    }
    expired = publish_article(made.centre, admin, old)
    with made.centre.database.read() as db:
        first = list_articles(db, "2021-12-05", "khau trang").articles[0]
    publish_article(made.centre, admin, {**_content(first.state), "sample": False}, first.id, 1)
    return {"article": first.id.hex(), "expired": expired.hex()}


def _terms(made: Staffed) -> dict[str, str]:
    """A calendar and a rule of the centre's own, the first edition from what the program brings along."""
    found = {}
    for kind in TYPES:
        take_over_shipped(made.centre, made.staff["admin"], kind)
        with made.centre.database.read() as db:
            found[kind] = published(db, kind)[-1].id.hex()
    return {"sheet": found["calendar"], "term": found["deadline_rule"]}


def _owed(made: Staffed) -> str:
    """A report whose agency is late with it, was reminded and urged."""
    report = made.arrived(summary="Đèn đường hỏng đã hai tháng")
    made.take("dispatch", report, "route", agency="SCT", deadline="2021-12-01T17:00:00+07:00")
    remind_all(made.centre)
    urge_report(made.centre, made.staff["dispatch"], report, "Đề nghị trả lời người dân trong ngày.")
    made.sync()
    return report.hex()


def _content(state: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in state.items() if key not in ("edition", "at", "by")}


def _leaves_a_draft(node: Node, admin: Actor) -> None:
    """Somebody whose account has ended and who had half typed a report."""
    gone = hire(node, "gone", "Vũ Văn Nghỉ", ["operator"], PASSWORD)
    keep_draft(node, gone, "ab" * 16, [("summary", "Gõ dở rồi nghỉ việc")], 1)
    end_account(node, admin, "gone")


def _on_the_spot(made: Staffed, lan: Actor, article: str) -> str:
    """A report answered with an article of the library, and rated."""
    node = made.offices[OFFICE]
    line = {"channel": "phone", "topic": "price_fraud", "unit": "2021:14758", "summary": "Hỏi giá khẩu trang"}
    said = {"opening": "answered_on_spot", "answer_text": "Báo 1022 và giữ hóa đơn.", "article": article}
    report = record_report(node, lan, line, **said).id
    rate_report(node, lan, report, "3", "Trả lời nhanh, dễ hiểu.")
    return report.hex()


def _reports(made: Staffed, lan: Actor) -> dict[str, str]:
    """One to look at, one answered, one in conflict, one with an entry that the centre refused."""
    node = made.offices[OFFICE]
    line = {
        "channel": "phone",
        "topic": "price_fraud",
        "unit": "2021:14758",
        "name": "Lê Thị Mẫu",
        "phone": "0900 000 001",
    }
    report, answered, contested, broken = (
        record_report(node, lan, line | {"summary": text}).id
        for text in (
            "Khẩu trang bán giá gấp ba ở chợ",
            "Nước máy đục đã ba ngày",
            "Loa phường phát sai giờ",
            "Ngập ngõ 12",
        )
    )
    note_report(node, lan, report, "Đã gọi hỏi thêm địa chỉ cửa hàng.")
    call_report(node, lan, report, "out", "no_answer", "Gọi lại chiều mai")
    journal_event(node, lan, "report.noted", broken, {"text": 7, "internal": True})
    made.sync()
    for step, details in (("route", {"agency": "SYT"}), ("accept", {}), ("answer", {"answer": "Đã súc xả đường ống."})):
        made.take("dispatch" if step == "route" else "health", answered, step, **details)
    made.take("dispatch", made.arrived(), "route", agency="SCT", supporting=["SYT"])
    made.routed("SYT", urgency="urgent", summary="Cần xe cấp cứu cho người già")
    amend_report(made.centre, made.staff["operator"], contested, {"summary": "Loa phường phát quá sớm"})
    amend_report(node, lan, contested, {"summary": "Loa phường phát quá to"})
    made.sync()
    owed, mine = _owed(made), made.routed("UBND-380", summary="Rác đổ ở đầu ngõ").hex()
    made.sync()
    record_report(node, lan, line | {"summary": "Chưa gửi"})
    return {"owed": owed, "mine": mine, "report": report.hex(), "answered": answered.hex(), "contested": contested.hex()}
