"""Every page of every role: few statements, no inline script or style, the headers that forbid them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from forum.discussions.counting import recount
from tests.cast import World
from tests.pages import Element, Page

# Statements are counted where they are built, before any database.
pytestmark = pytest.mark.one_database

MOST_STATEMENTS = 8
TRANSACTION = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is sent to the database meanwhile, without the words that begin and end transactions."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.upper().startswith(TRANSACTION):
            sent.append(statement)

    sa.event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(Engine, "before_cursor_execute", note)


def cost(world: World, name: str, path: str) -> int:
    """Of a page that nothing is kept of."""
    browser = world.client_of(getattr(world.cast, name))
    world.app.extensions["fragments"].clear()
    with statements() as sent:
        assert browser.get(path).status == 200
    assert sent, "nothing was counted"
    return len(sent)


@pytest.mark.parametrize("name", ["tina", "olga", "ada"])
def test_a_discussion_costs_few_statements_and_not_more_when_it_is_long(world: World, name: str) -> None:
    discussion_id = world.discussion()
    path = f"/discussions/{discussion_id}"
    world.publish(world.cast.tina, discussion_id)
    short = cost(world, name, path)
    assert short <= MOST_STATEMENTS
    for number in (1, 2, 3):
        world.fill(discussion_id, [world.cast.tina, world.cast.tom], 3, answers=number)
    world.fill(discussion_id, [world.cast.tina, world.cast.tom], 990)
    assert cost(world, name, path) == short
    # Where one came from takes one more: the reflection that the post stands under.
    assert cost(world, name, f"{path}?show=500") <= MOST_STATEMENTS + 1


def test_a_page_that_is_kept_costs_less_still(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    browser = world.client_of(world.cast.tina)
    browser.discussion(discussion_id)
    with statements() as sent:
        browser.discussion(discussion_id)
    assert len(sent) <= 4


def test_what_is_kept_of_a_page_is_never_older_than_the_discussion(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id, "Before")
    tom, tina = world.client_of(world.cast.tom), world.client_of(world.cast.tina)
    assert "Before" in tom.discussion(discussion_id).words
    path = f"/discussions/{discussion_id}/posts/1"
    tina.submit(tina.get(path), f"{path}/edit", body="After")
    page = tom.discussion(discussion_id)
    assert "After" in page.words
    assert "Before" not in page.words


def test_what_is_kept_of_a_page_is_kept_for_each_language(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    tina, tom = world.client_of(world.cast.tina), world.client_of(world.cast.tom)
    tom.post("/language", language="zh")
    assert "2 Mar, 09:00" in tina.discussion(discussion_id).post(1).words
    assert "3月2日 09:00" in tom.discussion(discussion_id).post(1).words
    assert "2 Mar, 09:00" in tina.discussion(discussion_id).post(1).words


@pytest.mark.parametrize("path", ["/", "/classes/spring", "/classes/spring/members", "/classes/spring/figures"])
def test_pages_of_a_class_cost_no_more_when_the_class_is_busy(world: World, path: str) -> None:
    first = world.discussion()
    world.publish(world.cast.tina, first)
    before = cost(world, "olga", path)
    for step in range(5):
        discussion_id = world.discussion(f"Lecture {step}")
        world.fill(discussion_id, [world.cast.tina, world.cast.tom], 30)
    with world.inside():
        recount(world.cast.tina.id, first)
    assert cost(world, "olga", path) == before


def paths_of(discussion_id: int) -> list[str]:
    here = f"/discussions/{discussion_id}"
    figures = [f"/classes/spring/figures?by={by}" for by in ("discussion", "trainee", "unit", "group", "week")]
    return [
        "/",
        "/classes/spring",
        "/classes/spring/members",
        "/classes/spring/hidden",
        *figures,
        here,
        f"{here}?show=2",
        f"{here}/posts?since=0",
        *(f"{here}/posts/{number}" for number in (1, 2, 3)),
        f"{here}/figures",
        f"{here}/print",
        "/nowhere",
        "/sign-in",
    ]


def inline(page: Page) -> list[str]:
    """What the policy of the headers would stop, or should."""
    return [found for element in page.root.walk() for found in faults_of(element)]


def faults_of(element: Element) -> Iterator[str]:
    if element.tag == "style" or (element.tag == "script" and not element.get("src").startswith("/static/")):
        yield f"<{element.tag}> {element.text[:60]}"
    for name, value in element.attributes.items():
        if name.startswith("on") or name in ("style", "srcdoc"):
            yield f"<{element.tag} {name}={value!r}>"
        if name in ("href", "src", "action", "formaction") and value.lower().lstrip().startswith(
            ("javascript:", "data:")
        ):
            yield f"<{element.tag} {name}={value!r}>"
        if name in ("src", "action", "formaction") and "//" in value:
            yield f"<{element.tag} {name}={value!r}> of another site"


@pytest.mark.parametrize("name", ["tina", "tom", "ivan", "olga", "omar", "ada", "stella"])
def test_no_page_of_anybody_has_inline_script_or_style(world: World, name: str) -> None:
    discussion_id = world.discussion(prompt="What **struck** you?")
    world.publish(world.cast.tina, discussion_id, "One <b onclick=x>typed</b> [link](https://example.org)")
    world.publish(world.cast.tom, discussion_id, "Two", parent=1)
    world.publish(world.cast.ivan, discussion_id, "Three", parent=1)
    world.change("hide", world.cast.olga, discussion_id, 2, "off the subject")
    browser = world.client_of(getattr(world.cast, name))
    pages = [browser.get(path) for path in paths_of(discussion_id)]
    assert any(page.status == 200 for page in pages)
    for page in pages:
        assert inline(page) == [], page.path
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert "private" in page.headers.get("Cache-Control", "private")


def test_the_check_of_pages_finds_what_is_inline() -> None:
    from flask import Response

    class Answer(Response):
        request = type("Request", (), {"full_path": "/"})

    bad = [
        "<p onclick='x'>",
        "<p style='x'>",
        "<style>p{}</style>",
        "<script>x</script>",
        "<a href='javascript:x'>x</a>",
        "<script src='https://cdn.example/x.js'></script>",
    ]
    for source in bad:
        assert inline(Page(Answer(source, mimetype="text/html"))), source


def test_every_page_has_one_heading_of_the_first_level_and_a_title(world: World) -> None:
    discussion_id = world.discussion()
    world.publish(world.cast.tina, discussion_id)
    browser = world.client_of(world.cast.olga)
    for path in (
        "/",
        "/classes/spring",
        "/classes/spring/members",
        "/classes/spring/figures",
        f"/discussions/{discussion_id}",
        f"/discussions/{discussion_id}/posts/1",
        f"/discussions/{discussion_id}/figures",
        f"/discussions/{discussion_id}/print",
        "/classes/spring/hidden",
        "/nowhere",
    ):
        page = browser.get(path)
        assert len(page.all("h1")) == 1, path
        assert page.one("title").words.endswith("Training Forum"), path
        ids = [element["id"] for element in page.root.walk() if "id" in element.attributes]
        assert len(ids) == len(set(ids)), f"{path}: an id stands twice"
