"""One sentence for each code of a refusal: what is wrong and what to type or do instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext
from wtforms import Field, Form

from forms.refusals_deadlines import SENTENCES_OF_DEADLINES
from forms.refusals_dispatch import RETIRED, SENTENCES_OF_DISPATCH
from forms.refusals_reference import SENTENCES_OF_REFERENCE
from forms.words import FIELDS, N_, SETS, word
from sync.errors import InvalidFields, Problem

SENTENCES = {
    **SENTENCES_OF_DISPATCH,
    **SENTENCES_OF_DEADLINES,
    **SENTENCES_OF_REFERENCE,
    "invalid_fields": N_("Some fields do not fit. Nothing was stored."),
    "required": N_("Fill this in."),
    "too_long": N_("Too long: use at most %(max)s characters."),
    "not_in_set": N_("Choose one of: %(allowed)s."),
    "not_a_time": N_("Not a time. Type it like 08:30 05/12/2021."),
    "not_a_day": N_("Not a day. Type it like 05/12/2021."),
    "different_passwords": N_("The two passwords differ. Type the same one twice."),
    "not_ended": N_("The account %(username)s has not ended: its drafts are that person's own. Nothing was changed."),
    "no_such_draft": N_(
        "There is no such draft of yours any more. It was recorded or thrown away, or it belongs to somebody else."
    ),
    "draft_open_elsewhere": N_(
        "This draft is open in another window, which has saved it since. Go on there; what is typed here is not kept."
    ),
    "draft_too_long": N_("Too long for a draft: %(length)s characters, at most %(max)s. Shorten the details."),
    "too_many_drafts": N_(
        "You have %(max)s drafts already. Record some or throw them away; what is typed here is not kept as a draft."
    ),
    "signed_out": N_("You are not signed in any more. Sign in again."),
    "in_future": N_("This time lies in the future. Check the date and this computer's clock."),
    "not_a_number": N_("Not a number. Use digits only."),
    "unknown_office": N_("No such office. Choose one from the list."),
    "unknown_key": N_("This field is not known. Check its name."),
    "control_characters": N_("Contains characters that cannot be printed. Type the text again."),
    "bad_phone": N_("Not a phone number. Type it like 0912 345 678 or 0237 385 2000."),
    "bad_point": N_("Not a place on the map. Type latitude and longitude like 19.8072,105.7764."),
    "bad_email": N_("Not an e-mail address. Type it like ten@example.vn."),
    "bad_national_id": N_("Not an identity number. It has 12 digits."),
    "not_text": N_("Text is expected here."),
    "not_yes_no": N_("Yes or no is expected here."),
    "too_many_answers": N_("Too many answers. Answer only the questions of the topic."),
    "bad_code": N_("Not a tracking code. It has 12 digits; compare it with the receipt, one digit may be wrong."),
    "no_such_report": N_("There is no report with this code on this computer."),
    "report_has_left": N_("Report %(code)s has left this office; it is now with: %(place)s."),
    "ambiguous_code": N_("Two reports share this code. Ask for the last digits of the phone number."),
    "stale": N_(
        "“%(field)s” was changed by somebody else meanwhile. Look at the present value, then change it again if needed."
    ),
    "not_allowed": N_("Your account may not do this. Ask the administrator."),
    "step_not_possible": N_("“%(step)s” is not possible while the report is “%(status)s”."),
    "step_needs": N_("This step needs “%(field)s”."),
    "unknown_step": N_("There is no such step."),
    "report_has_ended": N_("The report is “%(status)s”, so its clock does not run. Reopen it first if work goes on."),
    "paused_already": N_("The report is paused already. Nothing was changed."),
    "not_paused": N_("The report is not paused. Nothing was changed."),
    "deadline_not_later": N_("This is not later than the present deadline. Type a later time."),
    "linked_to_itself": N_("This is the report itself. Type the code of the other one."),
    "linked_already": N_("The two reports are linked in this way already."),
    "nothing_changed": N_("Nothing was changed."),
    "no_such_article": N_("There is no such answer in the library of this computer. Search for it by its words."),
    "edited_meanwhile": N_(
        "Somebody else published edition %(edition)s of this meanwhile. What you typed is still here: look at that edition,"
        " then publish again if yours is right."
    ),
    "ends_before_it_begins": N_("The last day lies before the first one."),
    "centre_only": N_("Only the centre publishes answers. Ask the centre to change the text."),
    "no_such_conflict": N_("There is no such conflict. It may have been decided already."),
    "unknown_person": N_("There is no account with this user name."),
    "account_ended": N_("This account has ended and stays so. Whoever comes back gets a new account."),
    "username_taken": N_("This user name is taken. Choose another one."),
    "bad_username": N_("A user name has 2 to 40 small letters without accents, digits, dots, hyphens or underscores."),
    "weak_password": N_("Too short: a password has at least %(min)s characters."),
    "wrong_present_password": N_("This is not your present password."),
    "bad_password": N_("User name or password is wrong."),
    "throttled": N_("Too many wrong tries. Wait %(seconds)s seconds, then try again."),
    "not_enrolled": N_("This computer is not connected to a centre yet. Everything stays safely on this computer."),
    "already_enrolled": N_("This computer is connected to a centre already."),
    "bad_enrollment_code": N_("The centre does not know this connection code. Ask the centre for a new one."),
    "expired_enrollment_code": N_("This connection code has expired or was used. Ask the centre for a new one."),
    "wrong_office": N_("The code is for office %(expected)s, this computer belongs to office %(given)s."),
    "no_network": N_("The centre cannot be reached now. Everything is kept and will be sent later."),
    "not_central": N_("The address answered, but it is not the centre; it may be the sign-in page of the network."),
    "central_busy": N_("The centre is busy or being restarted. Everything is kept and will be sent later."),
    "timed_out": N_("The centre did not answer in time. Everything is kept and will be sent later."),
    "tls_failed": N_("The secure connection failed. Check the date and time of this computer, then try again."),
    "certificate_time": N_(
        "The secure connection failed because of a date: set this computer's date and time right. Everything is kept."
    ),
    "refused_by_central": N_("The centre did not take the message. Everything is kept; tell the administrator."),
    "damaged": N_("The answer was damaged on its way. Nothing was changed; it is tried again."),
    "too_large": N_("The message is larger than allowed. Nothing was changed; tell the administrator."),
    "unknown_wire": N_("The centre speaks a newer version. Everything is kept; this program has to be updated."),
    "fork": N_(
        "The data of this computer was restored or copied: the centre knows another history. Everything is kept; what is"
        " missing is fetched from the centre by itself."
    ),
    "rolled_back": N_(
        "The data of this computer is an older copy. Everything in it is kept; what is missing is fetched from the centre"
        " by itself at the next contact."
    ),
    "gap": N_(
        "Entries that were not sent yet are gone from this computer. The others are being sent; tell the administrator."
    ),
    "machine_changed": N_("The data of this computer was moved to another machine. Nothing is missing."),
    "role_missing": N_("The account of whoever entered this may not do it. It needs one of the roles: %(role)s."),
    "person_ended": N_("The account of whoever entered this had ended before."),
    "other_office": N_("This is about an account of another office."),
    "other_agency": N_("An office sends reports only to its own agency; sending them elsewhere is for a dispatcher."),
    "never_held": N_("This report was never with this office."),
    "not_refused": N_("The centre has taken the earlier entry after all; this one was not needed any more."),
    "not_lead_agency": N_("Only the lead agency may do this."),
    "last_administrator": N_("This is the last administrator. Give somebody else this role first."),
    "central_office": N_("The centre is office 1022, and no other office is the centre."),
    "already_set_up": N_("This computer is set up already."),
    "being_set_up": N_("Somebody is setting up this computer just now."),
    "begun_otherwise": N_("The set-up was begun with another office or role. Finish it as it was begun."),
    "not_set_up": N_("This computer is not set up yet."),
    "newer_database": N_(
        "The data was written by a newer version of the program. Nothing was changed; install that version."
    ),
    "server_for_central_only": N_(
        "A database on a server is for the centre only: an office keeps what it records on its own disk, which needs no network."
    ),
    "workers_need_postgresql": N_(
        "Several processes can only serve a centre whose data is on PostgreSQL. Without --workers, one process serves everybody."
    ),
    "workers_need_posix": N_("This system cannot serve with several processes. Leave --workers out."),
    "other_database": N_(
        "The database belongs to another installation. Take an empty one, or that installation's folder."
    ),
    "no_database_driver": N_(
        "The program cannot speak to PostgreSQL on this computer: the package %(module)s is missing."
    ),
    "database_encoding": N_("The database keeps text as %(encoding)s. Make a new one with ENCODING 'UTF8'."),
    "database_away": N_(
        "The database cannot be used now (%(problem)s). What was just asked was not saved; everything saved before is safe."
    ),
    "database_busy": N_("The database is busy. What was just asked was not saved; try again."),
    "database_full": N_(
        "The disk of the database is full (%(problem)s). What was just asked was not saved; everything saved before is safe."
    ),
    "database_forbids": N_("The database does not let this program do that (%(problem)s). Nothing was saved."),
    "database_lost_at_commit": N_(
        "The database went away at the moment of saving. Look in the list whether it is there before you enter it again."
    ),
    "fixed": N_("This cannot be changed any more."),
    "bad_signature": N_("The answer was not signed by the centre. Nothing was changed; tell the administrator."),
    "revoked": N_("The centre has shut this computer out. Reports stay safely here; call the centre."),
    "shut_out_already": N_("The centre has shut this computer out. Let it in with a new connection code first."),
    "no_such_node": N_("The centre has no such computer. “run.py nodes” lists them all."),
    "unknown_kind": N_("This kind of event is not known yet."),
    "invalid_event": N_("The centre could not read this event."),
    "other_payload": N_("The centre has another record under the same number."),
    "blocked_by_earlier": N_("Waits for an earlier event of the same report."),
    "plain_http_refused": N_("%(url)s is not encrypted. Use an address that begins with https://."),
    "bad_url": N_("Not an address. Type it like https://1022.example.vn."),
    "code_not_reserved": N_(
        "This code was not given out on a blank form of this computer. Compare it with the paper; leave the field empty for"
        " a new code."
    ),
    "code_used": N_(
        "The paper form with this code was entered already. Look it up by the code before you enter it again."
    ),
    "code_spoiled": N_(
        "The paper form with this code was struck out as spoiled. Leave the field empty for a new code."
    ),
    "number_of_forms": N_("Type a number from 1 to %(max)s."),
    "time_of_paper": N_("Type when it was received, as it is written on the paper form."),
    "too_late_to_undo": N_("This was counted more than a minute ago, or by somebody else, and stays counted."),
    "already_handed_over": N_(
        "Somebody has handed this shift over at %(time)s already. Nothing was changed; open the page again to hand over"
        " what has come since."
    ),
    "same_person": N_("Whoever gives the shift cannot take it. Choose somebody else."),
    "no_such_shift": N_("There is no such hand-over on this computer."),
    "no_such_number": N_("Nobody waits under this number today."),
    "period_not_begun": N_("These days have not begun yet. Choose earlier ones; nothing was issued."),
    "not_counted_yet": N_("The reports are being counted for the first time. Come back in a minute; nothing was issued."),
    "no_such_bulletin": N_("There is no such bulletin. The list holds all that were issued."),
    "too_many_exports": N_("Your %(max)s files are still being made. Wait for one, or end one; the reports are safe."),
    "export_gone": N_("This file is not there: removed, or never whole, or somebody else's. Ask for it again."),
    "days_turned": N_("The last day lies before the first. Turn them round."),
    "period_too_long": N_("At most %(days)s days at once. Ask for the rest afterwards."),
    "paper_not_ready": N_(
        "The paper “%(paper)s” cannot be made yet: the report does not hold what it has to say. Nothing was changed;"
        " route, guide or answer the report first."
    ),
    "not_told_yet": N_(
        "The citizen has not been told the answer yet, so there is nothing to rate. Nothing was saved; record first that the"
        " citizen was told."
    ),
    "no_such_batch": N_("There is no such batch."),
    "centre_sends_back": N_("Only the centre sends a report back to the office that recorded it. Nothing was changed."),
    "no_such_query": N_(
        "This is not open any more: somebody has settled it, or the centre never asked it. Nothing was changed."
    ),
    "not_amended": N_(
        "Nobody has changed the report since the centre sent it back. Correct it first, or explain in a word why it stays as"
        " it is."
    ),
    "bad_settings_file": N_("The settings file %(file)s cannot be read: %(problem)s."),
    "no_secret_key": N_("The secret key %(file)s is missing or damaged. Restore it from a backup."),
    "unknown_setting": N_("The setting “%(key)s” in %(file)s is not known. Correct or remove it."),
    "bad_setting": N_("The setting “%(key)s” in %(file)s cannot be “%(value)s”."),
    "missing_setting": N_("The setting “%(key)s” is missing in %(file)s."),
    "wrong_role": N_("This installation has another role."),
    "no_room": N_("There is no room left in %(folder)s. Nothing was changed; older backups are as they were."),
    "backup_runs": N_("A backup of this computer is being made already."),
    "database_not_empty": N_(
        "The database “%(database)s” holds something already, and a restore writes over nothing. Nothing was changed. Make a new,"
        " empty database and name it with --database; see docs/backups.md."
    ),
    "no_backup_folder": N_("The folder %(folder)s is not there. Plug in its disk, or make it; then back up again."),
    "no_such_backup": N_("There is no backup %(file)s."),
    "bad_backup": N_("%(file)s is damaged, cut off or no backup. Nothing was changed; take another one."),
    "newer_backup": N_(
        "%(file)s was made by a newer version (%(version)s). Nothing was changed; install that version."
    ),
    "backup_not_sound": N_(
        "The data in %(file)s do not fit together (%(problem)s). Nothing was changed; take another one."
    ),
    "instance_in_use": N_(
        "There is a node in %(folder)s already; nothing was changed. With --replace it is kept aside and the backup takes its"
        " place."
    ),
    "serve_runs": N_("The node in %(folder)s is running. End it first; nothing was changed."),
    "unknown_node": N_(
        "The centre does not know this computer, as after a restore from an older backup. Everything is kept here; ask the"
        " centre for a new connection code and connect again."
    ),
    "backup_stale": N_("There is no verified backup of the last days. Make one now: run.py backup."),
    "backup_not_away": N_("No backup lies off this machine. Look whether the disk or the share for it is there."),
    "drill_failed": N_("The last test restore of a backup failed. Make a new backup now and look at its disk."),
    "own_log_failed": N_(
        "The centre's log outside its database could not be written. Look at its disk; reports are saved."
    ),
    "epoch_forced": N_(
        "The data of the centre had been replaced by an older copy; a new epoch was begun, and the offices send everything"
        " again. Look at the backups."
    ),
}


# What only a programmer can tell apart is one sentence for everybody else.
SAME_AS = dict.fromkeys(
    ("bad_body", "bad_columns", "bad_page", "broken_chain", "cut_short", "journal_gap", "wrong_nonce", "wrong_origin"),
    "damaged",
) | {"not_protocol": "not_central", "unknown_codec": "unknown_wire", **RETIRED}
UNKNOWN = N_("This was refused (code %(code)s).")


def sentence(code: str, params: Mapping[str, object] | None = None, translate: Callable[[str], str] = gettext) -> str:
    """The sentence for a code in the reader's language; an unknown code is named, never hidden."""
    words = {name: _in_words(name, value, translate) for name, value in (params or {}).items()}
    try:
        return translate(SENTENCES[SAME_AS.get(code, code)]) % words
    except (KeyError, ValueError):  # the code or a parameter is missing: the code alone still helps whoever is called
        return translate(UNKNOWN) % {"code": code}


