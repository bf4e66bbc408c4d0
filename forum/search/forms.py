"""What the page of search may be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from forum.words import Phrase, phrases_of

Kind = Literal["posts", "people", "discussions"]
Order = Literal["newest", "best"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST = 200
FEWEST_LETTERS = 2
LAST_PAGE = 50


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """`typed` as it stands in the field; `slug` of the one class to look in, or none."""

    typed: str
    phrases: list[Phrase]
    slug: str
    kind: Kind
    order: Order

    @property
    def is_long_enough(self) -> bool:
        """For posts, of which nearly every one has any one character."""
        return any(phrase.letters >= FEWEST_LETTERS for phrase in self.phrases)


def parse_search_query(arguments: Mapping[str, str]) -> SearchQuery:
    """What cannot be understood counts as not said."""
    typed = " ".join(arguments.get("q", "").split())[:LONGEST]
    kind: Kind = next((kind for kind in KINDS if kind == arguments.get("kind")), "posts")
    order: Order = "best" if arguments.get("order") == "best" else "newest"
    return SearchQuery(typed, phrases_of(typed), arguments.get("class", ""), kind, order)
