"""Adding accounts."""

import pytest

from forum.errors import Refused
from forum.members.operations import add_member
from forum.members.queries import normalise_phone
from tests.cast import World

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"name": "  "}, "needs a name"),
        ({"name": "Double", "email": " TINA@example.org"}, "already an account"),
        ({"name": "Double", "phone": "+86 138 0013 8000"}, "already an account"),
        ({"name": "Nonsense", "phone": "call me"}, "not a phone number"),
    ],
)
def test_an_account_that_cannot_be_is_refused(world: World, details: dict[str, str], reason: str) -> None:
    with world.app.app_context(), pytest.raises(Refused, match=reason):
        add_member(**details)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86-138-0013-8000", "13800138000"),
        ("0086 138 0013 8000", "13800138000"),
        ("+44 20 7946 0958", "442079460958"),
        ("12", None),
        ("1" * 16, None),
        ("call me", None),
    ],
)
def test_phone_numbers_are_kept_as_digits(typed: str, kept: str | None) -> None:
    assert normalise_phone(typed) == kept


def test_a_name_loses_the_spaces_around_and_within(world: World) -> None:
    with world.inside():
        assert add_member("  Zhang \t San ").name == "Zhang San"
