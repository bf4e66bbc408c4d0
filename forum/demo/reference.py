"""Builds the reference classes from their texts, through the same operations as everybody, at times relative to now."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any

from forum import clock
from forum.attendance.operations import Ticks, add_speech, record_roll
from forum.classes.announcements import publish_announcement
from forum.classes.groups import add_group
from forum.classes.models import Activity, ActivityKind, Group, Kind, Role, TrainingClass
from forum.classes.operations import create_class, enrol_member
from forum.classes.programme import Link, add_activity
from forum.discussions.models import Discussion, Post, Stage
from forum.discussions.operations import feature_post, publish_post
from forum.discussions.setup import add_discussion
from forum.members.models import Member
from forum.members.operations import add_member, hash_password, note_sign_in, set_password
from forum.units.operations import ensure_unit

TEXTS = Path(__file__).parent
PASSWORD = "training-forum"  # noqa: S105 - of the demonstration's invented people, printed at its start


@dataclass(frozen=True, slots=True)
class Account:
    role: str
    email: str
    password: str
    name: str
    class_title: str


def build_reference_classes() -> list[Account]:
    """Both classes and the administrator; the accounts with which one can sign in."""
    administrator = add_member("Administrator", email="admin@example.org", is_administrator=True)
    set_password(administrator, hash_password(PASSWORD))
    accounts = [Account("administrator", "admin@example.org", PASSWORD, administrator.name, "")]
    for slug in ("branch-leaders", "key-members"):
        accounts += _build_class(slug)
    return accounts


def _build_class(slug: str) -> list[Account]:
    texts = tomllib.loads((TEXTS / f"{slug}.toml").read_text(encoding="utf-8"))
    posts_file = TEXTS / f"{slug}-posts.toml"
    if posts_file.exists():
        texts |= tomllib.loads(posts_file.read_text(encoding="utf-8"))
    described = texts["class"]
    days = _Days(clock.now().astimezone(clock.zone(described["timezone"])).date(), clock.zone(described["timezone"]))
    training_class = create_class(
        slug,
        described["title"],
        days.day(described["starts"]),
        days.day(described["ends"]),
        described["timezone"],
        Kind(described["kind"]),
        described["description"],
    )
    people, accounts = _enrol_people(training_class, texts["people"])
    activities, discussions = _add_programme(training_class, days, texts)
    _record_attendance(training_class, texts, people, activities)
    _announce(training_class, texts["announcements"], people, days)
    _publish_posts(texts["posts"], people, discussions, days)
    return accounts


def _enrol_people(
    training_class: TrainingClass, entries: list[dict[str, Any]]
) -> tuple[dict[str, Member], list[Account]]:
    people: dict[str, Member] = {}
    accounts: list[Account] = []
    groups: dict[str, Group] = {}
    for entry in entries:
        unit = ensure_unit(entry["unit"])
        member = add_member(entry["name"], email=entry.get("email"), unit=unit, position=entry.get("position", ""))
        name = entry.get("group")
        if name and name not in groups:
            groups[name] = add_group(training_class, name)
        organises = entry.get("organises", False)
        enrol_member(training_class, member, Role(entry["role"]), organises, groups.get(name or ""), unit)
        people[entry["key"]] = member
        if member.email:
            set_password(member, hash_password(PASSWORD))
            role = "organiser" if organises else entry["role"]
            accounts.append(Account(role, member.email, PASSWORD, member.name, training_class.title))
    return people, accounts


def _add_programme(
    training_class: TrainingClass, days: "_Days", texts: dict[str, Any]
) -> tuple[dict[str, Activity], dict[str, Discussion]]:
    activities = {
        entry["key"]: add_activity(
            training_class,
            ActivityKind(entry["kind"]),
            entry["title"],
            entry.get("speaker", ""),
            entry.get("place", ""),
            entry.get("description", ""),
            days.moment(f"{entry['day']} {entry['start']}"),
            days.moment(f"{entry['day']} {entry['end']}"),
            [Link(**link) for link in entry.get("materials", [])],
        )
        for entry in texts["activities"]
    }
    discussions = {
        entry["key"]: add_discussion(
            training_class,
            entry["title"],
            Stage(entry["stage"]),
            entry["prompt"].strip(),
            activities.get(entry.get("activity", "")),
            opens_at=days.moment(entry["opens"]),
            closes_at=days.moment(entry["closes"]),
        )
        for entry in texts["discussions"]
    }
    return activities, discussions


def _record_attendance(
    training_class: TrainingClass, texts: dict[str, Any], people: dict[str, Member], activities: dict[str, Activity]
) -> None:
    """Of each activity that is past and says who was absent: all the other trainees were there."""
    trainees = {entry["key"] for entry in texts["people"] if entry["role"] == Role.TRAINEE}
    recorder = next(people[entry["key"]] for entry in texts["people"] if entry.get("organises"))
    for entry in texts["activities"]:
        activity = activities[entry["key"]]
        if "absent" not in entry or not activity.ends_at or activity.ends_at > clock.now():
            continue
        with _time_stands_at(activity.ends_at):
            present = {people[key].id for key in trainees - set(entry["absent"])}
            record_roll(recorder, training_class, activity, Ticks(present))
            for speech in entry.get("speeches", []):
                who, minutes = people[speech["who"]], speech.get("minutes")
                add_speech(recorder, training_class, activity, who.id, speech["topic"], minutes)


def _announce(
    training_class: TrainingClass, entries: list[dict[str, Any]], people: dict[str, Member], days: "_Days"
) -> None:
    for entry in entries:
        with _time_stands_at(days.moment(entry["at"])):
            publish_announcement(people[entry["author"]], training_class, entry["title"], entry["body"].strip())


def _publish_posts(
    entries: list[dict[str, Any]], people: dict[str, Member], discussions: dict[str, Discussion], days: "_Days"
) -> None:
    """Each at its own time, in order of time, so that windows and numbers are as they were."""
    now = clock.now()

    def written_at(entry: dict[str, Any]) -> datetime:
        return now - timedelta(minutes=entry["ago"]) if "ago" in entry else days.moment(entry["at"])

    posts: dict[str, Post] = {}
    for entry in sorted(entries, key=written_at):
        author, discussion = people[entry["author"]], discussions[entry["discussion"]]
        parent = posts[entry["reply_to"]].number if "reply_to" in entry else None
        with _time_stands_at(written_at(entry)):
            post = publish_post(author, discussion, entry["body"].strip(), parent, f"reference-{entry['id']}")
            posts[entry["id"]] = post
            if author.first_signed_in_at is None:
                note_sign_in(author.id)
            if entry.get("featured"):
                feature_post(author, post)


@contextmanager
def _time_stands_at(moment: datetime) -> Iterator[None]:
    real, clock.now = clock.now, lambda: moment
    try:
        yield
    finally:
        clock.now = real


@dataclass(frozen=True, slots=True)
class _Days:
    """Days counted from today, in the class's time zone."""

    today: date
    zone: tzinfo

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def moment(self, text: str) -> datetime:
        """ "-2 08:41" is two days ago at 08:41."""
        offset, at = text.split()
        return datetime.combine(self.day(int(offset)), time.fromisoformat(at), self.zone)
