"""What the figures of instructors are called and how they are defined, shown beside them."""

from flask_babel import lazy_gettext as _l

NAMES = {
    "comments": _l("Comments"),
    "reflections": _l("Reflections reached"),
    "trainees": _l("Trainees reached"),
    "units": _l("Units reached"),
    "first": _l("Commented first"),
    "median_seconds_to_first_comment": _l("Time to first comment"),
    "largest_share": _l("Largest share"),
    "units_missed": _l("Units not reached"),
    "waiting": _l("Waits for them"),
}

DEFINITIONS = {
    "comments": _l("Visible posts written as an instructor, at any depth, to colleagues too."),
    "reflections": _l(
        "Different counted reflections below which one of these comments stands. Two instructors may reach the same "
        "one, so the rows do not add up to the last line."
    ),
    "trainees": _l("Different trainees who wrote those reflections."),
    "units": _l("Different units of those trainees."),
    "first": _l("Commented reflections on which their comment was the earliest."),
    "median_seconds_to_first_comment": _l(
        "From the reflection to the comment, where theirs was the first; the median of these."
    ),
    "largest_share": _l(
        "How even the comments are across units: of the reflections reached, the share written by the unit that got "
        "the most. The lower, the more even; with all reflections from one unit it is 100 %."
    ),
    "units_missed": _l("Units that wrote a reflection, at whatever time, and have no such comment of theirs."),
    "waiting": _l(
        "Counted reflections without any comment, of their group if they stand in one, without those they have marked "
        "as read: what lies on their desk."
    ),
}
