"""What the first page and the page of a class are made of, for the person who looks."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask_login import current_user

from forum import policy
from forum.attendance.figures import figures_by_activity
from forum.classes import queries as classes
from forum.classes.models import Activity, Kind, Role, TrainingClass
from forum.discussions.models import State
from forum.home import counting, queries
from forum.home.figures import ClassSummary, class_summary
from forum.home.rows import DiscussionRow, Silent, Waiting

FEWEST_FOLDED = 2
ANNOUNCEMENTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ClassEntry:
    """A class of the person's, and what they are there."""

    training_class: TrainingClass
    role: str | None
    organises: bool
    sees_figures: bool
    is_past: bool


@dataclass(frozen=True, slots=True)
class DiscussionEntry:
    """A discussion as this person meets it. `is_locked`: under post first they have not spoken, so nothing of the
    others is told; `silent` is for organisers, `waiting` for instructors."""

    row: DiscussionRow
    state: State
    role: str | None
    organises: bool
    is_locked: bool
    silent: Silent | None = None
    waiting: Waiting | None = None
    is_all_commented: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps in setting up a class."""

    name: str
    path: str
    done: bool


def home_page(now: datetime) -> dict[str, Any]:
    entries = _class_entries(now)
    roles = {entry.training_class.id: entry for entry in entries}
    rows = [row for row in queries.current_discussions(current_user, now) if row.discussion.class_id in roles]
    is_open = [row for row in rows if row.discussion.state_at(now) is State.OPEN]
    organised = [row.discussion.id for row in is_open if roles[row.discussion.class_id].organises]
    instructed = [row.discussion.id for row in is_open if roles[row.discussion.class_id].role == Role.INSTRUCTOR]
    silent = counting.silent_trainees(organised)
    waiting = counting.waiting_reflections(instructed)
    by_state: dict[State, list[DiscussionEntry]] = {state: [] for state in State}
    for row in rows:
        place, key = roles[row.discussion.class_id], row.discussion.id
        entry = replace(
            _discussion_entry(row, now, place.role, place.organises),
            silent=silent.get(key),
            waiting=waiting.get(key),
            is_all_commented=bool(key in instructed and row.posts and key not in waiting),
        )
        by_state[entry.state].append(entry)
    return {
        "open": by_state[State.OPEN],
        "upcoming": sorted(by_state[State.UPCOMING], key=_opening),
        "closed": by_state[State.CLOSED][::-1],
        "comments": queries.comments_for(current_user, now),
        "unanswered": queries.unanswered_by(current_user, now),
        "current_classes": [entry for entry in entries if not entry.is_past],
        "past_classes": [entry for entry in entries if entry.is_past],
        "may_found": current_user.is_administrator
        or any(entry.organises and not entry.training_class.is_archived for entry in entries),
    }


def class_page(training_class: TrainingClass, now: datetime) -> dict[str, Any]:
    enrolment = classes.get_enrolment(current_user, training_class.id)
    role = enrolment.role.value if enrolment and enrolment.is_active else None
    organises = policy.can_organise(current_user, training_class)
    rows = queries.class_discussions(current_user, training_class)
    discussions = [_discussion_entry(row, now, role, organises) for row in rows]
    programme, figures = classes.programme(training_class), class_summary(training_class)
    return {
        "open": sorted((entry for entry in discussions if entry.state is State.OPEN), key=_closing),
        "upcoming": [entry for entry in discussions if entry.state is State.UPCOMING],
        "closed": [entry for entry in discussions if entry.state is State.CLOSED],
        **_by_day(training_class, programme, now),
        "room": figures_by_activity(training_class),
        "announcements": classes.latest_announcements(training_class, ANNOUNCEMENTS_SHOWN),
        "figures": figures,
        "instructors": queries.instructors_of(training_class),
        "organises": organises,
        "steps": _first_steps(training_class, bool(programme), figures) if organises else [],
    }


def _class_entries(now: datetime) -> list[ClassEntry]:
    enrolments, found = classes.enrolments_of(current_user), []
    for training_class in classes.classes_of(current_user):
        current_user.enrolments_seen.setdefault(training_class.id, None)
        enrolment = enrolments.get(training_class.id)
        found.append(
            ClassEntry(
                training_class,
                role=enrolment.role.value if enrolment and enrolment.is_active else None,
                organises=policy.can_organise(current_user, training_class),
                sees_figures=policy.can_see_figures(current_user, training_class),
                is_past=is_past(training_class, now),
            )
        )
    return found


def is_past(training_class: TrainingClass, now: datetime) -> bool:
    return training_class.is_archived or training_class.ends_on < now.astimezone(training_class.zone).date()


def _discussion_entry(row: DiscussionRow, now: datetime, role: str | None, organises: bool) -> DiscussionEntry:
    is_held_to_it = role == Role.TRAINEE and not organises
    is_locked = row.discussion.post_first and is_held_to_it and row.spoken_at is None
    return DiscussionEntry(row, row.discussion.state_at(now), role, organises, is_locked)


def _opening(entry: DiscussionEntry) -> tuple[bool, Any]:
    opens_at = entry.row.discussion.opens_at
    return opens_at is None, opens_at


def _closing(entry: DiscussionEntry) -> tuple[bool, Any]:
    closes_at = entry.row.discussion.closes_at
    return closes_at is None, closes_at or 0


def _first_steps(training_class: TrainingClass, has_programme: bool, figures: ClassSummary) -> list[Step]:
    """What is left to do before a class can begin; nothing once all is done, somebody wrote, or it is archived."""
    steps = [
        Step("programme", "/programme", has_programme),
        Step("roster", "/roster", figures.enrolled > 0),
        Step("slips", "/slips", figures.enrolled > 0 and not figures.without_slip),
        Step("discussion", "/discussions/new", figures.discussions > 0),
    ]
    if training_class.kind is Kind.SALON:
        steps = [step for step in steps if step.name != "programme"]
    is_over = training_class.is_archived or figures.participants
    return [] if is_over or all(step.done for step in steps) else steps


def _by_day(training_class: TrainingClass, activities: list[Activity], now: datetime) -> dict[str, Any]:
    """While the class is on, the days behind it, to be folded, and those from today on."""

    def day_of(activity: Activity) -> date | None:
        return activity.starts_at.astimezone(training_class.zone).date() if activity.starts_at else None

    days = [(day, list(entries)) for day, entries in groupby(activities, key=day_of)]
    today = now.astimezone(training_class.zone).date()
    behind = [entry for entry in days if entry[0] is not None and entry[0] < today]
    if len(behind) < FEWEST_FOLDED or len(behind) == len(days):
        behind = []
    return {"days_behind": behind, "programme": days[len(behind) :]}
