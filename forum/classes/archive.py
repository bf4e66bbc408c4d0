"""What is put away can be read, and nothing is written in it."""

from forum.classes.models import TrainingClass
from forum.errors import Refused
from forum.i18n import gettext as _


def require_not_archived(training_class: TrainingClass) -> None:
    if training_class.is_archived:
        raise Refused(_("The class is archived. Open it again to change something."))
