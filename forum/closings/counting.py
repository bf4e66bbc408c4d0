"""What the figures of one discussion are made of at a moment, and the figures that follow from it, in plain Python:
it shares nothing with the SQL of the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted post; `root` None for a reflection."""

    author: int
    root: int | None
    characters: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`trainees` of the audience with unit and group, counted `posts`, and `comments` with the reflection they stand
    below; all by id. `written` has the time of each of these posts."""

    trainees: dict[int, tuple[int | None, int | None]]
    posts: dict[int, Counted]
    comments: dict[int, int | None]
    written: Mapping[int, datetime]

    def as_json(self) -> dict[str, Any]:
        return {
            "trainees": [[member, *place] for member, place in self.trainees.items()],
            "posts": [[number, post.author, post.root, post.characters] for number, post in self.posts.items()],
            "comments": [list(pair) for pair in self.comments.items()],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any], written: Mapping[int, datetime]) -> "Snapshot":
        return cls(
            {member: (unit, group) for member, unit, group in kept["trainees"]},
            {post: Counted(author, root, characters) for post, author, root, characters in kept["posts"]},
            dict(kept["comments"]),
            written,
        )

    def figures(self) -> dict[str, Any]:
        """By the names and definitions of the glossary; rates are fractions, times seconds."""
        reflections = [post for post, counted in self.posts.items() if counted.root is None]
        speakers = {counted.author for counted in self.posts.values()}
        waits = self._waits(reflections)
        return {
            "posts": len(self.posts),
            "reflections": len(reflections),
            "replies": len(self.posts) - len(reflections),
            "participants": len(speakers),
            "person_times": len(speakers),
            "trainees": len(self.trainees),
            "participation_rate": len(speakers) / len(self.trainees) if self.trainees else None,
            "units": self._units(set(self.trainees)),
            "units_covered": self._units(speakers),
            "comments": len(self.comments),
            "commented": len(waits),
            "comment_coverage": len(waits) / len(reflections) if reflections else None,
            "median_seconds_to_first_comment": median(waits) if waits else None,
            "characters": sum(counted.characters for counted in self.posts.values()),
            "discussions": 1,
        }

    def _waits(self, reflections: list[int]) -> list[float]:
        """Of each commented reflection, the seconds until its first comment."""
        first: dict[int, datetime] = {}
        for comment, root in self.comments.items():
            if root is not None:
                first[root] = min(first.get(root, self.written[comment]), self.written[comment])
        return [(first[post] - self.written[post]).total_seconds() for post in reflections if post in first]

    def _units(self, people: set[int]) -> int:
        return len({unit for member, (unit, _group) in self.trainees.items() if member in people} - {None})
