"""Whatever answers whatever: numbers by time, and every post under its parent's root."""

from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.interop.file import discussion, new_class, post, stored, take

serial = count()
moments = st.integers(min_value=0, max_value=5).map(lambda minute: f"2026-03-02T09:0{minute}:00+08:00")
forests = st.lists(st.tuples(st.integers(-2, 12), moments, st.sampled_from(["d1", "d2"])), max_size=12)


def ancestors(forest, index):
    """Of a post, from its parent upwards, as far as there are any."""
    found, current = [], index
    while True:
        parent = forest[current][0]
        if not 0 <= parent < len(forest) or forest[parent][2] != forest[current][2] or parent in found:
            return found
        found.append(parent)
        current = parent


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(forest=forests)
def test_any_forest_gets_its_numbers_depths_and_roots(seminar, forest):
    some = new_class(f"forest-{next(serial)}")
    lines = [
        post(str(index), None if parent == -2 else str(parent), at=at, discussion=place)
        for index, (parent, at, place) in enumerate(forest)
    ]
    report = take(some, discussion("d2"), *lines)
    posts = stored(some)
    tops = {i for i, row in enumerate(forest) if not ancestors(forest, i) or i in ancestors(forest, i)}
    assert report.orphans == sum(1 for i in tops if forest[i][0] != -2)
    for index in range(len(forest)):
        found, path = posts[str(index)], []
        current = index
        while current not in tops:
            current = forest[current][0]
            path.append(current)
        assert found.depth == len(path)
        assert found.parent_id == (posts[str(path[0])].id if path else None)
        assert found.root_id == (posts[str(path[-1])].id if path else None)
    for place in ("d1", "d2"):
        here = [index for index, row in enumerate(forest) if row[2] == place]
        here.sort(key=lambda index: (forest[index][1], index))
        assert [posts[str(index)].number for index in here] == list(range(1, len(here) + 1))
