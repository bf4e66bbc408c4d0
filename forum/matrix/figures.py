"""The matrix: a row for each trainee, a column for each discussion, of the whole time.

The foot of a column is the figures' own row by discussion: of all trainees that the filters leave, not of the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from forum.discussions.models import Audience, Discussion
from forum.matrix import queries
from forum.statistics.queries import spoken_by, trainees_by
from forum.statistics.scope import Period, Scope

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Cell:
    """What one trainee did in one discussion: `posts` and `late` count posts, `commented` reflections."""

    posts: int = 0
    late: int = 0
    commented: int = 0
    featured: int = 0


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A cell for each column; None where the discussion is not for this trainee."""

    id: int
    name: str
    unit: str | None
    cells: list[Cell | None]

    @property
    def asked(self) -> int:
        """Discussions that are for this trainee."""
        return sum(1 for cell in self.cells if cell)

    @property
    def spoken(self) -> int:
        return sum(1 for cell in self.cells if cell and cell.posts)

    @property
    def posts(self) -> int:
        return sum(cell.posts for cell in self.cells if cell)


@dataclass(frozen=True, slots=True)
class Column:
    """A discussion, numbered as the page shows it."""

    number: int
    discussion: Discussion
    participants: int
    trainees: int
    posts: int

    @property
    def rate(self) -> float | None:
        return self.participants / self.trainees if self.trainees else None


@dataclass(frozen=True, slots=True)
class Matrix:
    """`total` people, of whom `before` come before these; `next` is the last member shown if there are more."""

    columns: list[Column]
    rows: list[MatrixRow]
    total: int
    before: int
    next: int | None

    @property
    def person_times(self) -> int:
        return sum(column.participants for column in self.columns)

    @property
    def posts(self) -> int:
        return sum(column.posts for column in self.columns)


def matrix(
    scope: Scope,
    discussions: Iterable[Discussion],
    silent: bool = False,
    after: int | None = None,
    at_once: int | None = None,
) -> Matrix:
    """Of those of the class's discussions that are in the scope; a period is left out."""
    scope, at_once = replace(scope, period=Period()), at_once or AT_ONCE
    columns = _columns(scope, discussions)
    found, total, before = queries.trainees_from(scope, silent, after, at_once + 1)
    people = found[:at_once]
    rows = _rows(scope, [column.discussion for column in columns], people)
    return Matrix(columns, rows, total, before, people[-1].id if len(found) > at_once else None)


def _columns(scope: Scope, discussions: Iterable[Discussion]) -> list[Column]:
    chosen = [one for one in discussions if scope.discussion in (None, one) and scope.stage in (None, one.stage)]
    asked = {row.key: row.trainees for row in trainees_by(scope, "discussion")}
    spoken = {row.key: (row.participants, int(row.posts)) for row in spoken_by(scope, "discussion")}
    columns = []
    for number, one in enumerate(chosen, start=1):
        participants, posts = spoken.get(one.id, (0, 0))
        columns.append(Column(number, one, participants, asked.get(one.id, 0), posts))
    return columns


def _rows(scope: Scope, discussions: list[Discussion], people: list[Any]) -> list[MatrixRow]:
    cells, groups = _cells(scope, [person.id for person in people]), queries.groups_of_audiences(scope)

    def cell(person: Any, one: Discussion) -> Cell | None:
        is_asked = one.audience is Audience.CLASS or person.group_id in groups.get(one.id, ())
        return cells.get((one.id, person.id), Cell() if is_asked else None)

    return [
        MatrixRow(person.id, person.name, person.unit, [cell(person, one) for one in discussions]) for person in people
    ]


def _cells(scope: Scope, member_ids: list[int]) -> dict[tuple[int, int], Cell]:
    marks = {
        (row.discussion_id, row.member_id): {"commented": int(row.commented), "featured": int(row.featured)}
        for row in queries.answered_and_featured(scope, member_ids)
    }
    found = {}
    for row in queries.spoken_by_each(scope, member_ids):
        key = row.discussion_id, row.member_id
        found[key] = Cell(row.posts, row.late, **marks.get(key, {}))
    return found
