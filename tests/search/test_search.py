"""Finding posts, people and discussions of one's own classes."""

from __future__ import annotations

import pytest

from forum.db import db
from forum.members.models import Member
from tests.bench.classroom import counted_statements
from tests.cast import Browser, World
from tests.search.finding import counts, found


@pytest.fixture
def lecture(world: World) -> int:
    return world.discussion("社会主义市场经济", prompt="说说 **市场** 的作用。")


@pytest.mark.parametrize(
    ("text", "typed", "excerpt"),
    [
        ("他讲的是社会主义市场经济学。", "经济", "他讲的是社会主义市场[经济]学。"),
        ("他讲的是社会主义市场经济学。", "场经", "他讲的是社会主义市[场经]济学。"),
        ("他讲的是社会主义市场经济学。", "市场经济学", "他讲的是社会主义[市场经济学]。"),
        ("先讲市场，再讲经济。", "经济 市场", "先讲[市场]，再讲[经济]。"),
        ("先讲市**场**，再讲别的。", "市场", "先讲[市场]，再讲别的。"),
        ("下一步用5G网络上课", "5g网", "下一步用[5G网]络上课"),
        ("Ｔｒａｉｎｉｎｇ is for training", "Train", "[Ｔｒａｉｎ]ｉｎｇ is for [train]ing"),
        ("Open data, open doors", '"open data"', "[Open data], open doors"),
        ("Open data, open doors", "“open doors”", "Open data, [open doors]"),
        ("A < B & C > D said Łukasz", "łukasz", "A < B & C > D said [Łukasz]"),
        ("研修班第一天\n\n第二段", '"一天 第二"', "研修班第[一天 第二]段"),
        ("乡村振兴𫖯看", "𫖯看", "乡村振兴[𫖯看]"),
    ],
)
def test_a_post_is_found_and_the_words_are_marked(
    world: World, lecture: int, text: str, typed: str, excerpt: str
) -> None:
    world.publish(world.cast.tina, lecture, text)
    world.publish(world.cast.tina, lecture, "别的话。Something else.")
    page = world.client_of(world.cast.tom).get("/search", query_string={"q": typed})
    assert found(page) == [excerpt]
    assert counts(page)[0] == "1"
    assert page.one("a", href=f"/discussions/{lecture}/posts/1")


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("已先讲市场，再讲经济。", "市场经济"),
        ("Open all the data", '"open data"'),
        ("Training", '"train"'),
        ("Restraining", "training"),
        ("a group of people", "g"),
        ("Only one of them", "only nothing"),
        ("> 别人说的经济\n\n我说的。", "经济"),
        ("Written [here](https://example.org/economy)", "economy"),
    ],
)
def test_what_does_not_stand_there_is_not_found(world: World, lecture: int, text: str, typed: str) -> None:
    world.publish(world.cast.tina, lecture, text)
    page = world.client_of(world.cast.tom).get("/search", query_string={"q": typed})
    assert found(page) == []


def test_an_edited_post_is_found_by_what_it_says_now(world: World, lecture: int) -> None:
    number = world.publish(world.cast.tina, lecture, "起初说的是农业。")
    world.change("edit", world.cast.tina, lecture, number, "后来说的是工业。")
    tom = world.client_of(world.cast.tom)
    assert found(tom.get("/search?q=农业")) == []
    assert found(tom.get("/search?q=工业")) == ["后来说的是[工业]。"]


def test_the_newest_come_first_page_by_page(world: World, lecture: int) -> None:
    for step in range(45):
        world.clock.advance(minutes=step % 3)
        world.publish(world.cast.tina, lecture, f"第{step}次经济")
    tom, seen, path = world.client_of(world.cast.tom), [], "/search?q=经济"
    while path:
        page = tom.get(path)
        seen += [int(link["href"].rpartition("/")[2]) for link in page.all("a") if "/posts/" in link.get("href")]
        further = page.all("a", rel="next")
        path = further[0]["href"] if further else ""
    assert seen == list(range(45, 0, -1))


