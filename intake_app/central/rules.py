"""The routing rules as the centre writes them: list, new, new edition, retiring, history, and what they would propose."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from forms.dispatch import agency_groups
from forms.library import RetireForm
from forms.login import EmptyForm
from forms.rules import RuleForm, RulesForm, TryForm
from intake_app.actions.editions import today
from intake_app.actions.publish_rule import (
    EDITORS,
    check_rule,
    propose_route,
    publish_rule,
    publish_sample_rules,
    retire_rule,
)
from intake_app.auth import current_actor, only
from intake_app.central.editing import published, retired
from intake_app.desk.at_hand import surroundings, the_directory, the_node, topic_names
from intake_app.desk.library import page_asked
from intake_app.navigation import CATALOGUE_READERS
from intake_app.store.articles import editions
from intake_app.store.people import person_names
from intake_app.store.rules import Rule, list_rules, load_rule
from intake_app.store.shipped import DATA_FOLDER
from sync.errors import Refused
from sync.routing_rule import Case, Proposal

blueprint = Blueprint("rules", __name__)

SAMPLES = DATA_FOLDER / "sample_rules.jsonl"


@blueprint.get("/catalogue/rules")
@only(*CATALOGUE_READERS)
def listed() -> str:
    """The rules by name, also the retired ones if they are asked for."""
    form = RulesForm(request.args)
    show = form.show.data or ""
    with the_node().database.read() as db:
        found = list_rules(db, today(the_node()), show=show, page=page_asked())
    return render_template(
        "central/rules.html", form=form, found=found, show=show, page=page_asked(), may_edit=_may_edit(),
        empty_form=EmptyForm(),
    )  # fmt: skip


@blueprint.get("/catalogue/rules/try")
@only(*CATALOGUE_READERS)
def try_out() -> str:
    """Which agency a case would get."""
    form = TryForm(request.args, topic_names=topic_names(), **surroundings())
    proposal: Proposal | None = None
    if request.args.get("unit") and form.validate():
        proposal = propose_route(the_node(), Case(form.topic.data, form.unit.data, form.urgency.data or "normal"))
    return render_template("central/rules_try.html", form=form, proposal=proposal)


@blueprint.route("/catalogue/rules/new", methods=["GET", "POST"])
@only(*EDITORS)
def new() -> Response | str | tuple[str, int]:
    """Write a rule."""
    form = _form()
    if request.method == "GET":
        form.valid_from.data = today(the_node())
    return _edited(form, None)


@blueprint.route("/catalogue/rules/<rule_id>/edit", methods=["GET", "POST"])
@only(*EDITORS)
def edit(rule_id: str) -> Response | str | tuple[str, int]:
    """Write a new edition of a rule; the one before stays in its history."""
    rule, form = find_rule(rule_id), _form()
    if request.method == "GET":
        _fill(form, rule)
    return _edited(form, rule)


def _edited(form: RuleForm, rule: Rule | None) -> Response | str | tuple[str, int]:
    if form.is_submitted() and (made := _published(form, rule)):
        flash(_("Published. It proposes from the next report on."), "good")
        return redirect(url_for("rules.history", rule_id=made.hex()), 303)
    edition = rule.state["edition"] if rule else 0
    page = render_template("central/rule_form.html", form=form, rule=rule, edition=edition)
    return (page, 422) if form.errors else page


def _published(form: RuleForm, rule: Rule | None) -> bytes | None:
    node, actor = the_node(), current_actor()
    return published(
        form, rule is not None, lambda content: check_rule(node, content),
        lambda content, seen: publish_rule(node, actor, content, rule and rule.id, seen),
    )  # fmt: skip


@blueprint.route("/catalogue/rules/<rule_id>/retire", methods=["GET", "POST"])
@only(*EDITORS)
def retire(rule_id: str) -> Response | str | tuple[str, int]:
    """Retire a rule, with the reason."""
    rule, form = find_rule(rule_id), RetireForm()
    if retired(form, lambda reason: retire_rule(the_node(), current_actor(), rule.id, reason)):
        flash(_("Retired. It proposes nothing any more."), "good")
        return redirect(url_for("rules.history", rule_id=rule_id), 303)
    page = render_template("central/rule_retire.html", form=form, rule=rule)
    return (page, 422) if form.errors else page


@blueprint.get("/catalogue/rules/<rule_id>")
@only(*CATALOGUE_READERS)
def history(rule_id: str) -> str:
    """A rule and every edition of it, the newest first, with who published it."""
    rule = find_rule(rule_id)
    with the_node().database.read() as db:
        found = editions(db, rule.no)
        names = person_names(db, [one.by for one in found])
    return render_template("central/rule_history.html", rule=rule, editions=found, names=names, may_edit=_may_edit())


@blueprint.post("/catalogue/rules/samples")
@only(*EDITORS)
def load_samples() -> Response:
    """Publish the samples that are not there yet."""
    lines = [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    count = publish_sample_rules(the_node(), current_actor(), lines)
    flash(
        ngettext(
            "%(n)s sample rule is published. It has to be checked before it is relied on.",
            "%(n)s sample rules are published. Each has to be checked before it is relied on.",
            count,
            n=count,
        ),
        "good",
    )
    return redirect(url_for("rules.listed", show="samples"), 303)


def find_rule(rule_id: str) -> Rule:
    """The rule an address names; refuses an address that names none."""
    try:
        wanted = bytes.fromhex(rule_id)
    except ValueError:
        raise Refused("no_such_rule") from None
    with the_node().database.read() as db:
        found = load_rule(db, wanted, today(the_node()))
    if found is None:
        raise Refused("no_such_rule")
    return found


def _form() -> RuleForm:
    groups = agency_groups(the_directory().agencies.values())
    return RuleForm(topic_names=topic_names(), groups=groups, **surroundings())


def _fill(form: RuleForm, rule: Rule) -> None:
    values: dict[str, Any] = rule.state
    for name in form.content():
        if name != "unit":
            form[name].data = values.get(name)
    form.unit.show(values.get("unit"), the_directory())


def _may_edit() -> bool:
    return bool(EDITORS & current_actor().roles)
