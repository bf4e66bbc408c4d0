"""Units at a level of the tree: how many of their trainees spoke, and the names of those not yet heard."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from forum.coverage.queries import silent_trainees
from forum.statistics import queries
from forum.statistics.scope import ABOVE, NONE, Scope
from forum.units.models import Unit


@dataclass(frozen=True, slots=True)
class CoveredUnit:
    """`key` as in the figures by unit: the unit's id, ABOVE for those enrolled above the level, NONE without a unit.
    `name` is its path, for ABOVE those of the units, joined."""

    key: int
    name: str
    trainees: int
    participants: int
    silent: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float | None:
        return self.participants / self.trainees if self.trainees else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """`covered` and `units` count rows of units, without those for ABOVE and NONE."""

    rows: list[CoveredUnit]
    trainees: int
    participants: int

    @property
    def units(self) -> int:
        return sum(1 for row in self.rows if row.key > 0)

    @property
    def covered(self) -> int:
        return sum(1 for row in self.rows if row.key > 0 and row.participants)

    @property
    def rate(self) -> float | None:
        return self.participants / self.trainees if self.trainees else None


def coverage(scope: Scope, units: Iterable[Unit]) -> Coverage:
    """By the scope's level; `units` are those of the class with all above them."""
    trainees = {row.key: row.trainees for row in queries.trainees_by(scope, "unit")}
    spoke = {row.key: row.participants for row in queries.spoken_by(scope, "unit")}
    above, silent = _row_of(scope, units), defaultdict(list)
    for person in silent_trainees(scope):
        silent[above.get(person.unit_id, NONE)].append(person.name)
    names = [(int(key), name) for key, name in queries.names_by(scope, "unit")]
    if ABOVE in trainees:
        names.append((ABOVE, ", ".join(queries.units_above_level(scope))))
    rows = [
        CoveredUnit(key, name, trainees[key], spoke.get(key, 0), silent[key])
        for key, name in [*names, (NONE, "")]
        if key in trainees
    ]
    # Everybody has one unit, so trainees of the rows add up.
    return Coverage(rows, sum(trainees.values()), sum(spoke.values()))


def _row_of(scope: Scope, units: Iterable[Unit]) -> dict[int | None, int]:
    """The key of the row that each unit's people stand in."""
    by_id = {unit.id: unit for unit in units}

    def key(unit: Unit) -> int:
        if scope.level is None or unit.depth == scope.level:
            return unit.id
        return ABOVE if unit.depth < scope.level or unit.parent_id is None else key(by_id[unit.parent_id])

    return {unit.id: key(unit) for unit in by_id.values()}