def _in_words(name: str, value: object, translate: Callable[[str], str]) -> str:
    if name == "field" and value in FIELDS:
        return translate(FIELDS[str(value)])
    if name in SETS and isinstance(value, str):
        return word(name, value, translate)
    if isinstance(value, (set, frozenset)):
        return ", ".join(sorted(str(item) for item in value))
    if isinstance(value, (list, tuple)):
        return ", ".join(_in_words(name, item, translate) for item in value)
    return str(value)


def attach(form: Form, invalid: InvalidFields) -> None:
    """Put the sentence of each problem beside its field, or above the form where the form has no such field."""
    for name, problem in invalid.problems.items():
        field = form._fields.get(name.replace(".", "-"))
        if field is None:
            text = sentence(problem.code, problem.params)
            form.form_errors.append(f"{_in_words('field', name, gettext)}: {text}")
        elif not field.errors:  # what the form has found itself is said once
            field.errors = [_beside(field, problem)]


def _beside(field: Field, problem: Problem) -> str:
    """The sentence beside a field; what may be chosen is told in the words that the field shows."""
    if problem.code == "not_in_set" and isinstance(getattr(field, "choices", None), list):
        return sentence("not_in_set", {"allowed": [str(text) for code, text in field.choices if code]})
    return sentence(problem.code, problem.params)
