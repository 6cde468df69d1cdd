"""The answer library as the centre writes it: new articles, new editions, retiring, what was published when."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from forms.library import ArticleForm, CatalogueForm, RetireForm
from forms.login import EmptyForm
from intake_app.actions.editions import today
from intake_app.actions.publish_article import (
    EDITORS,
    check_article,
    publish_article,
    publish_samples,
    retire_article,
)
from intake_app.auth import current_actor, only
from intake_app.central.editing import published, retired
from intake_app.desk.at_hand import surroundings, the_directory, the_node, topic_names
from intake_app.desk.library import find_article, page_asked
from intake_app.navigation import CATALOGUE_READERS
from intake_app.store.articles import Article, editions, list_articles
from intake_app.store.people import person_names
from intake_app.store.shipped import DATA_FOLDER

blueprint = Blueprint("catalogue", __name__)

SAMPLES = DATA_FOLDER / "sample_articles.jsonl"


@blueprint.get("/catalogue")
@only(*CATALOGUE_READERS)
def listed() -> str:
    """The articles as those who write them see them, also the retired ones."""
    form = CatalogueForm(request.args, topic_names=topic_names())
    words, topic, show = (form.q.data or "").strip(), form.topic.data or "", form.show.data or ""
    with the_node().database.read() as db:
        found = list_articles(db, today(the_node()), words, topic, show=show, page=page_asked())
    narrowed = bool(words or topic or show)
    return render_template(
        "central/catalogue.html",
        form=form, found=found, narrowed=narrowed, page=page_asked(), may_edit=_may_edit(), empty_form=EmptyForm(),
    )  # fmt: skip


@blueprint.route("/catalogue/new", methods=["GET", "POST"])
@only(*EDITORS)
def new() -> Response | str | tuple[str, int]:
    """Write an article."""
    form = _form()
    if request.method == "GET":
        form.valid_from.data = today(the_node())
    return _edited(form, None)


@blueprint.route("/catalogue/<article_id>/edit", methods=["GET", "POST"])
@only(*EDITORS)
def edit(article_id: str) -> Response | str | tuple[str, int]:
    """Write a new edition of an article; the one before stays in its history."""
    article, form = find_article(article_id), _form()
    if request.method == "GET":
        _fill(form, article)
    return _edited(form, article)


def _edited(form: ArticleForm, article: Article | None) -> Response | str | tuple[str, int]:
    if form.is_submitted() and (made := _published(form, article)):
        flash(_("Published. Every computer gets it with its next exchange."), "good")
        return redirect(url_for("library.shown", article_id=made.hex()), 303)
    shown = _preview(form) if form.is_submitted() and not form.errors else None
    edition = article.state["edition"] if article else 0
    page = render_template("central/article_form.html", form=form, article=article, preview=shown, edition=edition)
    return (page, 422) if form.errors else page


def _published(form: ArticleForm, article: Article | None) -> bytes | None:
    node, actor = the_node(), current_actor()
    return published(
        form, article is not None, lambda content: check_article(node, content),
        lambda content, seen: publish_article(node, actor, content, article and article.id, seen),
    )  # fmt: skip


def _preview(form: ArticleForm) -> dict[str, Any]:
    """The article as everybody would read it; what is still missing is empty."""
    content: dict[str, Any] = {name: value for name, value in form.content().items() if value}
    return {"topics": [], "valid_from": today(the_node()), "source": "", "question": "", "short": ""} | content


@blueprint.route("/catalogue/<article_id>/retire", methods=["GET", "POST"])
@only(*EDITORS)
def retire(article_id: str) -> Response | str | tuple[str, int]:
    """Retire an article, with the reason."""
    article, form = find_article(article_id), RetireForm()
    if retired(form, lambda reason: retire_article(the_node(), current_actor(), article.id, reason)):
        flash(_("Retired. It is offered to nobody any more."), "good")
        return redirect(url_for("catalogue.history", article_id=article_id), 303)
    page = render_template("central/article_retire.html", form=form, article=article)
    return (page, 422) if form.errors else page


@blueprint.get("/catalogue/<article_id>")
@only(*CATALOGUE_READERS)
def history(article_id: str) -> str:
    """Every edition of an article, the newest first, with who published it."""
    article = find_article(article_id)
    with the_node().database.read() as db:
        found = editions(db, article.no)
        names = person_names(db, [one.by for one in found])
    return render_template(
        "central/article_history.html", article=article, editions=found, names=names, may_edit=_may_edit()
    )


@blueprint.post("/catalogue/samples")
@only(*EDITORS)
def load_samples() -> Response:
    """Publish the samples that are not there yet."""
    lines = [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    count = publish_samples(the_node(), current_actor(), lines)
    flash(
        ngettext(
            "%(n)s sample answer is published. It has to be checked before it is used.",
            "%(n)s sample answers are published. Each has to be checked before it is used.",
            count,
            n=count,
        ),
        "good",
    )
    return redirect(url_for("catalogue.listed", show="samples"), 303)


def _form() -> ArticleForm:
    return ArticleForm(topic_names=topic_names(), **surroundings())


def _fill(form: ArticleForm, article: Article) -> None:
    for name in form.content():
        if name != "area":
            form[name].data = article.state.get(name)
    form.area.show(article.state.get("area"), the_directory())


def _may_edit() -> bool:
    return bool(EDITORS & current_actor().roles)
