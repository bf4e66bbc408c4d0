"""Reading: pages of threads, folded replies, permalinks, what is new since, who is in the audience, post first."""

import pytest

from tests.cast import Browser, World

pytestmark = pytest.mark.one_database

BOUNDS = (1, 20), (21, 40), (41, 45)


def follow(browser: Browser, page: object, direction: str) -> object:
    return browser.get(page.one("a", rel=direction)["href"].split("#")[0])  # type: ignore[attr-defined]


def spans(first: int, last: int) -> list[int]:
    return list(range(first, last + 1))


def test_many_reflections_are_turned_page_by_page_in_both_directions(world: World) -> None:
    discussion_id = world.discussion()
    world.fill(discussion_id, [world.cast.tina, world.cast.tom], 45)
    browser = world.client_of(world.cast.omar)
    page = browser.discussion(discussion_id)
    assert page.numbers == spans(1, 20)
    assert not page.all("a", rel="prev")
    page = follow(browser, page, "next")
    assert page.numbers == spans(21, 40)
    page = follow(browser, page, "next")
    assert page.numbers == spans(41, 45)
    assert not page.all("a", rel="next")
    page = follow(browser, page, "prev")
    assert page.numbers == spans(21, 40)
    page = follow(browser, page, "prev")
    assert page.numbers == spans(1, 20)
    assert not page.all("a", rel="prev")


@pytest.mark.one_database
def test_exactly_one_page_has_no_further_one(world: World) -> None:
    discussion_id = world.discussion()
    world.fill(discussion_id, [world.cast.tina], 20)
    page = world.client_of(world.cast.omar).discussion(discussion_id)
    assert page.numbers == spans(1, 20)
    assert not page.all("a", rel="next")


def test_a_page_stays_the_same_while_new_posts_arrive(world: World) -> None:
    """Paging is by key, not by counting."""
    discussion_id = world.discussion()
    world.fill(discussion_id, [world.cast.tina], 25)
    browser = world.client_of(world.cast.omar)
    first = browser.discussion(discussion_id)
    world.change("delete", world.cast.tina, discussion_id, 3)
    world.publish(world.cast.tom, discussion_id)
    assert follow(browser, first, "next").numbers == spans(21, 26)


@pytest.mark.parametrize(
    "query", ["?after=x", "?after=-5", "?before=99999999999999999999", "?show=0", "?show=", "?after=１"]
)
@pytest.mark.one_database
def test_an_address_that_makes_no_sense_shows_the_start(world: World, query: str) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    assert world.client_of(world.cast.tom).discussion(discussion_id, query).numbers == [1]


@pytest.mark.parametrize("number", [1, 20, 21, 30, 45])
def test_the_address_of_a_post_shows_it_among_its_neighbours(world: World, number: int) -> None:
    discussion_id = world.discussion()
    world.fill(discussion_id, [world.cast.tina], 45)
    page = world.client_of(world.cast.tom).discussion(discussion_id, f"?show={number}")
    assert number in page.numbers
    assert len(page.numbers) == 20
    browser = world.client_of(world.cast.tom)
    if page.numbers[0] > 1:
        assert max(follow(browser, page, "prev").numbers) == page.numbers[0] - 1
    if page.numbers[-1] < 45:
        assert min(follow(browser, page, "next").numbers) == page.numbers[-1] + 1


@pytest.fixture
def long_thread(world: World) -> int:
    """#1 by Tina; #2 to #8 answer it, #9 is a comment on #8, #10 answers #9."""
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id, "A reflection")
    world.fill(discussion_id, [world.cast.tom], 7, answers=1)
    world.publish(world.cast.ivan, discussion_id, "An instructor's word", parent=8)
    world.publish(world.cast.tina, discussion_id, "Thank you", parent=9)
    return discussion_id


