"""The page of one's notifications, and the reminder to those who have not been heard."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import ngettext
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from forum import clock, policy
from forum.db import after_commit, commit, expect_reading, undo
from forum.discussions.broadcasts import notifications_changed
from forum.discussions.models import Discussion, State
from forum.discussions.queries import get_discussion
from forum.errors import Refused
from forum.home.counting import silent_trainees
from forum.home.rows import Silent
from forum.inbox import operations, queries
from forum.inbox.rows import NotificationRow
from forum.jobs import later, send_letters
from forum.notifications.models import Kind, Notification
from forum.notifications.operations import mark_read
from forum.notifications.queries import latest_round
from forum.web import found, page_argument, require

blueprint = Blueprint("inbox", __name__)

Answer = str | tuple[str, int] | Response
ON_A_PAGE = 30


@blueprint.get("/notifications")
@login_required
def show_notifications() -> Answer:
    """`?before=` is the id of the last one seen."""
    before = page_argument("before")
    older = [Notification.id < before] if before else []
    rows = queries.notifications_of(current_user, *older, limit=ON_A_PAGE + 1)
    shown = rows[:ON_A_PAGE]
    return render_template(
        "inbox/notifications.html", rows=shown, older=shown[-1].id if len(rows) > ON_A_PAGE else None
    )


@blueprint.get("/notifications/<int:notification_id>")
@login_required
def open_notification(notification_id: int) -> Answer:
    """Marks it read and goes to what it is about: a link, so that it opens in a new tab as well."""
    row = found(queries.get_notification(current_user, notification_id))
    # It was found without the lock that writing takes from the start.
    undo()
    expect_reading(False)
    if row.read_at is None and mark_read(current_user, Notification.id == row.id):
        after_commit(notifications_changed, current_user.id)
        commit()
    return redirect(_place(row), 303)


@blueprint.post("/notifications/read")
@login_required
def mark_all_read() -> Answer:
    if mark_read(current_user):
        after_commit(notifications_changed, current_user.id)
    commit()
    return redirect(url_for(".show_notifications"), 303)


@blueprint.get("/discussions/<int:discussion_id>/remind")
@login_required
def show_silent(discussion_id: int) -> Answer:
    return _silent_page(_load(discussion_id))


@blueprint.post("/discussions/<int:discussion_id>/remind")
@login_required
def remind(discussion_id: int) -> Answer:
    try:
        told = operations.remind(current_user, _load(discussion_id))
    except Refused as refused:
        undo()
        return _silent_page(_load(discussion_id), refused.reason), 422
    later(send_letters)
    commit()
    flash(ngettext("%(num)s trainee is reminded.", "%(num)s trainees are reminded.", told))
    return redirect(url_for("discussions.show_discussion", discussion_id=discussion_id), 303)


def _load(discussion_id: int) -> Discussion:
    discussion = found(get_discussion(current_user, discussion_id))
    require(policy.can_remind, discussion)
    return discussion


def _silent_page(discussion: Discussion, refusal: str | None = None) -> str:
    silent = silent_trainees([discussion.id]).get(discussion.id, Silent(0, []))
    return render_template(
        "inbox/silent.html",
        discussion=discussion,
        silent=silent,
        last=latest_round(discussion.id, Kind.REMINDER),
        is_open=discussion.state_at(clock.now()) is State.OPEN,
        refusal=refusal,
    )


def _place(row: NotificationRow) -> str:
    post = {"show": row.number, "_anchor": f"post-{row.number}"} if row.number else {}
    return url_for("discussions.show_discussion", discussion_id=row.discussion_id, **post)  # type: ignore[arg-type]
