"""Both languages: every word translated, and the right one chosen."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from werkzeug.datastructures import LanguageAccept

from forum.config import LOCALES
from forum.i18n import choose_locale, locale_of_environment
from tests.cast import Browser, World

ROOT = Path(__file__).parent.parent
METHODS = [("forum/**.py", "python"), ("templates/**", "jinja2")]
# As in the Makefile's `translations`.
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@cache
def used() -> Catalog:
    """Every message in code and templates."""
    catalog = Catalog()
    folders = {"forum", "templates"}
    for file, line, message, _, context in extract_from_dir(
        ROOT,
        METHODS,
        {"templates/**": {"encoding": "utf-8"}},
        KEYWORDS,
        directory_filter=lambda folder: Path(folder).relative_to(ROOT).parts[0] in folders,
    ):
        catalog.add(message, locations=[(file, line)], context=context)
    return catalog


@cache
def chinese() -> Catalog:
    with (ROOT / "forum/translations/zh/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file)


def key_of(message_id: object) -> str:
    return str(message_id[0] if isinstance(message_id, list | tuple) else message_id)


def test_the_catalogue_holds_the_words_of_code_and_templates() -> None:
    found = {key_of(message.id) for message in used() if message.id}
    assert len(found) > 150
    assert {"Sign in", "Please write something first.", "Person-times"} <= found


def test_every_word_is_translated() -> None:
    translated = {key_of(message.id): message for message in chinese() if message.id}
    missing = []
    for message in used():
        if not message.id:
            continue
        entry = translated.get(key_of(message.id))
        strings = entry.string if entry and isinstance(entry.string, list | tuple) else [entry.string if entry else ""]
        if entry is None or entry.fuzzy or not all(strings):
            missing.append(f"{message.locations[0]}: {key_of(message.id)}")
    assert not missing, "\n".join(missing)


def test_a_translation_has_the_places_of_its_original() -> None:
    wrong = []
    for message in chinese():
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, list | tuple) else [message.id]
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        for string in message.string if isinstance(message.string, list | tuple) else [message.string]:
            if string and set(PLACEHOLDER.findall(string)) != wanted:
                wrong.append(f"{ids[0]} -> {string}")
    assert not wrong, "\n".join(wrong)


def test_no_translation_is_of_words_long_gone() -> None:
    catalogue, words = chinese(), {key_of(message.id) for message in used()}
    assert not catalogue.obsolete
    assert {key_of(message.id) for message in catalogue if message.id} <= words


@pytest.mark.parametrize(
    ("chosen", "browser", "language"),
    [
        ("zh", "en", "zh"),
        ("en", "zh-CN", "en"),
        (None, "zh-CN", "zh"),
        (None, "zh-Hant-TW, en;q=0.5", "zh"),
        (None, "fr, en-GB;q=0.8, zh;q=0.5", "en"),
        (None, "fr, de", "zh"),
        (None, "", "zh"),
        ("fr", "en", "en"),
    ],
)
def test_the_persons_choice_comes_first_then_the_browsers_then_the_default(
    chosen: str | None, browser: str, language: str
) -> None:
    accepted = [
        (part.split(";")[0].strip(), float(part.split("q=")[-1]) if "q=" in part else 1) for part in browser.split(",")
    ]
    assert choose_locale(chosen, LanguageAccept([(tag, q) for tag, q in accepted if tag]), default="zh") == language


@pytest.mark.parametrize(
    ("environment", "language"),
    [({"LANG": "zh_CN.UTF-8"}, "zh"), ({"LANG": "de_DE.UTF-8"}, "en"), ({}, "en"),
     ({"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
     ({"LANGUAGE": "zh_CN:en", "LANG": "en_GB.UTF-8"}, "zh")],
)  # fmt: skip
def test_a_terminal_is_answered_in_its_own_language(environment: dict[str, str], language: str) -> None:
    assert locale_of_environment(environment) == language


pages = pytest.mark.one_database


@pages
def test_a_page_says_which_language_it_is_in(browser: Browser) -> None:
    assert browser.get("/sign-in").one("html")["lang"] == "en"
    assert browser.get("/sign-in", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).one("html")["lang"] == "zh-CN"


@pages
def test_who_has_not_signed_in_can_choose_and_keeps_the_choice_after(browser: Browser, world: World) -> None:
    browser.submit(browser.get("/sign-in"), "/language", language="zh")
    assert browser.get("/sign-in").one("html")["lang"] == "zh-CN"
    browser.sign_in(world.cast.tina.email)
    assert browser.get("/").one("html")["lang"] == "zh-CN"


@pages
def test_a_members_choice_goes_along_to_another_browser(world: World) -> None:
    first = world.client_of(world.cast.tina)
    answer = first.submit(first.get("/"), "/language", language="zh")
    assert (answer.status, answer.headers["Location"]) == (302, "/")
    second = world.client_of(world.cast.tina)
    assert second.get("/", headers={"Accept-Language": "en"}).one("html")["lang"] == "zh-CN"


@pages
def test_a_language_that_there_is_not_changes_nothing(world: World) -> None:
    browser = world.client_of(world.cast.tina)
    browser.post("/language", language="fr")
    assert browser.get("/").one("html")["lang"] == "en"


@pages
def test_choosing_a_language_leads_back_to_the_page_but_never_to_another_site(world: World) -> None:
    browser = world.client_of(world.cast.tina)
    there = browser.submit(browser.get("/classes/spring"), "/language", language="zh")
    assert there.headers["Location"] == "/classes/spring"
    assert browser.post("/language", language="en", next="https://evil.example/").headers["Location"] == "/"


def test_there_is_a_catalogue_for_every_language_but_the_source_s() -> None:
    folders = {folder.name for folder in (ROOT / "forum/translations").iterdir() if folder.is_dir()}
    assert folders == set(LOCALES) - {"en"}
