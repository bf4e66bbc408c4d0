"""What waits for a comment in a class, and in which order an instructor comes to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from forum.classes.models import Enrolment
from forum.db import db
from forum.discussions.counting import is_waiting
from forum.discussions.models import DeskMark, Discussion, Post
from forum.discussions.rows import Thread
from forum.discussions.threads import threads_of

PAGE = 20


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose desk it is. `mine`: without what they have marked read, and only their own group if they stand in one."""

    class_id: int
    member_id: int
    group_id: int | None = None
    mine: bool = True
    discussion_id: int | None = None

    def lies_here(self) -> sa.ColumnElement[bool]:
        """Of a reflection that waits, with its author's enrolment: it is on this desk."""
        if not self.mine:
            return sa.true()
        own_group = Enrolment.group_id == self.group_id if self.group_id else sa.true()
        return sa.and_(own_group, ~self.is_read())

    def is_read(self) -> sa.ColumnElement[bool]:
        return sa.exists().where(DeskMark.post_id == Post.id, DeskMark.member_id == self.member_id)


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """A reflection with its thread; `read` is the member's own mark."""

    discussion: Discussion
    thread: Thread
    read: bool

    @property
    def stamp(self) -> str:
        """Another one once anything that is shown of it has changed."""
        shown = [self.thread.reflection, *self.thread.replies]
        return f"{max(post.revision for post in shown)}-{self.thread.folded}-{self.read:d}"


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """`total` counts the items of all pages."""

    items: list[WaitingItem]
    total: int
    page: int

    @property
    def has_more(self) -> bool:
        return self.page * PAGE < self.total

    def seconds_until_change(self, now: datetime) -> float | None:
        """Until one of the discussions opens or closes without anybody doing it."""
        times = (item.discussion.seconds_until_change(now) for item in self.items)
        return min((time for time in times if time is not None), default=None)


def waiting_for(desk: Desk, *columns: Any) -> sa.Select[Any]:
    """Columns of every reflection that waits in the class, or in its one discussion, on this desk or on others'; with
    the discussion and its author's enrolment."""
    here = Discussion.id == desk.discussion_id if desk.discussion_id else sa.true()
    return (
        select(*columns)
        .select_from(Post)
        .join(Discussion, Discussion.id == Post.discussion_id)
        .join(Enrolment, sa.and_(Enrolment.class_id == Post.class_id, Enrolment.member_id == Post.author_id))
        .where(Discussion.class_id == desk.class_id, here, is_waiting())
    )


def page_of_waiting(desk: Desk, now: datetime, page: int = 1) -> WaitingPage:
    """Open discussions first; in them the longest waiting of each unit, then the second of each, and so on, so that
    nobody's fifth comes before another's first. In each round the groups take turns in the same way."""
    found = _in_turn(desk, now, page)
    if not found and page > 1:
        return page_of_waiting(desk, now)
    threads = threads_of({row[0].id for row in found}, [row[1] for row in found])
    items = [WaitingItem(row[0], threads[row[1]], bool(row[2])) for row in found]
    return WaitingPage(items, found[0][3] if found else 0, page)


def _in_turn(desk: Desk, now: datetime, page: int) -> list[Any]:
    """discussion, id, read, total"""
    columns = (
        Post.id,
        Post.discussion_id,
        Post.created_at,
        Enrolment.group_id,
        Enrolment.unit_id,
        sa.case((_is_open(now), 0), else_=1).label("shut"),
        sa.case((desk.is_read(), 1), else_=0).label("read"),
    )
    lying = waiting_for(desk, *columns).where(desk.lies_here()).subquery()
    rounds = _turns(lying, lying.c.shut, lying.c.unit_id)
    turns = _turns(rounds, rounds.c.shut, rounds.c.turn, rounds.c.group_id, name="group_turn")
    return list(
        db.session.execute(
            select(Discussion, turns.c.id, turns.c.read, sa.func.count().over())
            .join(Discussion, Discussion.id == turns.c.discussion_id)
            .order_by(turns.c.shut, turns.c.turn, turns.c.group_turn, turns.c.created_at, turns.c.id)
            .offset((page - 1) * PAGE)
            .limit(PAGE)
        )
    )


def _turns(rows: sa.Subquery, *parties: Any, name: str = "turn") -> sa.Subquery:
    """The rows with their place among those of the same party, by how long they have waited."""
    place = sa.func.row_number().over(partition_by=parties, order_by=(rows.c.created_at, rows.c.id))
    return select(*rows.c, place.label(name)).subquery()


def _is_open(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        sa.or_(Discussion.opens_at.is_(None), Discussion.opens_at <= now),
        sa.or_(Discussion.closes_at.is_(None), Discussion.closes_at > now),
    )
