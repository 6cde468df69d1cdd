"""Enrolment: the centre makes a one-time code for an office; a node binds itself with it. A lost answer is asked for again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from intake_app.actions.making import require_role
from intake_app.actions.shut_out import let_in_again
from intake_app.node import Actor, Node
from intake_app.store import audits, enrollment, feed, journal, nodes, own_log, upstream
from sync import enrollment as hello
from sync.addresses import check_url
from sync.enrollment import Hello, Welcome
from sync.errors import BadMessage, InvalidFields, Problem, Refused
from sync.routing import scopes_of_office

if TYPE_CHECKING:
    from sync.transport import HttpLink

FILLS_AT_ONCE = 10  # while a node waits for its welcome: a second or two
VALID_MS = 14 * 24 * 3600 * 1000


def make_enrollment_code(node: Node, actor: Actor, office: str, units: Sequence[str] = ()) -> str:
    """A new one-time code for a node of an office, with further units if it looks after more. Raises Refused, InvalidFields."""
    require_role(actor, "administrator")
    if not node.is_central:
        raise Refused("wrong_role", role="central")
    problems: dict[str, Problem] = {}
    if office not in node.directory.offices:
        problems["office"] = Problem("unknown_office", {"office": office[:40]})
    for unit in units:
        if node.directory.unit(unit) is None:
            problems["unit"] = Problem("unknown_unit", {"unit": unit[:40]})
    if problems:
        raise InvalidFields(problems)
    code = hello.spell(node.entropy(hello.CODE_LETTERS))
    now = node.clock.now_ms()
    with node.database.transaction() as db:
        enrollment.add_code(
            db,
            hello.digest_of(code),
            code[-4:],
            hello.secret_of(code),
            office,
            tuple(units),
            now,
            now + VALID_MS,
            actor.person,
        )
        audits.note(db, now, actor.person, "enrollment_code.made", office, units=list(units))
    return code


def revoke_enrollment_code(node: Node, actor: Actor, number: int) -> None:
    """Take back a code that nobody has used."""
    require_role(actor, "administrator")
    with node.database.transaction() as db:
        if not enrollment.revoke_code(db, number, node.clock.now_ms()):
            raise Refused("bad_enrollment_code")
        audits.note(db, node.clock.now_ms(), actor.person, "enrollment_code.revoked", str(number))


def welcome(node: Node, data: bytes) -> bytes:
    """The centre's answer to a node that enrols; the same node with the same code gets the same answer again."""
    asked = hello.decode(data, Hello)
    with node.database.transaction() as db:
        code = enrollment.find_code(db, asked.digest)
        if code is None or not hello.proven(code.secret, asked):
            return _refuse(node, asked, "bad_enrollment_code")
        now = node.clock.now_ms()
        known = nodes.find_node(db, asked.node)
        again = code.used_by == asked.node and known is not None and known.public_key == asked.public_key
        if code.revoked_ms is not None or (code.used_ms is not None and not again):
            return _refuse(node, asked, "bad_enrollment_code")
        if again and known is not None and known.revoked:
            return _refuse(node, asked, "revoked", secret=code.secret)
        if now > code.expires_ms and not again:
            return _refuse(node, asked, "expired_enrollment_code", secret=code.secret)
        if asked.office != code.office:
            return _refuse(node, asked, "wrong_office", secret=code.secret, expected=code.office, given=asked.office)
        office = node.directory.offices[code.office]
        scopes = scopes_of_office(office.number, office.unit, office.agency or "", code.units)
        nodes.add_node(db, asked.node, office.number, asked.public_key, scopes, now)
        feed.open_scopes(db, scopes)
        enrollment.use_code(db, code.no, asked.node, now)
        own_log.log_node(node, db, asked.node, asked.digest)
        audits.note(db, now, None, "node.enrolled", asked.node.hex(), office=office.number)
        epoch = journal.head(db).epoch
    let_in_again(node, asked.node)
    fill_scopes(node)
    answer = Welcome(node.head.node, node.keys.public, epoch, scopes, asked.nonce)
    return _prove(answer, code.secret)


def fill_scopes(node: Node, limit: int = FILLS_AT_ONCE) -> int:
    """Put into scopes that are new what belongs there, some entities a transaction; what is left the centre's job does."""
    for done in range(limit):
        with node.database.transaction() as db:
            if not feed.fill(db, node.reference.units_at(db)):
                return done
    return limit


def _refuse(node: Node, asked: Hello, code: str, secret: bytes = b"", **params: object) -> bytes:
    return _prove(Welcome(node.head.node, b"", b"", [], asked.nonce, refusal=code, params=params), secret)


def _prove(answer: Welcome, secret: bytes) -> bytes:
    proof = hello.proof_of(secret, answer) if secret else b""
    return hello.encode(msgspec.structs.replace(answer, proof=proof))


def enroll(
    node: Node, actor: Actor, url: str, code: str, *, allow_plain: bool = False, link: HttpLink | None = None
) -> None:
    """Bind this node to its central. Raises Refused, NoNetwork, BadMessage; nothing is bound then."""
    require_role(actor, "administrator")
    if node.is_central:
        raise Refused("wrong_role", role="office")
    url = check_url(url, allow_plain)
    secret = hello.secret_of(code)
    nonce = node.entropy(16)
    asked = Hello(hello.digest_of(code), node.head.node, node.keys.public, node.head.office, nonce)
    asked = msgspec.structs.replace(asked, proof=hello.proof_of(secret, asked))
    way = link or _link(url)
    try:
        answer = hello.decode(way.send("/api/v1/enroll", hello.encode(asked)).data, Welcome)
    finally:
        if link is None:
            way.close()
    if answer.refusal and (not answer.proof or hello.proven(secret, answer)):
        raise Refused(answer.refusal, **answer.params)
    if answer.nonce != nonce or not hello.proven(secret, answer):
        raise BadMessage("bad_signature")
    _bind(node, actor, url, answer)


def _link(url: str) -> HttpLink:
    from sync.transport import HttpLink  # 34 ms and 5 MB that the centre, which only answers, never pays

    return HttpLink(url)


def _bind(node: Node, actor: Actor, url: str, answer: Welcome) -> None:
    with node.database.transaction() as db:
        bound = upstream.load_upstream(db)
        if bound is not None and bound.central != answer.central:
            raise Refused("already_enrolled", url=bound.url)
        upstream.bind(db, url, answer.central, answer.public_key)
        upstream.grant(db, answer.scopes)
        audits.note(db, node.clock.now_ms(), actor.person, "node.bound", url)
