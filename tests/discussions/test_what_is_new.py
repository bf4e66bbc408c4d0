"""What is new since the last visit, and the filters: each reader's own, on a page that is kept for all."""

import pytest

from tests.cast import Browser, Person, World
from tests.pages import Page


def new_numbers(page: Page) -> list[int]:
    return [int(post["data-number"]) for post in page.all("article", class_="post") if post.all(class_="is-new")]


def read(browser: Browser, discussion_id: int, number: int) -> Page:
    return browser.post(f"/discussions/{discussion_id}/read", number=str(number))


def news(page: Page) -> str:
    return page.one("div", class_="news").words if page.all("div", class_="news") else ""


@pytest.fixture
def busy(world: World) -> int:
    """1 Tina's, commented (3) and answered by Tom (4); 2 Tom's; 5 Ivan's own; 6 Tina's, featured; 7 Tom answers 6."""
    cast, discussion_id = world.cast, world.discussion()
    for person, parent in [
        (cast.tina, None), (cast.tom, None), (cast.ivan, 1), (cast.tom, 1), (cast.ivan, None), (cast.tina, None),
        (cast.tom, 6),
    ]:  # fmt: skip
        world.publish(person, discussion_id, f"By {person.name}.", parent)
    world.change("feature", cast.olga, discussion_id, 6)
    return discussion_id


def test_who_comes_for_the_first_time_finds_nothing_marked(world: World, busy: int) -> None:
    page = world.client_of(world.cast.tina).discussion(busy)
    assert new_numbers(page) == []
    assert news(page) == ""


def test_what_others_wrote_since_the_last_visit_is_new(world: World, busy: int) -> None:
    browser = world.client_of(world.cast.tina)
    assert read(browser, busy, 3).status == 204
    page = browser.discussion(busy)
    assert new_numbers(page) == [4, 5, 7]
    assert "3 new posts" in news(page)
    link = page.one("div", class_="news").one("a")["href"]
    assert link == f"/discussions/{busy}?show=4#post-4"


def test_each_reader_has_marks_of_their_own_on_the_same_kept_page(world: World, busy: int) -> None:
    tina, tom, omar = (world.client_of(person) for person in (world.cast.tina, world.cast.tom, world.cast.omar))
    read(tina, busy, 6)
    read(tom, busy, 2)
    for _ in range(2):
        assert new_numbers(tina.discussion(busy)) == [7]
        assert new_numbers(tom.discussion(busy)) == [3, 5, 6]
        assert new_numbers(omar.discussion(busy)) == []


def test_what_was_hidden_since_is_not_new(world: World, busy: int) -> None:
    tina = world.client_of(world.cast.tina)
    read(tina, busy, 3)
    world.change("hide", world.cast.olga, busy, 5, "off the subject")
    page = tina.discussion(busy)
    assert new_numbers(page) == [4, 7]
    assert "2 new posts" in news(page)


def test_a_button_marks_all_as_read(world: World, busy: int) -> None:
    tina = world.client_of(world.cast.tina)
    read(tina, busy, 3)
    form = tina.discussion(busy).form(f"/discussions/{busy}/read")
    answer = tina.post(form.action, **form.fields, number="7")
    assert (answer.status, answer.headers["Location"]) == (303, f"/discussions/{busy}")
    page = tina.discussion(busy)
    assert (new_numbers(page), news(page)) == ([], "")


def test_what_has_been_read_stays_read(world: World, busy: int) -> None:
    tina = world.client_of(world.cast.tina)
    read(tina, busy, 6)
    read(tina, busy, 2)
    read(tina, busy, 999_999)
    world.publish(world.cast.tom, busy, "After all that.")
    assert new_numbers(tina.discussion(busy)) == [8]


def test_under_post_first_nothing_tells_what_others_wrote(world: World) -> None:
    discussion_id = world.discussion(post_first=True)
    tom = world.client_of(world.cast.tom)
    assert read(tom, discussion_id, 0).status == 403
    world.publish(world.cast.tina, discussion_id, "Mine first.")
    for query in ("", *(f"?filter={kind}" for kind in ("all", "new", "mine", "group", "uncommented", "featured"))):
        page = tom.discussion(discussion_id, query)
        assert page.numbers == []
        assert not page.all("nav", class_="filters")
        assert "Tina" not in page.words
        assert not page.all("table", class_="units"), "a unit of one person is a name"
    assert world.client_of(world.cast.tina).discussion(discussion_id).all("table", class_="units")
    assert read(tom, discussion_id, 1).status == 403


@pytest.mark.one_database
def test_a_stranger_cannot_mark_and_a_nonsense_number_marks_nothing(world: World, busy: int) -> None:
    assert read(world.client_of(world.cast.stella), busy, 3).status == 404
    tina = world.client_of(world.cast.tina)
    for number in ("", "-3", "x", "9" * 40):
        assert tina.post(f"/discussions/{busy}/read", number=number).status == 204
    assert new_numbers(tina.discussion(busy)) == []


