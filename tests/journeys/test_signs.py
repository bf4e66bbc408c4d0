"""Signs that no text may have, in every address: a database that takes none must not be asked."""

import pytest

from tests.cast import World
from tests.journeys.test_strangers import addresses, discussion_id

__all__ = ["discussion_id"]

NAMES = ("q", "show", "person", "verb", "class", "before", "after", "by", "from", "to", "unit", "group", "stage",
         "kind", "filter", "figure", "sort", "next", "page", "parent", "since", "lang", "compare")  # fmt: skip


@pytest.mark.parametrize("sign", ["a%00b", "%ED%A0%80%FF%E2%80%AE"])
def test_no_page_fails_at_it(world: World, discussion_id: int, sign: str) -> None:
    ada = world.client_of(world.cast.ada)
    asked = "&".join(f"{name}={sign}" for name in NAMES)
    for endpoint, method, path in list(addresses(world, discussion_id)):
        if method == "GET" and endpoint != "static":
            with ada.client.get(f"{path}?{asked}") as answer:
                assert answer.status_code < 500, path
