"""Charts: what is drawn is the numbers, nothing lies outside the picture, and time is brought together without loss."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from forum.charts.shapes import HEAT_LEVELS, WIDTH, bar_chart, column_chart, heat_chart, round_steps
from forum.charts.timeline import by_weekday_and_hour, timeline

COUNTS = some.lists(some.integers(0, 10_000), max_size=300)
HOURS = some.dictionaries(
    some.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1)).map(
        lambda at: at.replace(minute=0, second=0, microsecond=0)
    ),
    some.integers(1, 500),
    max_size=40,
)


@given(COUNTS, some.lists(some.floats(0, 1), max_size=5))
def test_columns_are_as_tall_as_their_counts_and_stay_in_the_picture(counts: list[int], places: list[float]) -> None:
    chart = column_chart(list(enumerate(counts)), [(place * len(counts), None) for place in places])
    assert [bar.value for bar in chart.columns] == counts
    top = chart.rules[-1].value
    for bar in chart.columns:
        assert bar.height == pytest.approx((chart.floor - chart.top) * bar.value / top)
        assert bar.y + bar.height == pytest.approx(chart.floor)
        assert chart.left <= bar.x < bar.x + bar.width <= WIDTH
        assert chart.top - 0.001 <= bar.y <= chart.floor <= chart.height
    for before, after in pairwise(chart.columns):
        assert before.x + before.width < after.x
    assert all(chart.left <= line.at <= WIDTH for line in (*chart.labels, *chart.marks))
    assert len(chart.labels) <= 8


@pytest.mark.parametrize(
    ("most", "steps"),
    [(0, [0, 1]), (1, [0, 1]), (5, [0, 1, 2, 3, 4, 5]), (6, [0, 2, 4, 6]), (23, [0, 5, 10, 15, 20, 25]),
     (557, [0, 200, 400, 600]), (10_000, [0, 2000, 4000, 6000, 8000, 10_000])],
)  # fmt: skip
def test_the_lines_across_stand_at_round_values(most: int, steps: list[int]) -> None:
    assert round_steps(most) == steps


@given(some.lists(some.tuples(some.integers(0, 500), some.integers(0, 500)), max_size=40))
def test_bars_are_filled_to_their_fraction(pairs: list[tuple[int, int]]) -> None:
    parts = [(None, min(pair), max(pair)) for pair in pairs]
    chart = bar_chart(parts)
    for row, (_key, part, of) in zip(chart.rows, parts, strict=True):
        assert row.filled == pytest.approx(chart.width * part / of if of else 0)
        assert 0 <= row.filled <= chart.width + 0.001
        assert row.line < row.y < row.y + chart.thickness <= chart.height


@given(some.lists(some.lists(some.integers(0, 10_000), min_size=24, max_size=24), min_size=7, max_size=7))
def test_cells_of_more_are_never_lighter(grid: list[list[int]]) -> None:
    chart = heat_chart(grid)
    assert {cell.key: cell.value for cell in chart.cells} == {
        (y, x): value for y, row in enumerate(grid) for x, value in enumerate(row)
    }
    ordered = sorted(chart.cells, key=lambda cell: cell.value)
    assert [cell.level for cell in ordered] == sorted(cell.level for cell in ordered)
    assert all((cell.level == 0) == (cell.value == 0) and cell.level <= HEAT_LEVELS for cell in chart.cells)
    assert all(cell.x + cell.width <= WIDTH and cell.y + cell.height <= chart.height for cell in chart.cells)


@given(HOURS, some.lists(some.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1)), max_size=5))
def test_over_time_no_post_is_lost_and_no_step_left_out(by_hour: dict[datetime, int], events: list[datetime]) -> None:
    line = timeline(by_hour, [(at, None) for at in events])
    assert sum(count for _start, count in line.counts) == sum(by_hour.values())
    starts = [start for start, _count in line.counts]
    assert starts == sorted(set(starts))
    assert len(starts) <= 600
    lengths = set(steps(starts))
    assert all(length <= timedelta(days=31) for length in lengths)
    assert line.step == "month" or len(lengths) <= 1
    for mark in line.marks:
        assert 0 <= mark.place < len(starts)
        assert starts[int(mark.place)] <= mark.at
    assert sum(map(sum, by_weekday_and_hour(by_hour))) == sum(by_hour.values())


def steps(starts: list[datetime]) -> Iterator[timedelta]:
    return (after - before for before, after in pairwise(starts))


@pytest.mark.parametrize(
    ("last", "step", "first_start"),
    [("2026-03-05 10:00", "hour", "2026-03-04 09:00"), ("2026-04-05 10:00", "day", "2026-03-04 00:00"),
     ("2026-12-05 10:00", "week", "2026-03-02 00:00"), ("2036-03-04 10:00", "month", "2026-03-01 00:00")],
)  # fmt: skip
def test_steps_fit_the_span(last: str, step: str, first_start: str) -> None:
    moments = datetime(2026, 3, 4, 9), datetime.fromisoformat(last)
    line = timeline(dict.fromkeys(moments, 1))
    assert (line.step, line.counts[0][0]) == (step, datetime.fromisoformat(first_start))


def test_a_lecture_stands_where_it_was_and_far_ones_are_left_out() -> None:
    by_hour = {datetime(2026, 3, 2, 9): 3, datetime(2026, 3, 3, 20): 1}
    lecture, far = datetime(2026, 3, 2, 8, 30), datetime(2026, 3, 9, 9)
    line = timeline(by_hour, [(lecture, "lecture"), (far, "far")])
    assert [(mark.place, mark.thing) for mark in line.marks] == [(0.5, "lecture")]
    assert line.counts[:2] == [(datetime(2026, 3, 2, 8), 0), (datetime(2026, 3, 2, 9), 3)]


def test_nothing_and_one_post() -> None:
    assert timeline({}).counts == []
    line = timeline({datetime(2026, 3, 2, 9): 1})
    assert line.counts == [(datetime(2026, 3, 2, 9), 1)]
    assert len(column_chart(line.counts).columns) == 1
