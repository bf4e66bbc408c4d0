"""What every page of a class's figures begins with: the class, whether it may be seen, and what it is narrowed to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_login import current_user

from forum import policy
from forum.classes.models import TrainingClass
from forum.classes.queries import get_class
from forum.discussions.models import Stage
from forum.statistics.figures import GROUPINGS, By, Scope
from forum.statistics.forms import FiguresQuery, parse_figures_query
from forum.statistics.queries import Choices, choices_of
from forum.web import found, require


@dataclass(frozen=True, slots=True)
class Asked:
    """`here` is the page's own endpoint."""

    here: str
    training_class: TrainingClass
    choices: Choices
    query: FiguresQuery

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
            "training_class": self.training_class,
            "query": self.query,
            "scope": self.scope,
            "choices": self.choices,
            "stages": list(Stage),
            "address": self.address,
            "own": url_for(self.here, slug=self.training_class.slug),
        }


def asked(here: str, slug: str, by: By = "discussion", groupings: Iterable[By] = GROUPINGS) -> Asked:
    training_class = found(get_class(current_user, slug))
    require(policy.can_see_figures, training_class)
    choices = choices_of(training_class)
    query = parse_figures_query(request.args, choices, Scope(training_class), by, groupings)
    return Asked(here, training_class, choices, query)