def counts(page: Page) -> dict[str, int]:
    links = page.one("nav", class_="filters").all("a")
    return {link["href"].partition("filter=")[2].partition("#")[0] or "all": int(link.one("b").text) for link in links}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("tina", {"all": [1, 2, 5, 6], "new": [1, 5, 6], "mine": [1, 6], "commented": [1], "uncommented": [2, 6],
                  "featured": [6]}),
        ("tom", {"all": [1, 2, 5, 6], "new": [5, 6], "mine": [1, 2, 6], "commented": [1], "uncommented": [2, 6],
                 "featured": [6]}),
    ],
)  # fmt: skip
def test_a_filter_shows_as_many_reflections_as_it_says(
    world: World, busy: int, name: str, shown: dict[str, list[int]]
) -> None:
    browser = world.client_of(getattr(world.cast, name))
    read(browser, busy, 3)
    said = counts(browser.discussion(busy))
    for kind, numbers in shown.items():
        page = browser.discussion(busy, f"?filter={kind}")
        reflections = [int(one["id"].removeprefix("thread-")) for one in page.all("div", class_="thread")]
        assert reflections == numbers, kind
        assert said[kind] == len(numbers), kind
        assert counts(page) == said
        assert (
            page.one("nav", class_="filters")
            .one("a", aria_current="true")["href"]
            .endswith(f"/{busy}" if kind == "all" else f"filter={kind}#threads")
        )


def test_the_filter_of_a_group_shows_what_its_members_began(world: World, busy: int) -> None:
    tina, tom = world.client_of(world.cast.tina), world.client_of(world.cast.tom)
    assert counts(tina.discussion(busy))["group"] == 2
    assert [
        int(one["id"].removeprefix("thread-"))
        for one in tina.discussion(busy, "?filter=group").all("div", class_="thread")
    ] == [1, 6]
    assert counts(tom.discussion(busy))["group"] == 1
    assert "group" not in counts(world.client_of(world.cast.omar).discussion(busy))


@pytest.mark.one_database
def test_new_replies_are_not_folded_away_where_new_is_asked_for(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    for _ in range(8):
        world.publish(world.cast.tom, discussion_id, "And one more.", 1)
    tina = world.client_of(world.cast.tina)
    read(tina, discussion_id, 7)
    assert tina.discussion(discussion_id).numbers == [1, 2, 3, 4]
    assert tina.discussion(discussion_id, "?filter=new").numbers == [1, 2, 3, 4, 8, 9]


@pytest.mark.one_database
def test_a_filter_turns_its_own_pages(world: World) -> None:
    discussion_id = world.discussion()
    world.fill(discussion_id, [world.cast.tina, world.cast.tom], 45)
    browser = world.client_of(world.cast.tina)
    page = browser.discussion(discussion_id, "?filter=mine")
    assert page.numbers == list(range(1, 41, 2))
    page = browser.get(page.one("a", rel="next")["href"].partition("#")[0])
    assert page.numbers == [41, 43, 45]
    page = browser.get(page.one("a", rel="prev")["href"].partition("#")[0])
    assert page.numbers == list(range(1, 41, 2))


@pytest.mark.parametrize("query", ["?filter=", "?filter=nonsense", "?filter=NEW", "?filter=%00"])
@pytest.mark.one_database
def test_a_filter_that_there_is_not_shows_everything(world: World, busy: int, query: str) -> None:
    page = world.client_of(world.cast.tina).discussion(busy, query)
    assert page.numbers == [1, 3, 4, 2, 5, 6, 7]


def edit(browser: Browser, discussion_id: int, number: int, body: str) -> None:
    assert browser.post(f"/discussions/{discussion_id}/posts/{number}/edit", body=body).status == 303


def test_the_staff_sees_the_texts_before_an_edit_and_everybody_that_there_was_one(world: World, busy: int) -> None:
    cast = world.cast
    tina = world.client_of(cast.tina)
    edit(tina, busy, 1, "The second text.")
    edit(tina, busy, 1, "The third text.")

    def seen_by(person: Person) -> Page:
        return world.client_of(person).get(f"/discussions/{busy}/posts/1")

    for person in (cast.olga, cast.ivan, cast.ada):
        earlier = [one.one("div", class_="text").words for one in seen_by(person).all("div", class_="version")]
        assert earlier == ["The second text.", "By Tina."]
    for person in (cast.tina, cast.tom, cast.omar):
        page = seen_by(person)
        assert not page.all("div", class_="version")
        assert "The second text." not in page.words
        assert "edited" in page.post(1).words


@pytest.mark.one_database
def test_a_quotation_waits_in_the_composer_of_the_posts_page(world: World, busy: int) -> None:
    world.publish(world.cast.tom, busy, "First **line**.\nSecond line.\n\n> said by others\n\nLast & least.")
    page = world.client_of(world.cast.tina).get(f"/discussions/{busy}/posts/8?quote=1")
    form = page.form(f"/discussions/{busy}/posts")
    assert form.fields["body"] == "> First line.\n> Second line.\n> Last & least.\n\n"
    assert form.fields["parent"] == "8"


def test_only_the_author_is_told_on_the_page_that_a_hidden_post_is_theirs(world: World, busy: int) -> None:
    world.change("hide", world.cast.olga, busy, 2, "off the subject")
    for person, told in ((world.cast.tom, True), (world.cast.tina, False), (world.cast.tom, True)):
        post = world.client_of(person).discussion(busy).post(2)
        links = [link["href"] for link in post.one("p", class_="gone").all("a")]
        assert links == ([f"/discussions/{busy}/posts/2"] if told else [])


@pytest.mark.one_database
def test_a_hidden_post_cannot_be_quoted(world: World, busy: int) -> None:
    world.change("hide", world.cast.olga, busy, 2, "off the subject")
    page = world.client_of(world.cast.tina).get(f"/discussions/{busy}/posts/2?quote=1")
    assert "By Tom." not in page.words
