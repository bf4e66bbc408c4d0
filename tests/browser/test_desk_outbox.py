"""A comment at the desk on its way: out exactly once, or given back with the reason."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from forum.db import db
from forum.discussions.models import Post
from tests.browser.conftest import Site, Visitor
from tests.browser.desks import at_desk, go_to_desk, item, lying, said, waiting
from tests.browser.writing import Held

pytestmark = pytest.mark.browser
__all__ = ["at_desk", "waiting"]


def test_without_a_connection_comments_wait_and_go_out_once(
    site: Site, at_desk: Callable[..., Visitor], waiting: int
) -> None:
    ivan = at_desk()
    ivan.page.route("**/posts", lambda route: route.abort())
    comment_on(ivan, 1, "The first word.")
    item(ivan, 1).get_by_text("Waiting for the network. It goes out by itself.").wait_for()
    ivan.page.reload()
    expect(item(ivan, 1).locator("article.is-sending")).to_contain_text("The first word.")
    ivan.go("/classes/spring")
    line = ivan.page.get_by_text("A text of yours has not been posted yet.")
    line.wait_for()
    ivan.page.unroute_all()
    ivan.page.evaluate("dispatchEvent(new Event('online'))")
    line.wait_for(state="hidden")
    go_to_desk(ivan, waiting)
    ivan.page.context.set_offline(True)
    for number, text in ((2, "Go on."), (3, "And you.")):
        comment_on(ivan, number, text)
        item(ivan, number).get_by_text("Waiting for the network.").wait_for()
    ivan.page.context.set_offline(False)
    said(ivan, "Your comment is posted. Nothing is left.")
    assert lying(ivan) == []
    assert [post.body for post in posts(site, waiting)[3:]] == ["The first word.", "Go on.", "And you."]


def comment_on(visitor: Visitor, number: int, text: str) -> None:
    item(visitor, number).get_by_role("link", name=f"Comment #{number}").click()
    item(visitor, number).get_by_label("Your comment").fill(text)
    item(visitor, number).get_by_role("button", name="Post comment").click()


def test_a_composer_locks_when_its_discussion_closes_and_what_was_refused_is_not_lost(
    site: Site, at_desk: Callable[..., Visitor], waiting: int
) -> None:
    ivan = at_desk()
    item(ivan, 1).get_by_role("link", name="Comment #1 Tina").click()
    writing = item(ivan, 1).get_by_label("Your comment")
    writing.fill("Go on.")
    site.close(waiting)
    item(ivan, 1).get_by_text("The discussion is closed. Your text stays here").wait_for()
    expect(writing).to_have_value("Go on.")
    expect(writing).not_to_be_editable()
    ivan.page.keyboard.press("Control+Enter")
    site.open(waiting)
    expect(writing).to_be_editable()
    assert len(posts(site, waiting)) == 3
    held = Held(ivan)
    item(ivan, 1).get_by_role("button", name="Post comment").click()
    site.change("hide", site.cast.olga, waiting, 1, "off the subject")
    held.next().continue_()
    item(ivan, 1).get_by_role("button", name="Take it back into the composer").click()
    ivan.page.wait_for_url(f"**/discussions/{waiting}")
    expect(ivan.page.get_by_label("Your comment")).to_have_value("Go on.")
    expect(ivan.page.locator(".composer").get_by_role("alert")).to_contain_text("no longer there")


def posts(site: Site, discussion: int) -> list[Post]:
    with site.app.app_context():
        return db.session.query(Post).filter_by(discussion_id=discussion).order_by(Post.number).all()
