"""What tests of search look at."""

from tests.pages import Page


def found(page: Page) -> list[str]:
    """The excerpts (of posts and discussions) as read, the match between [ and ]."""
    for mark in page.all("mark"):
        mark.children = ["[", *mark.children, "]"]
    return [text.words for text in page.all("p", class_="answer-text")]


def counts(page: Page) -> list[str]:
    """On the tabs: posts, people, discussions."""
    return [link.one("b").words for link in page.one("nav", class_="filters").all("a")]
