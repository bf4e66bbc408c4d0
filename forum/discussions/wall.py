"""The projector wall: a discussion's newest reflections and comments, large, for the room to read."""

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user, login_required

from forum import clock, policy
from forum.discussions import figures, queries, threads
from forum.qr import qr_svg
from forum.web import address_in_the_room, found, require

blueprint = Blueprint("wall", __name__, url_prefix="/discussions")

POSTS_SHOWN = 12
THEMES = ("light", "dark")


@blueprint.get("/<int:discussion_id>/wall")
@login_required
def show_wall(discussion_id: int) -> str:
    """`?names=0` leaves out who wrote, `?theme=light` and `dark` follow the room and not the computer."""
    discussion = found(queries.get_discussion(current_user, discussion_id))
    require(policy.can_show_wall, discussion)
    asked, now = request.args, clock.now()
    theme = asked.get("theme", "")
    address = address_in_the_room(url_for("discussions.show_discussion", discussion_id=discussion.id))
    return render_template(
        "discussions/wall.html",
        discussion=discussion,
        now=now,
        state=discussion.state_at(now).value,
        due=discussion.seconds_until_change(now),
        posts=threads.newest_posts(discussion.id, POSTS_SHOWN),
        figures=figures.discussion_summary(discussion),
        names=asked.get("names") != "0",
        theme=theme if theme in THEMES else None,
        address=address,
        code=qr_svg(address),
    )
