"""What an administrator changes of this node, and what everybody changes for themselves."""

from __future__ import annotations

from dataclasses import replace

from intake_app.actions.accounts import check_password, hash_of, sign_in
from intake_app.actions.making import require_role
from intake_app.config import LANGUAGES, load_settings, write_settings
from intake_app.node import Actor, Node
from intake_app.store import accounts, audits
from sync.errors import InvalidFields, Problem, Refused


def change_language(node: Node, actor: Actor, language: str) -> None:
    """Keep the language in which the pages of this node begin; who chose another one in their session keeps that."""
    require_role(actor, "administrator")
    if language not in LANGUAGES:
        raise InvalidFields({"language": Problem("not_in_set", {"allowed": ", ".join(LANGUAGES)})})
    # From the file, not from memory: what somebody changed there since the start must stay.
    write_settings(replace(load_settings(node.settings.instance), language=language))
    with node.database.transaction() as db:
        audits.note(db, node.clock.now_ms(), actor.person, "settings.language", language)


def change_own_password(node: Node, actor: Actor, present: str, password: str, address: str) -> None:
    """Give oneself a new password; the present one is asked for, and guessing it is slowed like at signing in."""
    try:
        sign_in(node, actor.username, present, address, noted="")
    except Refused as refused:
        if refused.code != "bad_password":
            raise
        raise InvalidFields({"present": Problem("wrong_present_password")}) from refused
    if problem := check_password(password):
        raise InvalidFields({"password": problem})
    password_hash = hash_of(password)
    with node.database.transaction() as db:
        accounts.set_password(db, actor.person, password_hash)
        audits.note(db, node.clock.now_ms(), actor.person, "account.password", actor.username)
