"""What each figure is called and how it is defined: shown beside every figure, on page, in file and by API alike."""

from flask_babel import lazy_gettext as _l

NAMES = {
    "posts": _l("Posts"),
    "reflections": _l("Reflections"),
    "replies": _l("Replies"),
    "participants": _l("Participants"),
    "person_times": _l("Person-times"),
    "trainees": _l("Trainees"),
    "participation_rate": _l("Participation rate"),
    "units": _l("Units"),
    "units_covered": _l("Units covered"),
    "comments": _l("Comments"),
    "commented": _l("Commented"),
    "comment_coverage": _l("Comment coverage"),
    "median_seconds_to_first_comment": _l("Time to first comment"),
    "characters": _l("Characters"),
    "discussions": _l("Discussions"),
    "silent": _l("Not yet spoken"),
}

DEFINITIONS = {
    "posts": _l("Posts written as a trainee that are neither hidden nor deleted. Late ones count."),
    "reflections": _l("Counted posts at the top level; a reply whose parent never existed is one too."),
    "replies": _l("Counted posts that answer another post."),
    "participants": _l("Different trainees with at least one counted post."),
    "person_times": _l(
        "The participants of each discussion, added up over the discussions. Two discussions in which 20 and 18 "
        "trainees spoke make 38 person-times, however often each spoke."
    ),
    "trainees": _l(
        "Trainees enrolled, without those who withdrew before writing a counted post; for one discussion, those it is "
        "for."
    ),
    "participation_rate": _l("Participants divided by trainees."),
    "units": _l("Different units of those trainees, as they were when they enrolled."),
    "units_covered": _l("Units with at least one participant."),
    "comments": _l(
        "Visible posts written as an instructor, at any depth. In a row for a trainee, unit or group, and with a "
        "filter by unit or group: those below its reflections."
    ),
    "commented": _l("Counted reflections with at least one comment somewhere below them."),
    "comment_coverage": _l("Commented reflections divided by reflections."),
    "median_seconds_to_first_comment": _l(
        "From a reflection to the earliest comment below it; the median over the commented reflections."
    ),
    "characters": _l(
        "Visible text of counted posts without quotations: each Chinese character, kana or Hangul counts one, each "
        "other word or number one, punctuation none."
    ),
    "discussions": _l("Discussions of the class, or those that were chosen; in a row, those in which it took part."),
    "silent": _l("Trainees without a counted post."),
}

FILTERS = {
    "period": _l(
        "Posts and comments by the day they were written, in the time zone of the class; a reflection counts as "
        "commented whenever its comment came. Trainees and units are those of the whole class."
    ),
    "discussion": _l("That discussion and the trainees it is for."),
    "stage": _l("The discussions of that stage and the trainees whom one of them is for."),
    "unit": _l(
        "Trainees of that unit and of all units below it: their posts, and the comments below their reflections."
    ),
    "group": _l("Trainees of that group: their posts, and the comments below their reflections."),
}
