"""The figures of a class once more, in plain Python, post by post.

It shares nothing with the SQL of `queries`, so that a mistake there is found here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from forum import clock
from forum.classes.models import Role, TrainingClass
from forum.discussions.models import Audience
from forum.statistics import counting
from forum.statistics.scope import ABOVE, NONE, By
from forum.units.models import SEPARATOR

ROWS_OF_TIME = ("week", "hour")


class Recount:
    """One class; `look` is shown each of its posts as it comes by. `units` are the paths of all units by id."""

    def __init__(self, training_class: TrainingClass, units: dict[int, str], look: Callable[[Any], None]) -> None:
        self.training_class, self.units = training_class, units
        self.unit_ids = {path: id_ for id_, path in units.items()}
        self.discussions = {entry.id: entry for entry in counting.discussions_of_class(training_class.id)}
        self.enrolments = {entry.member_id: entry for entry in counting.enrolments_of_class(training_class.id)}
        self.groups = counting.groups_of_discussions(training_class.id)
        self.counted: list[Any] = []
        self.comments: list[Any] = []
        self._read_posts(look)
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

    def _read_posts(self, look: Callable[[Any], None]) -> None:
        for post in counting.posts_of_class(self.training_class.id):
            if post.discussion_id not in self.discussions:
                continue
            look(post)
            if post.hidden_at is None and post.deleted_at is None:
                if post.role is Role.TRAINEE:
                    self.counted.append(post)
                elif post.role is Role.INSTRUCTOR:
                    self.comments.append(post)

    def levels(self) -> range:
        """The depths of the tree that rows by unit can be rolled up to."""
        paths = [self.units[entry.unit_id] for entry in self.enrolments.values() if entry.unit_id]
        return range(max((path.count(SEPARATOR) + 1 for path in paths), default=0))

    def totals(self) -> dict[str, Any]:
        figures = self._figures(self.counted, self.comments, self.trainees)
        return figures | {"discussions": len(self.discussions)}

    def rows(self, by: By, level: int | None) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Key and figures of every row in which somebody wrote, or could have."""
        posts = self._grouped(self.counted, by, level)
        comments, people = self._grouped_comments(by, level), self._people(by, level)
        for key in list(posts.keys() | comments.keys() | people.keys()):
            everybody = self.trainees if by in ROWS_OF_TIME else people[key]
            if posts[key] or comments[key] or everybody:
                yield key, self._figures(posts[key], comments[key], everybody)

    def _key(self, post: Any, by: By, level: int | None) -> Any:
        if by in ROWS_OF_TIME:
            moment = post.created_at.astimezone(self.training_class.zone)
            return str(clock.monday_of(moment.date())) if by == "week" else moment.hour
        if by == "discussion":
            return post.discussion_id
        if by == "stage":
            return self.discussions[post.discussion_id].stage.value
        return self._key_of_person(post.author_id, by, level)

    def _key_of_person(self, member_id: int, by: By, level: int | None) -> int:
        if by == "trainee":
            return member_id
        enrolment = self.enrolments[member_id]
        if by == "group":
            return enrolment.group_id or NONE
        if enrolment.unit_id is None or level is None:
            return enrolment.unit_id or NONE
        names = self.units[enrolment.unit_id].split(SEPARATOR)
        return self.unit_ids[SEPARATOR.join(names[: level + 1])] if len(names) > level else ABOVE

    def _grouped(self, posts: list[Any], by: By, level: int | None) -> dict[Any, list[Any]]:
        grouped: dict[Any, list[Any]] = defaultdict(list)
        for post in posts:
            grouped[self._key(post, by, level)].append(post)
        return grouped

    def _grouped_comments(self, by: By, level: int | None) -> dict[Any, list[Any]]:
        """By discussion, stage and time the comments written there; of people those below their reflections."""
        if by not in ("trainee", "unit", "group"):
            return self._grouped(self.comments, by, level)
        reflections = {post.id: post for post in self.counted if post.root_id is None}
        grouped: dict[Any, list[Any]] = defaultdict(list)
        for comment in self.comments:
            if comment.root_id in reflections:
                grouped[self._key(reflections[comment.root_id], by, level)].append(comment)
        return grouped

    def _people(self, by: By, level: int | None) -> dict[Any, set[int]]:
        """The trainees of each row; of a week or an hour they are all of them."""
        people: dict[Any, set[int]] = defaultdict(set)
        if by in ROWS_OF_TIME:
            return people
        if by in ("discussion", "stage"):
            for discussion in self.discussions.values():
                key = discussion.id if by == "discussion" else discussion.stage.value
                people[key] |= self._audience(discussion.id)
            return people
        for member_id in self.trainees:
            people[self._key_of_person(member_id, by, level)].add(member_id)
        return people

    def _audience(self, discussion_id: int) -> set[int]:
        if self.discussions[discussion_id].audience is Audience.CLASS:
            return self.trainees
        groups = self.groups.get(discussion_id, set())
        spoke_here = {post.author_id for post in self.counted if post.discussion_id == discussion_id}
        return {person for person in self.trainees if self.enrolments[person].group_id in groups} | spoke_here

    def _units(self, people: set[int]) -> int:
        return len({self.enrolments[person].unit_id for person in people} - {None})

    def _figures(self, posts: list[Any], comments: list[Any], people: set[int]) -> dict[str, Any]:
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
            "discussions": len({post.discussion_id for post in posts}),
        }
