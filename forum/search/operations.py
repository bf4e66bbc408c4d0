"""The words of all posts anew: after an upgrade that says so, or where `forum check` misses some."""

from forum.discussions import indexing
from forum.search import queries

AT_ONCE = 500


def forget_words() -> int:
    """All of them, so that nothing is found until they are written again. How many posts there are to write."""
    indexing.forget_words()
    return queries.count_standing()


def index_some(after: int) -> tuple[int, int]:
    """Some posts without words whose ids are beyond `after`: how many, and the last id."""
    posts = queries.posts_without_words(after, AT_ONCE)
    indexing.index_posts(indexing.Written(*post) for post in posts)
    return len(posts), posts[-1].id if posts else after
