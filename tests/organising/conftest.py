"""People who are enrolled and have never been in."""

from tests.newcomers import newcomer

__all__ = ["newcomer"]
