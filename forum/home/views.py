"""The first page and the page of a class."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import Blueprint, render_template
from flask_login import current_user, login_required

from forum import clock
from forum.classes import queries as classes
from forum.classes.models import Activity, Enrolment, Role, TrainingClass
from forum.discussions.models import Discussion
from forum.discussions.queries import discussions_not_closed, discussions_of
from forum.statistics.figures import class_figures
from forum.web import found

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class ClassEntry:
    training_class: TrainingClass
    role: str | None
    organises: bool
    discussions: list[Discussion]


@dataclass(frozen=True, slots=True)
class DiscussionEntry:
    discussion: Discussion
    posts: int
    participants: int
    trainees: int
    comments: int


@blueprint.get("/")
@login_required
def home() -> str:
    now = clock.now()
    enrolments = classes.enrolments_of(current_user)
    waiting = discussions_not_closed(current_user, now)
    entries = [
        _class_entry(training_class, enrolments.get(training_class.id), waiting)
        for training_class in classes.classes_of(current_user)
    ]
    return render_template("home/home.html", classes=entries, now=now)


@blueprint.get("/classes/<slug>")
@login_required
def show_class(slug: str) -> str:
    training_class = found(classes.get_class(current_user, slug))
    classes.get_enrolment(current_user, training_class.id)
    answer = class_figures(training_class, by="discussion")
    rows = {row.key: row for row in answer.rows}
    entries = [
        DiscussionEntry(entry, row.posts, row.participants, row.trainees, row.comments)
        for entry in discussions_of(current_user, training_class)
        if (row := rows[entry.id])
    ]
    people = classes.roster(training_class)
    return render_template(
        "home/class.html",
        training_class=training_class,
        programme=_by_day(training_class, classes.programme(training_class)),
        discussions=entries,
        figures=answer.totals,
        people={
            "trainees": sum(1 for person in people if person.role is Role.TRAINEE),
            "instructors": [person for person in people if person.role is Role.INSTRUCTOR],
            "observers": sum(1 for person in people if person.role is Role.OBSERVER),
        },
        now=clock.now(),
    )


def _class_entry(training_class: TrainingClass, enrolment: Enrolment | None, waiting: list[Discussion]) -> ClassEntry:
    return ClassEntry(
        training_class,
        role=enrolment.role.value if enrolment else None,
        organises=bool(enrolment and enrolment.organises),
        discussions=[entry for entry in waiting if entry.class_id == training_class.id],
    )


def _by_day(training_class: TrainingClass, activities: list[Activity]) -> list[tuple[date | None, list[Activity]]]:
    def day_of(activity: Activity) -> date | None:
        return activity.starts_at.astimezone(training_class.zone).date() if activity.starts_at else None

    return [(day, list(entries)) for day, entries in groupby(activities, key=day_of)]
