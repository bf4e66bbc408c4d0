"""`forum check`: every figure recounted from the posts, one by one in plain Python, and compared with what is shown;
and what the figures rest on, the posts' own columns and Participation, looked at post by post."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from forum.attendance.queries import count_strays
from forum.classes.models import TrainingClass
from forum.closings import checking as closings
from forum.discussions.models import Discussion
from forum.i18n import gettext as _
from forum.search import checking as search
from forum.statistics import counting
from forum.statistics.figures import GROUPINGS, By, Figures, Scope, figures_of
from forum.statistics.recounting import Recount
from forum.text import count_characters


def faults() -> Iterator[str]:
    """A sentence for each disagreement; none if all is well."""
    if stray := counting.stray_posts():
        yield _("%(count)s posts belong to another class than their discussion", count=stray)
    if stray := count_strays():
        yield _("%(count)s rows of attendance belong to another class than their activity", count=stray)
    units = counting.all_units()
    yield from search.faults()
    for training_class in counting.all_classes():
        for fault in _Check(training_class, units).faults():
            yield f"{training_class.slug}: {fault}"


class _Check:
    """One class."""

    def __init__(self, training_class: TrainingClass, units: dict[int, str]) -> None:
        self.training_class = training_class
        self.likes = counting.likes_of_class(training_class.id)
        self.files = counting.files_of_class(training_class.id)
        self.broken: list[str] = []
        self.numbers: dict[int, list[int]] = defaultdict(list)
        self.authors = {entry.member_id for entry in counting.enrolments_of_class(training_class.id)}
        self.discussions = {entry.id: entry for entry in counting.discussions_of_class(training_class.id)}
        self.recount = Recount(training_class, units, self._look)

    def faults(self) -> Iterator[str]:
        yield from self.broken
        yield from self._number_faults()
        yield from self._participation_faults()
        shown = figures_of(Scope(self.training_class)).totals
        yield from _compare(_("totals"), self.recount.totals(), shown)
        for by in GROUPINGS:
            for level in (None, *self.recount.levels()) if by == "unit" else (None,):
                yield from self._row_faults(by, level)
        yield from closings.faults(self.training_class.id)

    def _row_faults(self, by: By, level: int | None) -> Iterator[str]:
        shown = {row.key: row for row in figures_of(Scope(self.training_class, level=level), by).rows}
        counted = dict(self.recount.rows(by, level))
        if missing := counted.keys() - shown.keys():
            yield _("the figures by %(by)s lack %(keys)s", by=by, keys=sorted(missing))
        if extra := shown.keys() - counted.keys():
            yield _("the figures by %(by)s have %(keys)s too many", by=by, keys=sorted(extra))
        for key in counted.keys() & shown.keys():
            where = _("by %(by)s, %(name)s", by=by, name=shown[key].name or key)
            yield from _compare(where, counted[key], shown[key])

    def _look(self, post: Any) -> None:
        discussion = self.discussions[post.discussion_id]
        self.numbers[discussion.id].append(post.number)
        self._inspect(discussion, post)

    def _number_faults(self) -> Iterator[str]:
        for discussion in self.discussions.values():
            if self.numbers[discussion.id] != list(range(1, discussion.last_number + 1)):
                where = _("discussion %(id)s", id=discussion.id)
                yield _("%(where)s: its posts are not numbered 1 to %(last)s", where=where, last=discussion.last_number)

    def _inspect(self, discussion: Discussion, post: Any) -> None:
        where = _("discussion %(id)s, post %(number)s", id=discussion.id, number=post.number)
        if post.author_id not in self.authors:
            self.broken.append(_("%(where)s: its author is not enrolled", where=where))
        if post.erased_at is None and post.characters != (found := count_characters(post.html)):
            differ = _(
                "characters are stored as %(stored)s, the text has %(found)s", stored=post.characters, found=found
            )
            self.broken.append(f"{where}: {differ}")
        if post.likes != (liked := self.likes[post.id]):
            self.broken.append(_difference(where, "likes", post.likes, liked))
        if post.file_count != (there := self.files[post.id]):
            stored = post.file_count
            self.broken.append(
                _(
                    "%(where)s: %(stored)s files are stored, there are %(found)s",
                    where=where,
                    stored=stored,
                    found=there,
                )
            )
        if post.revision > discussion.revision:
            self.broken.append(_("%(where)s: of a revision that the discussion has not reached", where=where))
        if post.parent_id is not None:
            expected = (discussion.id, post.depth - 1, post.root_id)
            if (post.parent_discussion_id, post.parent_depth, post.parent_root_id or post.parent_id) != expected:
                self.broken.append(_("%(where)s: does not stand under its parent", where=where))

    def _participation_faults(self) -> Iterator[str]:
        counted: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for post in self.recount.counted:
            counted[post.discussion_id, post.author_id].append(post)
        stored = counting.participation_of_class(self.training_class.id)
        for key in sorted(counted.keys() | stored.keys()):
            expected = _participation(counted[key]) if key in counted else None
            row = stored.get(key)
            found = {name: getattr(row, name) for name in expected or ("posts",)} if row else None
            if found != expected:
                where = _("discussion %(id)s, member %(member)s", id=key[0], member=key[1])
                yield from _differences(where, found or {}, expected or {})


def _compare(where: str, mine: dict[str, Any], shown: Figures) -> Iterator[str]:
    theirs = asdict(shown)
    for name, value in mine.items():
        if theirs[name] != value:
            yield _difference(where, name, theirs[name], value)


def _differences(where: str, stored: dict[str, Any], expected: dict[str, Any]) -> Iterator[str]:
    """A row of participation against the posts; where one of them is missing altogether, a single sentence."""
    if not stored or not expected:
        yield _difference(where, "participation", stored or "–", expected or "–")
    for name in stored.keys() & expected.keys():
        if stored[name] != expected[name]:
            yield _difference(where, name, stored[name], expected[name])


def _difference(where: str, name: str, shown: Any, counted: Any) -> str:
    return _(
        "%(where)s: %(name)s is shown as %(shown)s, the posts say %(counted)s",
        where=where,
        name=name,
        shown=shown,
        counted=counted,
    )


def _participation(posts: list[Any]) -> dict[str, Any]:
    reflections = sum(1 for post in posts if post.root_id is None)
    return {
        "posts": len(posts),
        "reflections": reflections,
        "replies": len(posts) - reflections,
        "late": sum(1 for post in posts if post.late),
        "characters": sum(post.characters for post in posts),
        "first_at": min(post.created_at for post in posts),
        "last_at": max(post.created_at for post in posts),
    }
