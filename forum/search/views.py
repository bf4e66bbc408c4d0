"""The page of search: it shows what the member who asks may see, and nothing else is counted either."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user, login_required

from forum import clock
from forum.classes.models import TrainingClass
from forum.classes.queries import classes_of
from forum.limiting import limited
from forum.search import queries
from forum.search.excerpts import excerpt_of, marked
from forum.search.forms import KINDS, LAST_PAGE, LONGEST, SearchQuery, parse_search_query
from forum.web import found, page_argument

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
@login_required
@limited("search_limit")
def search() -> str:
    asked = parse_search_query(request.args)
    classes = classes_of(current_user)
    chosen = found(_called(asked.slug, classes)) if asked.slug else None
    answer = _answer(asked, classes, chosen) if asked.phrases else {}
    return render_template(
        "search/search.html",
        asked=asked,
        classes=classes,
        chosen=chosen,
        longest=LONGEST,
        now=clock.now(),
        most=queries.MOST_COUNTED,
        **answer,
    )


def _called(slug: str, classes: list[TrainingClass]) -> TrainingClass | None:
    return next((one for one in classes if one.slug == slug), None)


def _answer(asked: SearchQuery, classes: list[TrainingClass], chosen: TrainingClass | None) -> dict[str, Any]:
    """A page of the kind that was asked for, and how many there are of each."""
    class_ids = None if current_user.is_administrator else [one.id for one in classes]
    class_ids = [chosen.id] if chosen else class_ids
    wanted = queries.Wanted(current_user, asked.phrases, class_ids)
    page = min(page_argument("page") or 1, LAST_PAGE)
    rows, more = _rows(asked, wanted, page)
    is_by_time = asked.kind == "posts" and asked.order == "newest"
    further = {"after": rows[-1].id} if is_by_time and rows else {"page": page + 1}
    return {
        "rows": rows,
        "counts": queries.counts_of(wanted, with_posts=asked.is_long_enough),
        "page": page,
        "onward": further if more and page < LAST_PAGE else None,
        "address": lambda **changes: _address(asked, **changes),
        "kinds": KINDS,
        "excerpt": lambda markup: excerpt_of(markup, asked.phrases),
        "marked": lambda text: marked(text, asked.phrases),
    }


def _rows(asked: SearchQuery, wanted: queries.Wanted, page: int) -> tuple[list[Any], bool]:
    if asked.kind == "people":
        return queries.people_found(wanted, page)
    if asked.kind == "discussions":
        return queries.discussions_found(wanted, page)
    if not asked.is_long_enough:
        return [], False
    if asked.order == "best":
        return queries.best_posts(wanted, page)
    return queries.newest_posts(wanted, page_argument("after"))


def _address(asked: SearchQuery, **changes: Any) -> str:
    """Of the same search, changed; what is as usual stays out of it."""
    said = {"q": asked.typed, "class": asked.slug, "kind": asked.kind, "order": asked.order} | changes
    usual = {"class": "", "kind": "posts", "order": "newest"}
    return url_for("search.search", **{name: value for name, value in said.items() if usual.get(name) != value})
