"""Who may do what: one function a verb, each asked by view, template, API and socket alike.

Whether a thing can be seen at all is decided before, by the queries that load it; whether it can be done *now* (a
closed discussion, an answered post) is decided after, by the operation, which gives the text back.
"""

from forum.classes.models import Enrolment, Role, TrainingClass
from forum.classes.queries import get_enrolment, is_staff_anywhere, organises_any
from forum.discussions.models import Discussion, Post
from forum.discussions.queries import has_spoken
from forum.members.models import Member


def _enrolment(member: Member, class_id: int) -> Enrolment | None:
    enrolment = get_enrolment(member, class_id)
    return enrolment if enrolment is not None and enrolment.is_active else None


def _role(member: Member, class_id: int) -> Role | None:
    enrolment = _enrolment(member, class_id)
    return enrolment.role if enrolment else None


def _organises(member: Member, class_id: int) -> bool:
    enrolment = _enrolment(member, class_id)
    return member.is_administrator or (enrolment is not None and enrolment.organises)


def _is_staff(member: Member, class_id: int) -> bool:
    return _organises(member, class_id) or _role(member, class_id) is Role.INSTRUCTOR


def can_use_second_step(member: Member, _nothing: object = None) -> bool:
    """Who reads and changes more than their own: administrators, and the staff of any class."""
    return member.is_administrator or is_staff_anywhere(member)


def can_end_second_step(member: Member, other: Member) -> bool:
    """Of somebody who lost the phone: an administrator, who ends their own with password and code like everybody, and
    another administrator's on the command line alone."""
    return member.is_administrator and not other.is_administrator


def can_change_contact(member: Member, other: Member) -> bool:
    """The phone number and address of an account, which lead into it: another administrator's not."""
    return member.is_administrator and (member.id == other.id or not other.is_administrator)


def can_administer(member: Member, _nothing: object = None) -> bool:
    """Accounts, units, the audit log, the state of the service. Organisers see nothing of it."""
    return member.is_administrator


def can_create_class(member: Member, _nothing: object = None) -> bool:
    """There is no class yet that could say who may: administrators, and who organises another."""
    return member.is_administrator or organises_any(member)


def can_organise(member: Member, training_class: TrainingClass) -> bool:
    return _organises(member, training_class.id)


def can_moderate(member: Member, training_class: TrainingClass) -> bool:
    """Look through what was hidden: who may hide and restore."""
    return _is_staff(member, training_class.id)


def can_use_desk(member: Member, training_class: TrainingClass) -> bool:
    """What waits for a comment, and who has had none: for instructors and organisers."""
    return _is_staff(member, training_class.id)


def can_see_figures(member: Member, training_class: TrainingClass) -> bool:
    """The figures name who has not spoken: for instructors, organisers, observers."""
    return _is_staff(member, training_class.id) or _role(member, training_class.id) is Role.OBSERVER


def can_record_attendance(member: Member, training_class: TrainingClass) -> bool:
    """Put down who was there and who spoke, and show the code that people check in by."""
    return _is_staff(member, training_class.id)


def can_check_in(member: Member, training_class: TrainingClass) -> bool:
    """For oneself: whoever is in the class, in any role."""
    return _enrolment(member, training_class.id) is not None


def can_show_wall(member: Member, discussion: Discussion) -> bool:
    """Put names and posts on a screen in front of the room: whoever sees the figures may."""
    return can_see_figures(member, discussion.training_class)


def can_remind(member: Member, discussion: Discussion) -> bool:
    """Those who have not been heard in it: for instructors and organisers."""
    return _is_staff(member, discussion.class_id)


def can_post(member: Member, discussion: Discussion) -> bool:
    return _role(member, discussion.class_id) in (Role.TRAINEE, Role.INSTRUCTOR)


def can_read_posts(member: Member, discussion: Discussion) -> bool:
    """Under *post first* a trainee reads the others after having posted."""
    if not discussion.post_first or _role(member, discussion.class_id) is not Role.TRAINEE:
        return True
    return _organises(member, discussion.class_id) or has_spoken(member, discussion)


def can_like_posts(member: Member, discussion: Discussion) -> bool:
    """Whoever is in the class and reads along, until it is archived."""
    enrolled = _enrolment(member, discussion.class_id) is not None
    return enrolled and not discussion.training_class.is_archived and can_read_posts(member, discussion)


def can_like(member: Member, post: Post) -> bool:
    """And take it back. One's own posts are for others to like."""
    return post.is_visible and post.author_id != member.id and can_like_posts(member, post.discussion)


def can_reply(member: Member, post: Post) -> bool:
    return post.is_visible and can_post(member, post.discussion) and can_read_posts(member, post.discussion)


def can_edit(member: Member, post: Post) -> bool:
    return post.author_id == member.id and post.is_editable and can_post(member, post.discussion)


def can_delete(member: Member, post: Post) -> bool:
    return post.author_id == member.id and post.is_visible and can_post(member, post.discussion)


def can_hide(member: Member, post: Post) -> bool:
    return _is_staff(member, post.class_id) and post.is_visible


def can_restore(member: Member, post: Post) -> bool:
    return _is_staff(member, post.class_id) and post.hidden_at is not None and post.deleted_at is None


def can_feature(member: Member, post: Post) -> bool:
    return _is_staff(member, post.class_id) and post.is_visible and post.featured_at is None


def can_unfeature(member: Member, post: Post) -> bool:
    return _is_staff(member, post.class_id) and post.featured_at is not None


def can_see_why(member: Member, post: Post) -> bool:
    """Why a post was hidden, and its text: for its author and for the staff."""
    return post.author_id == member.id or _is_staff(member, post.class_id)


def can_remove_file(member: Member, post: Post) -> bool:
    return can_edit(member, post) or can_hide(member, post)


def can_see_history(member: Member, post: Post) -> bool:
    """The texts before an edit."""
    return _is_staff(member, post.class_id)
