"""The words people see for the closed sets of codes, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext, lazy_gettext

from forms.marking import N_ as N_
from forms.words_counter import EMERGENCY, IDLE_CALLS, PAPERS, SHIFT_OUTCOMES
from forms.words_deadlines import DEADLINE_STATES, UNITS_OF_TIME
from forms.words_reference import LEVEL_NAMES, QUESTION_TYPES, REFERENCE_EVENTS

CHANNELS = {
    "phone": N_("Phone"),
    "walk_in": N_("At the counter"),
    "portal": N_("Web portal"),
    "email": N_("E-mail"),
    "facebook": N_("Facebook"),
    "zalo": N_("Zalo"),
    "letter": N_("Letter"),
    "open311": N_("Open311"),
}
KINDS = {
    "report": N_("Report of a fact"),
    "proposal": N_("Proposal"),
    "question": N_("Question"),
    "support_request": N_("Request for support"),
}
URGENCIES = {"normal": N_("Normal"), "urgent": N_("Urgent"), "emergency": N_("Danger to life")}
REPLY_WAYS = {
    "phone": N_("By phone"),
    "letter": N_("By letter"),
    "email": N_("By e-mail"),
    "zalo": N_("By Zalo"),
    "in_person": N_("In person at the office"),
    "none": N_("No reply wanted"),
}
LANGUAGES = {"vi": N_("Vietnamese"), "en": N_("English")}
STATUSES = {
    "received": N_("Received"),
    "verifying": N_("Being verified"),
    "awaiting_info": N_("Waiting for information"),
    "routed": N_("Routed"),
    "in_progress": N_("In progress"),
    "returned": N_("Returned"),
    "pending_approval": N_("Waiting for approval"),
    "answered": N_("Answered"),
    "answered_on_spot": N_("Answered on the spot"),
    "guided": N_("Guided to a procedure"),
    "rejected": N_("Not accepted"),
    "withdrawn": N_("Withdrawn"),
    "closed": N_("Closed"),
    "reopened": N_("Reopened"),
}
STEPS = {
    "verify": N_("Verify"),
    "ask": N_("Ask for information"),
    "supply": N_("Supply information"),
    "route": N_("Route to an agency"),
    "accept": N_("Accept for handling"),
    "return": N_("Return"),
    "submit": N_("Submit for approval"),
    "send_back": N_("Send back for rework"),
    "approve": N_("Approve"),
    "answer": N_("Answer"),
    "share": N_("Take over a shared answer"),
    "reject": N_("Do not accept"),
    "guide": N_("Guide to a procedure"),
    "withdraw": N_("Withdraw"),
    "close": N_("Close"),
    "reopen": N_("Reopen"),
}
ROLES = {
    "intake_officer": N_("Intake officer"),
    "commune_officer": N_("Commune officer"),
    "operator": N_("Operator"),
    "case_handler": N_("Case handler"),
    "approver": N_("Approver"),
    "dispatcher": N_("Dispatcher"),
    "administrator": N_("Administrator"),
    "auditor": N_("Auditor"),
}
SYNC_STATES = {
    "saved": N_("Saved on this computer"),
    "at_relay": N_("At the district"),
    "at_centre": N_("At the centre"),
    "refused": N_("Refused by the centre"),
    "conflict": N_("Needs a decision"),
}
VERDICTS = {
    "applied": N_("Taken in"),
    "merged": N_("Merged, nothing lost"),
    "conflict": N_("Conflict"),
    "duplicate": N_("The centre had it already"),
    "held": N_("Held until the centre understands it"),
    "quarantined": N_("Set apart, needs repair"),
    "denied": N_("Denied"),
}
CALL_RESULTS = {
    "reached": N_("Reached"),
    "no_answer": N_("No answer"),
    "busy": N_("Busy"),
    "wrong_number": N_("Wrong number"),
    "refused": N_("Would not talk"),
}
CALL_DIRECTIONS = {"out": N_("We called"), "in": N_("They called")}
RELATIONS = {
    "duplicate_of": N_("Same matter, told again"),
    "same_matter": N_("Same cause, another citizen"),
    "follow_up": N_("Follows an earlier report"),
}
RELATIONS_BACK = {
    "duplicate_of": N_("Told again in"),
    "same_matter": N_("Same cause, another citizen"),
    "follow_up": N_("Followed by"),
}
MEANS = {code: REPLY_WAYS[code] for code in ("phone", "in_person", "letter", "email", "zalo")}
STANDINGS = {
    "current": N_("Valid"),
    "coming": N_("Not yet valid"),
    "expired": N_("No longer valid"),
    "retired": N_("Retired"),
}
EVENT_KINDS = {
    "report.recorded": N_("Recorded"),
    "report.amended": N_("Changed"),
    "report.noted": N_("Note"),
    "report.called": N_("Call"),
    "report.attached": N_("File added"),
    "report.linked": N_("Linked"),
    "report.stepped": N_("Step"),
    "report.publicity_set": N_("Publicity set"),
    "report.paused": N_("Paused"),
    "report.resumed": N_("Resumed"),
    "report.extended": N_("Deadline extended"),
    "report.reminded": N_("Reminded of the deadline"),
    "report.urged": N_("Urged"),
    "calendar.published": N_("Calendar published"),
    "calendar.retired": N_("Calendar retired"),
    "deadline_rule.published": N_("Deadline rule published"),
    "deadline_rule.retired": N_("Deadline rule retired"),
    "report.informed": N_("Citizen informed"),
    "report.rated": N_("Rated by the citizen"),
    "report.relayed": N_("Passed on by phone"),
    "report.erased": N_("Personal data erased"),
    "conflict.decided": N_("Conflict decided"),
    "person.added": N_("Account added"),
    "person.changed": N_("Account changed"),
    "person.ended": N_("Account ended"),
    "article.published": N_("Answer published"),
    "article.retired": N_("Answer retired"),
    "routing_rule.published": N_("Routing rule published"),
    "routing_rule.retired": N_("Routing rule retired"),
    "shift.handed_over": N_("Shift handed over"),
    "event.dismissed": N_("Refused entry given up"),
    "report.queried": N_("Sent back to the office"),
    "report.query_settled": N_("Settled by the office"),
}
SETTLINGS = {
    "amended": N_("The report has been corrected"),
    "noted": N_("It is right as it is; explained in a word"),
    "dismissed": N_("It cannot be settled here; said why"),
}
SCORES = {"4": N_("Very content"), "3": N_("Content"), "2": N_("Acceptable"), "1": N_("Not content")}
FIELDS = {
    "channel": N_("Channel"),
    "kind": N_("Kind"),
    "topic": N_("Topic"),
    "answers": N_("Answers to the topic's questions"),
    "topic_version": N_("Version of the topic's questions"),
    "summary": N_("Summary"),
    "details": N_("Details"),
    "unit": N_("Commune or ward"),
    "village": N_("Village or street block"),
    "address": N_("Address or landmark"),
    "point": N_("Coordinates"),
    "urgency": N_("Urgency"),
    "anonymous": N_("Name not given"),
    "representative": N_("Speaks for somebody else"),
    "confidential": N_("Keep the identity secret"),
    "publish_consent": N_("The matter may be published"),
    "consent": N_("Agrees to the processing of personal data"),
    "language": N_("Language of the reply"),
    "reply_by": N_("Way of reply"),
    "occurred_at": N_("When it happened"),
    "received_at": N_("When it was received"),
    "source_id": N_("Number in the imported list"),
    "intake_no": N_("Number in the register"),
    "name": N_("Full name"),
    "representative_name": N_("Name of the person speaking"),
    "phone": N_("Phone number"),
    "home_address": N_("Home address"),
    "home_unit": N_("Home commune or ward"),
    "national_id": N_("Identity number"),
    "email": N_("E-mail"),
    "social": N_("Zalo or Facebook name"),
    "status": N_("Status"),
    "lead_agency": N_("Lead agency"),
    "supporting": N_("Supporting agencies"),
    "covering_text": N_("What the agency is asked to do"),
    "deadline": N_("Deadline"),
    "due_at": N_("Due"),
    "deadline_state": N_("How the deadline stands"),
    "handler": N_("Handler"),
    "procedure": N_("Procedure"),
    "reason": N_("Reason"),
    "answer": N_("Answer"),
    "draft_answer": N_("Draft answer"),
    "sources": N_("Legal sources"),
    "how": N_("How the citizen was told"),
    "text": N_("Text"),
    "lacking": N_("What is lacking"),
    "supplied": N_("What was supplied"),
    "agency": N_("Agency"),
    "office": N_("Office"),
    "tracking_code": N_("Tracking code"),
    "means": N_("Means"),
    "result": N_("Result"),
    "direction": N_("Direction"),
    "next_try": N_("Next try"),
    "paused": N_("Clock stopped"),
    "publicity": N_("Publicity"),
    "rating": N_("Rated by the citizen"),
    "rating_text": N_("What the citizen said of it"),
    "relation": N_("How they belong together"),
    "username": N_("User name"),
    "password": N_("Password"),
    "roles": N_("Roles"),
    "value": N_("Value"),
    "since": N_("Since"),
    "until": N_("Until"),
    "receiver_name": N_("Taken by"),
    "signed": N_("Signed"),
    "unsent": N_("Not sent yet"),
    "urgent": N_("Urgent, open"),
    "drafts": N_("Half typed"),
    "note": N_("Note"),
    "call_backs": N_("To be called back"),
    "same_as": N_("Same answer as"),
    "public": N_("Public"),
    "title": N_("Title"),
}
SETS = {
    "channel": CHANNELS,
    "kind": KINDS,
    "urgency": URGENCIES,
    "reply_by": REPLY_WAYS,
    "language": LANGUAGES,
    "status": STATUSES,
    "step": STEPS,
    "role": ROLES,
    "sync_state": SYNC_STATES,
    "verdict": VERDICTS,
    "result": CALL_RESULTS,
    "direction": CALL_DIRECTIONS,
    "relation": RELATIONS,
    "relation_back": RELATIONS_BACK,
    "means": MEANS,
    "standing": STANDINGS,
    "event": EVENT_KINDS | REFERENCE_EVENTS,
    "score": SCORES,
    "idle_call": IDLE_CALLS,
    "settling": SETTLINGS,
    "shift_outcome": SHIFT_OUTCOMES,
    "emergency": EMERGENCY,
    "paper": PAPERS,
    "deadline_state": DEADLINE_STATES,
    "unit_of_time": UNITS_OF_TIME,
    "level": LEVEL_NAMES,
    "question_type": QUESTION_TYPES,
    "field": FIELDS,
}


def word(kind: str, code: object, translate: Callable[[str], str] = gettext) -> str:
    """The word for a code of a set; a code nobody knows yet is shown as it is."""
    if code in (None, ""):
        return ""
    known = SETS[kind].get(str(code))
    return translate(known) if known else str(code)


def label(field: str) -> object:
    """The name of a field, translated when it is shown."""
    return lazy_gettext(FIELDS[field])


def choices(kind: str, codes: tuple[str, ...] | None = None) -> list[tuple[str, str]]:
    """The pairs a select offers, all of the set or only the codes named."""
    return [(code, word(kind, code)) for code in (codes or SETS[kind])]
