"""The one way an operation says no."""


class Refused(Exception):
    """A rule of the forum forbids this change now; `reason` is a sentence for the person, in their language."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
