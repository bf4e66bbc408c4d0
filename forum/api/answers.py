"""What the forum knows, in the shapes of the API. Times are those of the class's zone."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from forum import clock
from forum.api import schemas
from forum.api.models import Scope
from forum.api.queries import PostRow
from forum.classes.models import Enrolment, TrainingClass
from forum.discussions.models import Discussion
from forum.members.models import Member
from forum.statistics.figures import Figures, class_figures

NOTHING = Figures(0, 0, 0, 0, 0, 0, None, 0, 0, 0, 0, None, None, 0, 0)


def member_answer(member: Member, token_name: str, scope: Scope) -> schemas.Member:
    return schemas.Member(
        id=member.id,
        name=member.name,
        email=member.email,
        position=member.position,
        unit=member.unit.path if member.unit else None,
        administrator=member.is_administrator,
        language=member.locale,
        token=schemas.Token(token_name, scope),
    )


def class_answer(training_class: TrainingClass, enrolment: Enrolment | None) -> schemas.TrainingClass:
    is_enrolled = enrolment is not None and enrolment.is_active
    return schemas.TrainingClass(
        slug=training_class.slug,
        title=training_class.title,
        kind=training_class.kind,
        description=training_class.description,
        starts_on=training_class.starts_on,
        ends_on=training_class.ends_on,
        timezone=training_class.timezone,
        archived=training_class.is_archived,
        role=enrolment.role if enrolment is not None and is_enrolled else None,
        organises=enrolment is not None and is_enrolled and enrolment.organises,
    )


def discussions_answer(training_class: TrainingClass, discussions: list[Discussion]) -> schemas.Discussions:
    """With the figures of all of them, in as many statements as those of the class take."""
    rows: Mapping[int | str, Figures] = {row.key: row for row in class_figures(training_class, "discussion").rows}
    return schemas.Discussions([_discussion(each, rows.get(each.id, NOTHING)) for each in discussions])


def discussion_answer(discussion: Discussion) -> schemas.Discussion:
    totals = class_figures(discussion.training_class, discussion=discussion).totals
    return _discussion(discussion, totals)


def _discussion(discussion: Discussion, figures: Figures) -> schemas.Discussion:
    zone = discussion.training_class.zone
    return schemas.Discussion(
        id=discussion.id,
        class_slug=discussion.training_class.slug,
        title=discussion.title,
        prompt=discussion.prompt,
        prompt_html=discussion.prompt_html,
        stage=discussion.stage,
        state=discussion.state_at(clock.now()),
        opens_at=_there(discussion.opens_at, zone),
        closes_at=_there(discussion.closes_at, zone),
        audience=discussion.audience,
        post_first=discussion.post_first,
        revision=discussion.revision,
        figures=schemas.Participation(
            posts=figures.posts,
            reflections=figures.reflections,
            replies=figures.replies,
            participants=figures.participants,
            trainees=figures.trainees,
            participation_rate=figures.participation_rate,
            comments=figures.comments,
            commented=figures.commented,
            comment_coverage=figures.comment_coverage,
        ),
    )


def post_answer(row: PostRow, zone: tzinfo, may_read_hidden: bool) -> schemas.Post:
    shows_text = not row.deleted and (may_read_hidden or not row.hidden)
    return schemas.Post(
        number=row.number,
        parent=row.parent,
        depth=row.depth,
        author=schemas.Author(row.author_id, row.name, row.role, row.unit),
        body=row.body if shows_text else None,
        html=row.html if shows_text else None,
        created_at=row.created_at.astimezone(zone),
        edited_at=_there(row.edited_at, zone),
        late=row.late,
        featured=row.featured,
        hidden=row.hidden,
        deleted=row.deleted,
    )


def _there(moment: datetime | None, zone: tzinfo) -> datetime | None:
    return moment.astimezone(zone) if moment else None
