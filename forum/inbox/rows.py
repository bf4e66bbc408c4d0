"""A notification as it is shown, in words."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from forum import clock
from forum.discussions.rows import excerpt
from forum.i18n import gettext as _
from forum.notifications.models import Kind


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """`number` is the post it is about, `own_number` the member's own above that; `html` is that post's, where the
    member may read it."""

    id: int
    kind: Kind
    discussion_id: int
    discussion_title: str
    timezone: str
    closes_at: datetime | None
    number: int | None
    own_number: int | None
    name: str | None
    created_at: datetime
    read_at: datetime | None
    html: str | None

    @property
    def zone(self) -> tzinfo:
        return clock.zone(self.timezone)

    @property
    def excerpt(self) -> str:
        return excerpt(self.html) if self.html else ""

    @property
    def is_of_post(self) -> bool:
        return self.number is not None

    @property
    def words(self) -> str:
        match self.kind:
            case Kind.REPLY:
                return _("%(name)s replied below your post #%(number)s", name=self.name, number=self.own_number)
            case Kind.COMMENT:
                return _("%(name)s commented below your post #%(number)s", name=self.name, number=self.own_number)
            case Kind.FEATURED:
                return _("Your post #%(number)s was featured", number=self.number)
            case Kind.OPENING:
                return _("“%(title)s” is open", title=self.discussion_title)
            case Kind.CLOSING:
                return _("“%(title)s” closes soon and waits for your reflection", title=self.discussion_title)
            case Kind.REMINDER:
                return _("%(name)s asks for your reflection: “%(title)s”", name=self.name, title=self.discussion_title)
