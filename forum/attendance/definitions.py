"""What each figure of the room is called and how it is defined, beside those of what is written online."""

from flask_babel import lazy_gettext as _l

ROOM_NAMES = {
    "attendance_person_times": _l("Attendance person-times"),
    "attendants": _l("Attendants"),
    "speech_person_times": _l("Person-times spoken in the room"),
    "speakers": _l("Speakers"),
    "speeches": _l("Speeches"),
}

ROOM_DEFINITIONS = {
    "attendance_person_times": _l(
        "The trainees down as present at each activity, by the code or on the list, added up over the activities. They "
        "stand beside the person-times online and are never added to them."
    ),
    "attendants": _l("Different trainees present at one activity at least."),
    "speech_person_times": _l(
        "The trainees who spoke at each activity in person, added up over the activities, however often each spoke "
        "there. Posts written online are counted apart."
    ),
    "speakers": _l("Different trainees who spoke in the room at least once."),
    "speeches": _l("How often trainees spoke in the room, as recorded; who spoke counts as present."),
}
