"""The answer library as everybody reads it: a list to search, an article, and the few that fit while a caller speaks."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from forms.library import LibraryForm
from intake_app.actions.editions import today
from intake_app.actions.publish_article import EDITORS
from intake_app.auth import current_actor
from intake_app.desk.at_hand import the_directory, the_node, topic_names
from intake_app.store.articles import Article, hints, list_articles, load_article
from sync.errors import Refused

blueprint = Blueprint("library", __name__)

WORDS_MAX = 400  # what a summary and the first lines of a story hold; the rest of a long text says nothing new
PAGES_MAX = 1000


@blueprint.get("/library")
def listed() -> str:
    """The articles that hold the words typed, or all of them."""
    form = LibraryForm(request.args, topic_names=topic_names())
    words, topic = (form.q.data or "").strip(), form.topic.data or ""
    with the_node().database.read() as db:
        found = list_articles(db, today(the_node()), words, topic, page=page_asked())
    return render_template(
        "desk/library.html", form=form, words=words, topic=topic, found=found, may_edit=_may_edit(), page=page_asked()
    )


@blueprint.get("/library/hints", endpoint="hints")
def hinted() -> str:
    """The three articles that fit best to what was typed so far, as a piece of the page that asks."""
    words, topic, unit = (request.args.get(name, "")[:WORDS_MAX] for name in ("q", "topic", "unit"))
    areas = _areas(unit) if the_directory().unit(unit) else None
    with the_node().database.read() as db:
        found = hints(db, today(the_node()), words, topic, areas)
    return render_template("desk/_answer_hints.html", found=found)


@blueprint.get("/library/<article_id>")
def shown(article_id: str) -> str:
    """One article, with a warning where it does not hold today."""
    return render_template("desk/article.html", article=find_article(article_id), may_edit=_may_edit())


def find_article(article_id: str) -> Article:
    """The article an address names; refuses an address that names none."""
    try:
        wanted = bytes.fromhex(article_id)
    except ValueError:
        raise Refused("no_such_article") from None
    with the_node().database.read() as db:
        found = load_article(db, wanted, today(the_node()))
    if found is None:
        raise Refused("no_such_article")
    return found


def page_asked() -> int:
    """The page of a list that the address asks for."""
    text = request.args.get("page", "")
    return min(max(1, int(text)), PAGES_MAX) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _areas(unit: str) -> frozenset[str]:
    """The units in which this one lies, in the structures of all times."""
    return frozenset(scope.partition(":")[2] for scope in the_directory().unit_scopes(unit))


def _may_edit() -> bool:
    return the_node().is_central and bool(EDITORS & current_actor().roles)
