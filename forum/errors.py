"""The one way an operation says no; and what it meets when there is nothing left to change."""


class Refused(Exception):
    """A rule of the forum forbids this change now; `reason` is a sentence for the person, in their language."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Gone(Exception):
    """Somebody has deleted it since it was loaded: for the person as if it had not been found."""