def test_the_best_come_first_where_that_is_asked_for(world: World, lecture: int) -> None:
    best = world.publish(world.cast.tina, lecture, "经济，经济，还是经济。")
    world.publish(world.cast.tom, lecture, "说了许多别的话，中间也提到一次经济，然后又说别的话。")
    for step in range(30):
        world.publish(world.cast.tom, lecture, f"另外的话{step}。")
    page = world.client_of(world.cast.tom).get("/search?q=经济&order=best")
    assert page.all("p", class_="answer-who")[0].one("a")["href"].endswith(f"/posts/{best}")
    assert len(found(page)) == 2
    assert page.form("/search").fields["order"] == "best"


def test_beyond_a_hundred_nothing_is_counted(world: World, lecture: int) -> None:
    for step in range(101):
        world.publish(world.cast.tina, lecture, f"{step} 经济")
    assert counts(world.client_of(world.cast.tom).get("/search?q=经济"))[0] == "100+"


@pytest.mark.one_database
def test_one_class_can_be_chosen_and_only_of_ones_own(world: World, lecture: int) -> None:
    world.publish(world.cast.tina, lecture, "这里说经济")
    ada = world.client_of(world.cast.ada)
    assert counts(ada.get("/search?q=经济&class=spring")) == ["1", "0", "1"]
    assert counts(ada.get("/search?q=经济&class=autumn")) == ["0", "0", "0"]
    assert "Search all your classes" in ada.get("/search?q=经济&class=autumn").words
    assert world.client_of(world.cast.tina).get("/search?q=经济&class=autumn").status == 404
    assert world.client_of(world.cast.tina).get("/search?class=nowhere").status == 404


def test_discussions_are_found_by_title_and_prompt(world: World, lecture: int) -> None:
    world.discussion("Nothing to do with it", prompt="别的")
    tina = world.client_of(world.cast.tina)
    assert found(tina.get("/search?q=市场&kind=discussions")) == ["说说 [市场] 的作用。"]
    page = tina.get("/search?q=主义&kind=discussions")
    assert page.one("a", href=f"/discussions/{lecture}").words == "社会主义市场经济"
    assert counts(tina.get("/search?q=NOTHING"))[2] == "1"


@pytest.mark.parametrize("typed", ["tina", "TIN", "City / East", "east", "first group", "zhang", "张", "张三"])
def test_people_are_found_as_in_the_list_of_members(world: World, typed: str) -> None:
    if typed in ("zhang", "张", "张三"):
        with world.inside():
            member = db.session.get_one(Member, world.cast.tina.id)
            member.name, member.sort_key = "张三", "zhang san\t张三"
    page = world.client_of(world.cast.tom).get("/search", query_string={"q": typed, "kind": "people"})
    assert [who.one("b").words for who in page.all("p", class_="answer-who")] == [
        "张三" if typed in ("zhang", "张", "张三") else "Tina"
    ]
    assert counts(page)[1] == "1"


@pytest.mark.one_database
def test_nothing_typed_nothing_found_and_too_little_are_said(world: World, lecture: int) -> None:
    tina = world.client_of(world.cast.tina)
    world.publish(world.cast.tina, lecture, "经")
    assert "What are you looking for?" in tina.get("/search").words
    assert "There is no word in this." in tina.get("/search?q=…！").words
    assert "Nothing found." in tina.get("/search?q=无此").words
    short = tina.get("/search?q=经")
    assert "For posts, type at least two characters." in short.words
    assert counts(short) == ["–", "0", "1"]
    assert short.one("a", href="/search?q=%E7%BB%8F&kind=discussions", class_="more")


@pytest.mark.one_database
def test_every_page_has_the_way_to_search_but_the_door(world: World, lecture: int, browser: Browser) -> None:
    tina = world.client_of(world.cast.tina)
    for path in ("/", "/classes/spring", f"/discussions/{lecture}"):
        assert tina.get(path).one("form", action="/search").one("input", name="q")
    assert len(tina.get("/search").all("form", action="/search")) == 1
    assert browser.get("/sign-in").all("form", action="/search") == []


def test_however_much_is_found_it_takes_as_many_statements(world: World, lecture: int) -> None:
    tom, taken = world.client_of(world.cast.tom), []
    for posts in (1, 30):
        for step in range(posts):
            world.publish(world.cast.tina, lecture, f"{step} 经济")
        for kind in ("posts", "people", "discussions"):
            with counted_statements(world.app) as sent:
                assert tom.get(f"/search?q=经济&kind={kind}").status == 200
            taken.append((kind, len(sent)))
    assert len(set(taken)) == 3, taken
    assert max(count for _, count in taken) <= 8, taken
