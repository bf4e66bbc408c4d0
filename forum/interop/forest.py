"""Which post answers which: parents that cannot be, and an order in which parents come first."""

from collections.abc import Container, Mapping, Sequence

from forum.i18n import gettext as _
from forum.interop.lines import shown
from forum.interop.rows import PostRow


def find_orphans(rows: Sequence[PostRow], earlier: Mapping[str, str]) -> dict[str, str]:
    """Replies that can only be kept as top-level posts, with the reason. `earlier` gives the discussion of posts
    imported before, as the file calls it. Of a loop all its members are orphans; replies to them keep their place."""
    discussions = {**earlier, **{row.id: row.discussion for row in rows}}
    orphans: dict[str, str] = {}
    for row in rows:
        if row.parent is None:
            continue
        if row.parent not in discussions:
            orphans[row.id] = _("Its parent “%(id)s” is missing; kept as a top-level post.", id=shown(row.parent))
        elif discussions[row.parent] != row.discussion:
            orphans[row.id] = _(
                "Its parent “%(id)s” is in another discussion; kept as a top-level post.", id=shown(row.parent)
            )
    parents = {row.id: row.parent for row in rows if row.parent is not None and row.id not in orphans}
    for id_ in _in_loops(parents):
        orphans[id_] = _("Its parents form a loop; kept as a top-level post.")
    return orphans


def in_levels(rows: Sequence[PostRow], orphans: Container[str]) -> list[list[PostRow]]:
    """The rows so that the parent of each, where it is one of them, stands in the list before; else in their order."""
    ids = {row.id for row in rows}
    parents = {row.id: row.parent for row in rows if row.parent in ids and row.id not in orphans}
    level_of: dict[str, int] = {}
    levels: list[list[PostRow]] = []
    for row in rows:
        path: list[str] = []
        current: str | None = row.id
        while current is not None and current not in level_of:
            path.append(current)
            current = parents.get(current)
        lowest = 0 if current is None else level_of[current] + 1
        level_of.update({id_: lowest + steps for steps, id_ in enumerate(reversed(path))})
    for row in rows:
        while len(levels) <= level_of[row.id]:
            levels.append([])
        levels[level_of[row.id]].append(row)
    return levels


def _in_loops(parents: Mapping[str, str]) -> list[str]:
    """The posts that come back to themselves when one goes from parent to parent."""
    settled: set[str] = set()
    found: list[str] = []
    for start in parents:
        path: dict[str, None] = {}
        current: str | None = start
        while current is not None and current not in settled and current not in path:
            path[current] = None
            current = parents.get(current)
        if current is not None and current in path:
            steps = list(path)
            found += steps[steps.index(current) :]
        settled.update(path)
    return found
