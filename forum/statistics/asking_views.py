"""What every page of a class's figures begins with: the class, whether it may be seen, and what it is narrowed to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Response, request, session, url_for
from flask_login import current_user
from markupsafe import Markup

from forum import clock, policy
from forum.classes.models import TrainingClass
from forum.classes.queries import get_class, get_enrolment
from forum.discussions import pages
from forum.discussions.models import Stage
from forum.statistics.figures import GROUPINGS, By, Scope
from forum.statistics.forms import FiguresQuery, parse_figures_query
from forum.statistics.queries import Choices, choices_of
from forum.statistics.revision_queries import figures_dated
from forum.web import found, require


@dataclass(frozen=True, slots=True)
class Asked:
    """`here` is the page's own endpoint, `own` the blanks for what is a person's own, on a page that is kept."""

    here: str
    training_class: TrainingClass
    choices: Choices
    query: FiguresQuery
    own: Mapping[str, Markup] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        return self.query.scope

    def address(self, **changes: Any) -> str:
        """Of this page, with the filters, other pages' too."""
        return url_for(self.here, slug=self.training_class.slug, **self.query.arguments(by=None, sort=None, **changes))

    def rows(self, figure: str, by: By, **changes: Any) -> str:
        """Where the rows behind a figure are; `&row=` and its key are added to it, cell by cell."""
        arguments = self.query.arguments(**{"by": by, "sort": None, **changes})
        return url_for("figures_rows.show_rows", slug=self.training_class.slug, figure=figure, **arguments)

    def for_page(self) -> dict[str, Any]:
        """What the templates that these pages share need."""
        return {
            **self.own,
            "training_class": self.training_class,
            "query": self.query,
            "scope": self.scope,
            "choices": self.choices,
            "stages": list(Stage),
            "address": self.address,
            "own": url_for(self.here, slug=self.training_class.slug),
        }


def asked(here: str, slug: str, by: By = "discussion", groupings: Iterable[By] = GROUPINGS) -> Asked:
    return _asked(here, class_with_figures(slug), by, groupings)


def class_with_figures(slug: str) -> TrainingClass:
    training_class = found(get_class(current_user, slug))
    require(policy.can_see_figures, training_class)
    return training_class


def kept_page(
    make: Callable[[Asked], str], here: str, slug: str, by: By = "discussion", groupings: Iterable[By] = GROUPINGS
) -> Response:
    """What `make` makes of what was asked, kept as long as it holds."""
    training_class = class_with_figures(slug)
    return kept_figures(training_class, lambda own: make(replace(_asked(here, training_class, by, groupings), own=own)))


def kept_figures(training_class: TrainingClass, render: Callable[[Mapping[str, Markup]], str]) -> Response:
    """The page that `render` gives, kept for all who may do the same in the class until something changes that its
    figures count. It is handed the blanks for what is a person's own: none where the page is not to be kept."""
    if "_flashes" in session:
        return Response(render({}), mimetype="text/html")
    enrolment = get_enrolment(current_user, training_class.id)
    may = current_user.is_administrator, enrolment and (enrolment.role, enrolment.organises)
    today = clock.now().astimezone(training_class.zone).date()
    key = ("figures", request.full_path, *may, today, *figures_dated(training_class))
    return pages.kept(key, lambda: render(pages.blanks()), {})


def _asked(here: str, training_class: TrainingClass, by: By, groupings: Iterable[By]) -> Asked:
    choices = choices_of(training_class)
    query = parse_figures_query(request.args, choices, Scope(training_class), by, groupings)
    return Asked(here, training_class, choices, query)
