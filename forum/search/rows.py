"""What a search finds."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from forum import clock
from forum.classes.models import Role


@dataclass(frozen=True, slots=True)
class PostRow:
    id: int
    discussion_id: int
    number: int
    author: str
    role: Role
    created_at: datetime
    html: str
    discussion_title: str
    class_title: str
    timezone: str

    @property
    def is_comment(self) -> bool:
        return self.role is Role.INSTRUCTOR

    @property
    def zone(self) -> tzinfo:
        return clock.zone(self.timezone)
