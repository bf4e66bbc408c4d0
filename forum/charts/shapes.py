"""Numbers to shapes: where everything in a chart stands, in the units of its picture. A template draws it as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

WIDTH = 720.0
HEAT_LEVELS = 4


@dataclass(frozen=True, slots=True)
class Shape:
    """A rectangle for one number; `key` says what it is the number of."""

    key: Any
    value: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """At a place along an axis, with what stands beside it."""

    at: float
    value: Any


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """Columns that stand on `floor`; `rules` are the lines across with their values, `labels` stand under the columns,
    `marks` go through them from top to bottom."""

    height: float
    left: float
    top: float
    floor: float
    columns: list[Shape]
    rules: list[Line]
    labels: list[Line]
    marks: list[Line]


def column_chart(
    counts: Sequence[tuple[Any, int]], marks: Sequence[tuple[float, Any]] = (), most_labels: int = 8
) -> ColumnChart:
    """Heights are proportional to the counts. A mark's place is counted in columns from the left end."""
    left, right, top, floor, height = 44.0, WIDTH - 8, 34.0, 230.0, 260.0
    slot = (right - left) / max(len(counts), 1)
    steps = round_steps(max((count for _key, count in counts), default=0))
    tall = (floor - top) / steps[-1]
    gap = min(slot * 0.2, 6)
    columns = [
        Shape(key, count, left + index * slot + gap / 2, floor - count * tall, slot - gap, count * tall)
        for index, (key, count) in enumerate(counts)
    ]
    every = ceil(len(counts) / most_labels) or 1
    labels = [Line(left + (index + 0.5) * slot, counts[index][0]) for index in range(0, len(counts), every)]
    return ColumnChart(
        height, left, top, floor, columns,
        rules=[Line(floor - step * tall, step) for step in steps],
        labels=labels,
        marks=[Line(left + place * slot, value) for place, value in marks],
    )  # fmt: skip


def round_steps(most: int) -> list[int]:
    """Two to six round values from 0 up, the last of them at least `most`, and at least 1."""
    step, factors = 1, (2, 5, 10)
    while step * 5 < most:
        step = next(step * factor // _leading(step) for factor in factors if factor > _leading(step))
    return [step * index for index in range(ceil(max(most, 1) / step) + 1)]


def _leading(number: int) -> int:
    return int(str(number)[0])


@dataclass(frozen=True, slots=True)
class BarRow:
    """A part of a whole, as a bar within a bar; its words stand on a line over it."""

    key: Any
    part: int
    whole: int
    line: float
    y: float
    filled: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """As narrow as a phone; every bar is as wide as the picture."""

    width: float
    height: float
    thickness: float
    rows: list[BarRow]


def bar_chart(parts: Sequence[tuple[Any, int, int]]) -> BarChart:
    """A row for each (key, part, whole); every whole is as long, the filled length is the fraction."""
    pitch, width = 32.0, 360.0
    rows = [
        BarRow(key, part, whole, index * pitch + 14, index * pitch + 19, width * part / whole if whole else 0.0)
        for index, (key, part, whole) in enumerate(parts)
    ]
    return BarChart(width, len(rows) * pitch, 7.0, rows)


@dataclass(frozen=True, slots=True)
class HeatCell(Shape):
    """`level` from 0 (none at all) to HEAT_LEVELS (the most)."""

    level: int


@dataclass(frozen=True, slots=True)
class HeatChart:
    """Rows and columns of cells; the labels stand to the left of the rows and over the columns."""

    height: float
    left: float
    top: float
    cells: list[HeatCell]
    rows: list[Line]
    columns: list[Line]


def heat_chart(grid: Sequence[Sequence[int]]) -> HeatChart:
    """Levels are quarters of the most, rounded up: whatever is more than nothing is seen."""
    left, top, pitch_y = 84.0, 26.0, 28.0
    pitch_x = (WIDTH - left - 4) / len(grid[0])
    most = max(max(row) for row in grid)
    cells = [
        HeatCell((y, x), value, left + x * pitch_x + 1, top + y * pitch_y + 1, pitch_x - 2, pitch_y - 2,
                 ceil(HEAT_LEVELS * value / most) if most else 0)
        for y, row in enumerate(grid) for x, value in enumerate(row)
    ]  # fmt: skip
    rows = [Line(top + (y + 0.5) * pitch_y, y) for y in range(len(grid))]
    columns = [Line(left + (x + 0.5) * pitch_x, x) for x in range(len(grid[0]))]
    return HeatChart(top + len(grid) * pitch_y + 4, left, top, cells, rows, columns)