def test_a_long_thread_shows_its_first_three_replies_and_every_comment(world: World, long_thread: int) -> None:
    page = world.client_of(world.cast.omar).discussion(long_thread)
    assert page.numbers == [1, 2, 3, 4, 9]
    assert "Show 5 more replies" in page.words


def test_a_folded_reply_is_unfolded_by_its_address(world: World, long_thread: int) -> None:
    page = world.client_of(world.cast.omar).discussion(long_thread, "?show=7")
    assert page.numbers == [1, 2, 3, 4, 7, 9]
    assert "Show 4 more replies" in page.words


def test_the_page_of_a_reflection_shows_the_whole_thread(world: World, long_thread: int) -> None:
    browser = world.client_of(world.cast.omar)
    page = browser.discussion(long_thread)
    whole = browser.get(page.one("a", class_="more", href=f"/discussions/{long_thread}/posts/1#replies")["href"])
    assert whole.numbers == spans(1, 10)


def test_the_page_of_a_reflection_turns_pages_of_a_hundred_replies(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    world.fill(discussion_id, [world.cast.tom], 150, answers=1)
    browser = world.client_of(world.cast.omar)
    page = browser.get(f"/discussions/{discussion_id}/posts/1")
    assert page.numbers == [1, *spans(2, 101)]
    assert follow(browser, page, "next").numbers == [1, *spans(102, 151)]


@pytest.mark.one_database
def test_a_few_replies_are_not_folded(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    world.fill(discussion_id, [world.cast.tom], 3, answers=1)
    page = world.client_of(world.cast.omar).discussion(discussion_id)
    assert page.numbers == [1, 2, 3, 4]
    assert "more repl" not in page.words


@pytest.mark.one_database
def test_hidden_comments_do_not_jump_the_fold(world: World, long_thread: int) -> None:
    world.change("hide", world.cast.olga, long_thread, 9, "too sharp")
    assert world.client_of(world.cast.omar).discussion(long_thread).numbers == [1, 2, 3, 4]


@pytest.mark.one_database
def test_the_page_of_a_reply_names_what_it_answers(world: World, long_thread: int) -> None:
    browser = world.client_of(world.cast.tom)
    page = browser.get(f"/discussions/{long_thread}/posts/9")
    assert "It answers #8 Tom" in page.words
    assert page.post(9).has(class_="is-comment")
    assert page.form(f"/discussions/{long_thread}/posts").fields["parent"] == "9"


@pytest.mark.one_database
def test_a_post_that_never_was_is_not_there(world: World, long_thread: int) -> None:
    assert world.client_of(world.cast.tom).get(f"/discussions/{long_thread}/posts/99").status == 404


def test_since_answers_with_what_is_new_or_changed_in_order(world: World, long_thread: int) -> None:
    browser = world.client_of(world.cast.omar)
    since = f"/discussions/{long_thread}/posts?since="
    assert browser.get(f"{since}10").numbers == []
    assert browser.get(f"{since}8").numbers == [9, 10]
    world.change("feature", world.cast.olga, long_thread, 2)
    world.change("hide", world.cast.olga, long_thread, 3, "off the subject")
    world.publish(world.cast.tom, long_thread, "The latest")
    answer = browser.get(f"{since}10")
    assert answer.numbers == [2, 3, 11]
    assert answer.post(2).has(class_="is-featured")
    assert answer.post(3).has(class_="is-gone")
    assert len(browser.get(f"{since}0").numbers) == 11


@pytest.mark.one_database
def test_since_tells_of_a_deletion_without_its_text(world: World, long_thread: int) -> None:
    world.change("delete", world.cast.tina, long_thread, 10)
    article = world.client_of(world.cast.omar).get(f"/discussions/{long_thread}/posts?since=10").post(10)
    assert "Deleted." in article.words
    assert "Thank you" not in article.words


def test_a_discussion_for_a_group_is_hidden_from_trainees_of_the_others(world: World) -> None:
    discussion_id = world.discussion("For the first group", groups=["first"])
    world.publish(world.cast.tina, discussion_id)
    tom = world.client_of(world.cast.tom)
    for path in ("", "/posts/1", "/posts?since=0", "/figures"):
        assert tom.get(f"/discussions/{discussion_id}{path}").status == 404, path
    assert tom.post(f"/discussions/{discussion_id}/posts", body="x", token="t").status == 404
    for path in ("/", "/classes/spring"):
        assert "For the first group" not in tom.get(path).words, path


@pytest.mark.one_database
def test_a_discussion_for_a_group_is_seen_by_the_group_and_by_all_who_are_no_trainees(world: World) -> None:
    discussion_id = world.discussion("For the first group", groups=["first"])
    for person in (world.cast.tina, world.cast.ivan, world.cast.olga, world.cast.omar, world.cast.ada):
        browser = world.client_of(person)
        assert browser.discussion(discussion_id).status == 200, person.name
        assert "For the first group" in browser.get("/classes/spring").words, person.name


SECRET = "unmistakable-words"


@pytest.fixture
def post_first(world: World) -> int:
    discussion_id = world.discussion(post_first=True)
    world.publish(world.cast.tina, discussion_id, SECRET)
    world.publish(world.cast.ivan, discussion_id, f"{SECRET} of an instructor", parent=1)
    return discussion_id


@pytest.mark.one_database
def test_under_post_first_nothing_leaks_to_who_has_not_written(world: World, post_first: int) -> None:
    world.client_of(world.cast.tina).discussion(post_first)  # which fills what is kept of the page
    tom = world.client_of(world.cast.tom)
    for query in ("", "?show=1", "?after=0", "?before=9"):
        page = tom.discussion(post_first, query)
        assert page.status == 200
        assert page.numbers == []
        assert SECRET not in page.source
        assert "Write first, then read the others." in page.words
    assert tom.get(f"/discussions/{post_first}/posts?since=0").status == 403
    assert [tom.get(f"/discussions/{post_first}/posts/{number}").status for number in (1, 2)] == [404, 404]
    assert SECRET not in tom.get("/classes/spring").source + tom.get("/").source


@pytest.mark.one_database
def test_under_post_first_an_answer_before_one_s_own_reflection_is_refused_and_tells_nothing(
    world: World, post_first: int
) -> None:
    tom = world.client_of(world.cast.tom)
    page = tom.submit(tom.discussion(post_first), f"/discussions/{post_first}/posts", body="Me first", parent="1")
    assert page.status == 422
    assert "your own reflection first" in page.refusal
    assert page.form(f"/discussions/{post_first}/posts").fields["body"] == "Me first"
    assert "Tina" not in page.words
    assert SECRET not in page.source


@pytest.mark.one_database
def test_under_post_first_one_s_own_reflection_opens_the_others(world: World, post_first: int) -> None:
    tom = world.client_of(world.cast.tom)
    assert tom.publish(post_first, "My own").status == 303
    assert tom.discussion(post_first).numbers == [1, 2, 3]
    assert tom.get(f"/discussions/{post_first}/posts?since=0").numbers == [1, 2, 3]
    assert tom.publish(post_first, "And an answer", parent=1).status == 303


@pytest.mark.one_database
def test_under_post_first_one_s_own_hidden_post_stays_readable_for_oneself(world: World, post_first: int) -> None:
    tom = world.client_of(world.cast.tom)
    tom.publish(post_first, "My own words")
    world.change("hide", world.cast.olga, post_first, 3, "off the subject")
    page = tom.get(f"/discussions/{post_first}/posts/3")
    assert "My own words" in page.words
    assert tom.discussion(post_first).numbers == []


@pytest.mark.one_database
def test_under_post_first_staff_and_observers_read_at_once(world: World, post_first: int) -> None:
    for person in (world.cast.ivan, world.cast.olga, world.cast.omar, world.cast.ada):
        assert world.client_of(person).discussion(post_first).numbers == [1, 2], person.name
