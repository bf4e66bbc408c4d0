"""Checking in by the code in the room: the screen that shows it, and the page that it opens on a phone."""

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from forum import clock, policy
from forum.attendance import codes, operations, queries
from forum.attendance.figures import figures_by_activity
from forum.attendance.window import require_check_in_open, window_of
from forum.classes.models import Activity, TrainingClass
from forum.classes.queries import get_activity, get_class, trainees_by_group
from forum.db import commit, undo
from forum.errors import Refused
from forum.extensions import login_manager
from forum.qr import qr_svg
from forum.web import address_in_the_room, found, require

blueprint = Blueprint("check_in", __name__)

Answer = str | tuple[str, int] | Response
COOKIE = "check_in"


@blueprint.get("/classes/<slug>/activities/<int:activity_id>/check-in")
@login_required
def show_code(slug: str, activity_id: int) -> Answer:
    """For the screen in the room; the page asks for itself again as long as it is shown."""
    training_class = found(get_class(current_user, slug))
    require(policy.can_record_attendance, training_class)
    activity = found(get_activity(training_class, activity_id))
    now, refusal, code = clock.now(), _refusal(training_class, activity), None
    if refusal is None:
        signed = codes.code_for(activity.id, now, _secret())
        code = qr_svg(address_in_the_room(url_for(".show_check_in", code=signed)))
    return render_template(
        "attendance/code.html",
        training_class=training_class,
        activity=activity,
        window=window_of(activity, training_class.zone),
        code=code,
        refusal=refusal,
        figures=figures_by_activity(training_class).get(activity.id),
        expected=sum(trainees_by_group(training_class).values()),
    )


@blueprint.get("/check-in/<code>")
def show_check_in(code: str) -> Answer:
    """Who is to sign in first comes back here, with a pass instead of a code that has grown old meanwhile."""
    if not current_user.is_authenticated:
        return _with_pass(make_response(login_manager.unauthorized()), code)
    training_class, activity = _load(code)
    return _with_pass(make_response(_check_in_page(training_class, activity, code)), code)


@blueprint.post("/check-in/<code>")
@login_required
def check_in(code: str) -> Answer:
    training_class, activity = _load(code)
    if not _is_admitted(code, activity.id):
        undo()
        return _check_in_page(training_class, activity, code)
    try:
        operations.check_in(current_user, training_class, activity)
    except Refused:
        undo()
        return _check_in_page(training_class, activity, code)
    commit()
    return redirect(url_for(".show_check_in", code=code), 303)


def _load(code: str) -> tuple[TrainingClass, Activity]:
    named = found(queries.activity_with_class(found(codes.activity_of(code, _secret()))))
    training_class = found(get_class(current_user, named[1].slug))
    require(policy.can_check_in, training_class)
    return training_class, named[0]


def _check_in_page(training_class: TrainingClass, activity: Activity, code: str) -> tuple[str, int]:
    """410 for a code that is too old, 422 where there is no check-in now; who is in already is told so in any case."""
    done = queries.check_in_of(activity, current_user.id)
    refusal = None if done else _refusal(training_class, activity)
    is_old = not (done or refusal or _is_admitted(code, activity.id))
    page = render_template(
        "attendance/check_in.html",
        training_class=training_class,
        activity=activity,
        code=code,
        done=done,
        refusal=refusal,
        is_old=is_old,
    )
    return page, 410 if is_old else 422 if refusal else 200


def _refusal(training_class: TrainingClass, activity: Activity) -> str | None:
    try:
        require_check_in_open(training_class, activity, clock.now())
    except Refused as refused:
        return refused.reason
    return None


def _is_admitted(code: str, activity_id: int) -> bool:
    now = clock.now()
    return codes.is_good(code, now, _secret()) or codes.admits(
        request.cookies.get(COOKIE, ""), activity_id, now, _secret()
    )


def _with_pass(response: Response, code: str) -> Response:
    """Kept by the browser that scanned a good code, and by no other."""
    activity_id, now = codes.activity_of(code, _secret()), clock.now()
    if activity_id is not None and codes.is_good(code, now, _secret()):
        response.set_cookie(
            COOKIE,
            codes.pass_for(activity_id, now, _secret()),
            max_age=codes.PASS_FOR,
            path="/check-in",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
