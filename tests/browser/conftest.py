"""Chromium, and the real application served to it from a scratch SQLite database with the cast in it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from babel.support import Translations
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from forum import clock
from forum.classes.models import TrainingClass
from forum.db import commit, db
from forum.discussions import operations, setup
from forum.discussions.models import Discussion, Post, Stage
from forum.members.models import Member
from tests.cast import PASSWORD, Cast, Person, settle_cast
from tests.databases import SQLiteFiles
from tests.databases import test_app as make_app

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# In the order of discussion.number: what strains a narrow page.
TEXTS = [
    "A **plain** thought.\n\n> A quotation of some length.\n\n- one\n- two",
    f"An address: https://example.org/{'path/' * 40} and a word {'Donaudampfschifffahrt' * 8}.",
    "| " + " | ".join(f"column {n}" for n in range(14)) + " |\n" + "|---" * 14 + "|\n" + "| a long cell " * 14 + "|",
    "```\n" + "a_line_of_code_without_a_break = " * 12 + "\n```",
    "听完报告，我对“把课堂搬到田间地头”有了新的认识。" * 6,
]


class QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_arguments: Any) -> None:
        pass


@dataclass
class Site:
    """The running application; what a test does beside the browser is done here, each call committed."""

    app: Flask
    url: str
    cast: Cast

    def discussion(self, title: str, prompt: str = "What **struck** you?", **options: Any) -> int:
        with self.app.app_context():
            spring = db.session.query(TrainingClass).filter_by(slug="spring").one()
            made = setup.add_discussion(spring, title, Stage.DURING, prompt, **options).id
            commit()
            return made

    def publish(self, person: Person, discussion_id: int, body: str, parent: int | None = None) -> int:
        with self.app.app_context():
            author = db.session.get_one(Member, person.id)
            discussion = db.session.get_one(Discussion, discussion_id)
            token = f"{person.id}-{discussion_id}-{discussion.last_number}"
            number = operations.publish_post(author, discussion, body, parent, token).number
            commit()
            return number

    def change(self, verb: str, person: Person, discussion_id: int, number: int, *arguments: str) -> None:
        with self.app.app_context():
            post = db.session.query(Post).filter_by(discussion_id=discussion_id, number=number).one()
            getattr(operations, f"{verb}_post")(db.session.get_one(Member, person.id), post, *arguments)
            commit()

    def close(self, discussion_id: int) -> None:
        with self.app.app_context():
            setup.close_discussion(db.session.get_one(Discussion, discussion_id))
            commit()

    def open(self, discussion_id: int, left: timedelta | None = None) -> None:
        """Open, for as long as said."""
        with self.app.app_context():
            closes_at = clock.now() + left if left else None
            setup.open_discussion(db.session.get_one(Discussion, discussion_id), closes_at)
            commit()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    app = make_app(SQLiteFiles(folder).new(), folder)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        cast = settle_cast()
        commit()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.port}", cast)
    server.shutdown()
    server.server_close()
    thread.join()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        pytest.skip("There is no Chromium here; get one with `apt-get install chromium`, or Google Chrome.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """One person at one device. `complaints` gathers what the browser complains of: script errors, refused contents."""

    page: Any
    site: Site
    complaints: list[str] = field(default_factory=list)
    language: str = "en"

    def say(self, text: str, **values: Any) -> str:
        """The text in the language of the page, from the catalogue."""
        return words(text, self.language) % values if values else words(text, self.language)

    def go(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def sign_in(self, person: Person, language: str = "en") -> None:
        """And go on in this language."""
        self.go("/sign-in")
        self.use(language)
        self.page.get_by_label(self.say("E-mail or phone number")).fill(person.email)
        self.page.get_by_label(self.say("Password"), exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name=self.say("Sign in")).click()
        self.page.wait_for_url(self.site.url + "/")
        self.use(language)

    def use(self, language: str) -> None:
        """Switch to it by the page's own control, unless the page is in it."""
        html = {"zh": "html[lang=zh-CN]", "en": "html[lang=en]"}[language]
        if not self.page.locator(html).count():
            self.page.locator(f"button[name=language][value={language}]").click()
            self.page.locator(html).wait_for(state="attached")
        self.language = language

    def post(self, number: int) -> Any:
        return self.page.locator(f"#post-{number}")


def words(text: str, language: str) -> str:
    if language == "en":
        return text
    translated: str = Translations.load(str(ROOT / "forum/translations"), [language]).gettext(text)
    return translated


@pytest.fixture
def visit(chromium: Any, site: Site) -> Iterator[Callable[..., Visitor]]:
    """`visit(javascript=False, width=390, color_scheme="dark")`: a new device at the site."""
    contexts = []

    def begin(javascript: bool = True, width: int = 1280, height: int = 900, **options: Any) -> Visitor:
        options.setdefault("locale", "en-GB")
        context = chromium.new_context(
            java_script_enabled=javascript, viewport={"width": width, "height": height}, **options
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        visitor = Visitor(context.new_page(), site)
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        visitor.page.on("console", lambda message: _listen(visitor.complaints, message))
        return visitor

    yield begin
    for context in contexts:
        context.close()


# A page answered with 4xx is said by the browser too; that is no fault of the page.
EXPECTED = "Failed to load resource: the server responded with a status of 4"


def _listen(complaints: list[str], message: Any) -> None:
    if message.type in ("error", "warning") and EXPECTED not in message.text:
        complaints.append(message.text)


@pytest.fixture(scope="session")
def exhibition(site: Site) -> int:
    """A discussion with all there can be on a page: long words, tables, code, comments, replies, featured, hidden."""
    cast, discussion = site.cast, site.discussion("What strained the page, and a title of some length to go with it")
    for turn, text in enumerate(TEXTS):
        site.publish((cast.tina, cast.tom)[turn % 2], discussion, text)
    site.publish(cast.ivan, discussion, "A comment with a *word* of praise.", 1)
    site.publish(cast.tina, discussion, "Thank you.", 6)
    site.publish(cast.tom, discussion, "I agree, and more.", 7)
    site.change("feature", cast.olga, discussion, 1)
    site.change("hide", cast.olga, discussion, 2, "Twice the same.")
    site.change("edit", cast.tina, discussion, 3, TEXTS[2] + "\n\nEdited.")
    site.publish(cast.tom, discussion, TEXTS[1])
    return discussion
