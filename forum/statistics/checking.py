"""`forum check`: every figure recounted from the posts, one by one in plain Python, and compared with what is shown.

It shares nothing with the SQL of `figures`, so that a mistake there is found here.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from statistics import median
from typing import Any

from forum import clock
from forum.classes.models import Role, TrainingClass
from forum.discussions.models import Audience, Discussion
from forum.i18n import gettext as _
from forum.search.queries import misindexed
from forum.statistics import counting
from forum.statistics.figures import GROUPINGS, By, Figures, class_figures
from forum.text import count_characters


def faults() -> Iterator[str]:
    """A sentence for each disagreement; none if all is well."""
    if stray := counting.stray_posts():
        yield _("%(count)s posts belong to another class than their discussion", count=stray)
    for row in misindexed():
        where = _("discussion %(id)s", id=row.discussion_id)
        if row.lacking:
            yield _(
                "%(where)s: search does not find %(count)s of its posts; run `forum reindex`",
                where=where,
                count=row.lacking,
            )
        if row.left:
            yield _(
                "%(where)s: search keeps words of %(count)s posts that are gone; run `forum reindex`",
                where=where,
                count=row.left,
            )
    for training_class in counting.all_classes():
        for fault in _Recount(training_class).faults():
            yield f"{training_class.slug}: {fault}"


class _Recount:
    """One class, read post by post."""

    def __init__(self, training_class: TrainingClass) -> None:
        self.training_class = training_class
        self.discussions = {entry.id: entry for entry in counting.discussions_of_class(training_class.id)}
        self.enrolments = {entry.member_id: entry for entry in counting.enrolments_of_class(training_class.id)}
        self.groups = counting.groups_of_discussions(training_class.id)
        self.likes = counting.likes_of_class(training_class.id)
        self.broken: list[str] = []
        self.counted: list[Any] = []
        self.comments: list[Any] = []
        self._read_posts()
        self.first_comment: dict[int, Any] = {}
        for comment in self.comments:
            if comment.root_id is not None:
                known = self.first_comment.get(comment.root_id, comment.created_at)
                self.first_comment[comment.root_id] = min(known, comment.created_at)
        spoke = {post.author_id for post in self.counted}
        self.trainees = {
            member_id
            for member_id, entry in self.enrolments.items()
            if member_id in spoke or (entry.role is Role.TRAINEE and entry.withdrawn_at is None)
        }

    def faults(self) -> Iterator[str]:
        yield from self.broken
        yield from self._participation_faults()
        shown = class_figures(self.training_class).totals
        yield from _compare(_("totals"), self._figures(self.counted, self.comments, self.trainees, None), shown)
        for by in GROUPINGS:
            yield from self._row_faults(by)

    def _row_faults(self, by: By) -> Iterator[str]:
        posts, comments = self._grouped(self.counted, by), self._grouped_comments(by)
        rows = {row.key: row for row in class_figures(self.training_class, by).rows}
        if missing := (set(posts) | set(comments)) - set(rows):
            yield _("the figures by %(by)s lack %(keys)s", by=by, keys=sorted(missing))
        if by == "trainee" and (silent := self.trainees - set(rows)):
            yield _("the figures by trainee lack the silent members %(keys)s", keys=sorted(silent))
        for key, row in rows.items():
            mine = self._figures(posts[key], comments[key], self._people(by, key), by)
            yield from _compare(_("by %(by)s, %(name)s", by=by, name=row.name or key), mine, row)

    def _key(self, post: Any, by: By) -> Any:
        if by == "discussion":
            return post.discussion_id
        if by == "trainee":
            return post.author_id
        if by == "week":
            return str(clock.monday_of(post.created_at.astimezone(self.training_class.zone).date()))
        return getattr(self.enrolments[post.author_id], f"{by}_id") or 0

    def _grouped(self, posts: list[Any], by: By) -> dict[Any, list[Any]]:
        grouped: dict[Any, list[Any]] = defaultdict(list)
        for post in posts:
            grouped[self._key(post, by)].append(post)
        return grouped

    def _grouped_comments(self, by: By) -> dict[Any, list[Any]]:
        """By discussion and week the comments written there; else those below the row's reflections."""
        if by in ("discussion", "week"):
            return self._grouped(self.comments, by)
        reflections = {post.id: post for post in self.counted if post.root_id is None}
        grouped: dict[Any, list[Any]] = defaultdict(list)
        for comment in self.comments:
            if comment.root_id in reflections:
                grouped[self._key(reflections[comment.root_id], by)].append(comment)
        return grouped

    def _read_posts(self) -> None:
        numbers: dict[int, list[int]] = defaultdict(list)
        for post in counting.posts_of_class(self.training_class.id):
            discussion = self.discussions.get(post.discussion_id)
            if discussion is None:
                continue
            numbers[discussion.id].append(post.number)
            self._inspect(discussion, post)
            if post.hidden_at is None and post.deleted_at is None:
                if post.role is Role.TRAINEE:
                    self.counted.append(post)
                elif post.role is Role.INSTRUCTOR:
                    self.comments.append(post)
        for discussion in self.discussions.values():
            found = numbers[discussion.id]
            if found != list(range(1, discussion.last_number + 1)):
                where = _("discussion %(id)s", id=discussion.id)
                self.broken.append(
                    _("%(where)s: its posts are not numbered 1 to %(last)s", where=where, last=discussion.last_number)
                )

    def _inspect(self, discussion: Discussion, post: Any) -> None:
        where = _("discussion %(id)s, post %(number)s", id=discussion.id, number=post.number)
        if post.author_id not in self.enrolments:
            self.broken.append(_("%(where)s: its author is not enrolled", where=where))
        if post.characters != (found := count_characters(post.html)):
            differ = _(
                "characters are stored as %(stored)s, the text has %(found)s", stored=post.characters, found=found
            )
            self.broken.append(f"{where}: {differ}")
        if post.likes != (liked := self.likes[post.id]):
            self.broken.append(_difference(where, "likes", post.likes, liked))
        if post.revision > discussion.revision:
            self.broken.append(_("%(where)s: of a revision that the discussion has not reached", where=where))
        if post.parent_id is not None:
            expected = (discussion.id, post.depth - 1, post.root_id)
            if (post.parent_discussion_id, post.parent_depth, post.parent_root_id or post.parent_id) != expected:
                self.broken.append(_("%(where)s: does not stand under its parent", where=where))

    def _participation_faults(self) -> Iterator[str]:
        counted: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for post in self.counted:
            counted[post.discussion_id, post.author_id].append(post)
        stored = counting.participation_of_class(self.training_class.id)
        for key in sorted(counted.keys() | stored.keys()):
            expected = _participation(counted[key]) if key in counted else None
            row = stored.get(key)
            found = {name: getattr(row, name) for name in expected or ("posts",)} if row else None
            if found != expected:
                where = _("discussion %(id)s, member %(member)s", id=key[0], member=key[1])
                yield from _differences(where, found or {}, expected or {})

    def _audience(self, discussion_id: int) -> set[int]:
        if self.discussions[discussion_id].audience is Audience.CLASS:
            return self.trainees
        groups = self.groups.get(discussion_id, set())
        spoke_here = {post.author_id for post in self.counted if post.discussion_id == discussion_id}
        return {person for person in self.trainees if self.enrolments[person].group_id in groups} | spoke_here

    def _people(self, by: By, key: Any) -> set[int]:
        if by == "discussion":
            return self._audience(key)
        if by == "trainee":
            return self.trainees & {key}
        if by == "week":
            return self.trainees
        return {person for person in self.trainees if (getattr(self.enrolments[person], f"{by}_id") or 0) == key}

    def _units(self, people: set[int]) -> int:
        return len({self.enrolments[person].unit_id for person in people} - {None})

    def _figures(self, posts: list[Any], comments: list[Any], people: set[int], by: By | None) -> dict[str, Any]:
        reflections = [post for post in posts if post.root_id is None]
        participants = {post.author_id for post in posts}
        firsts = [(self.first_comment[post.id], post) for post in reflections if post.id in self.first_comment]
        waits = [(answered - post.created_at).total_seconds() for answered, post in firsts]
        return {
            "posts": len(posts),
            "reflections": len(reflections),
            "replies": len(posts) - len(reflections),
            "participants": len(participants),
            "person_times": len({(post.discussion_id, post.author_id) for post in posts}),
            "trainees": len(people),
            "participation_rate": len(participants) / len(people) if people else None,
            "units": self._units(people),
            "units_covered": self._units(participants),
            "comments": len(comments),
            "commented": len(waits),
            "comment_coverage": len(waits) / len(reflections) if reflections else None,
            "median_seconds_to_first_comment": median(waits) if waits else None,
            "characters": sum(post.characters for post in posts),
            "discussions": len({post.discussion_id for post in posts}) if by else len(self.discussions),
        }


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
