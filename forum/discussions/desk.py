"""The instructor's desk: what waits for a comment in a class, to be commented, featured, hidden or let go in place."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, get_flashed_messages, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_required

from forum import clock, policy
from forum.classes.models import Enrolment, Role, TrainingClass
from forum.classes.queries import get_class, get_enrolment
from forum.db import commit
from forum.discussions.desk_marks import read_post, unread_post
from forum.discussions.figures import desk_summary
from forum.discussions.models import Discussion
from forum.discussions.pages import new_form
from forum.discussions.queries import get_discussion, get_post
from forum.discussions.waiting import Desk, page_of_waiting
from forum.members.models import Member
from forum.web import found, onward, page_argument, require

blueprint = Blueprint("desk", __name__)


@blueprint.get("/classes/<slug>/desk")
@login_required
def show_desk(slug: str) -> str:
    """Whole, or for the page's script what changes on it."""
    training_class = found(get_class(current_user, slug))
    require(policy.can_use_desk, training_class)
    now, enrolment, only = clock.now(), _enrolment(training_class), _only(training_class)
    group = enrolment.group if enrolment else None
    desk = Desk(
        training_class.id,
        current_user.id,
        group_id=group.id if group else None,
        mine=request.args.get("show") != "all",
        discussion_id=only.id if only else None,
    )
    is_fragment = request.args.get("fragment") == "list"
    return render_template(
        "discussions/_desk.html" if is_fragment else "discussions/desk.html",
        training_class=training_class,
        zone=training_class.zone,
        now=now,
        desk=desk,
        waiting=page_of_waiting(desk, now, page_argument("page") or 1),
        figures=desk_summary(desk),
        only=only,
        group=group,
        comments=enrolment is not None and enrolment.role is Role.INSTRUCTOR,
        form=new_form(),
        said=get_flashed_messages() if is_fragment else [],
    )


@blueprint.post("/discussions/<int:discussion_id>/posts/<int:number>/read")
@login_required
def read(discussion_id: int, number: int) -> Any:
    return _mark(discussion_id, number, read_post, _l("Marked as read."))


@blueprint.post("/discussions/<int:discussion_id>/posts/<int:number>/unread")
@login_required
def unread(discussion_id: int, number: int) -> Any:
    return _mark(discussion_id, number, unread_post, _l("It is back on your desk."))


def _enrolment(training_class: TrainingClass) -> Enrolment | None:
    enrolment = get_enrolment(current_user, training_class.id)
    return enrolment if enrolment is not None and enrolment.is_active else None


def _only(training_class: TrainingClass) -> Discussion | None:
    """The one discussion that is asked for, if it is of this class."""
    number = page_argument("discussion")
    discussion = get_discussion(current_user, number) if number else None
    return discussion if discussion is not None and discussion.class_id == training_class.id else None


def _mark(discussion_id: int, number: int, operation: Callable[[Member, Any], None], said: Any) -> Any:
    discussion = found(get_discussion(current_user, discussion_id))
    require(policy.can_use_desk, discussion.training_class)
    slug, post = discussion.training_class.slug, found(get_post(discussion, number))
    operation(current_user._get_current_object(), post)
    commit()
    return onward(url_for(".show_desk", slug=slug), said)
