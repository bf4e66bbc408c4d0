"""What templates call: addresses of built files, what the person may do, dates and numbers as people write them."""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from babel import dates, numbers
from flask import Flask, current_app, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.local import LocalProxy

from forum import clock, policy
from forum.attachments.models import MOST_FILES
from forum.discussions.rows import excerpt
from forum.discussions.unread_queries import unread_count
from forum.i18n import gettext, language, ngettext
from forum.paths import STATIC
from forum.tracing import request_name
from forum.units.models import short_name
from forum.web import onward_path

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
TAG = re.compile(r"<[^>]*>")
MANIFEST = STATIC / "manifest.json"
NO_VALUE = "–"
MINUS = "\u2212"


def init_templating(app: Flask) -> None:
    app.jinja_env.globals.update(asset_url=asset_url, can=Can(), locale=LocalProxy(language), onward=onward_path)
    app.jinja_env.globals["request_name"] = request_name
    app.jinja_env.globals["unread"] = lambda: unread_count(current_user)
    app.jinja_env.globals["file_limits"] = file_limits
    of_words = (moment, day, clock_time, weekday, iso, percent, duration, number, filesize)
    for function in (*of_words, seal, short_name, excerpt, lang_of, width, shortened, rich):
        app.jinja_env.filters[function.__name__] = function


class Can:
    """`can.post(discussion)` in a template asks `policy.can_post` for the person who looks."""

    def __getattr__(self, verb: str) -> Callable[[Any], bool]:
        rule = getattr(policy, f"can_{verb}")
        return lambda thing: bool(rule(current_user, thing))


def asset_url(name: str) -> str:
    """The address of a built file: its name holds a hash of what it says."""
    return url_for("static", filename=_manifest()[name])


def asset_text(name: str) -> str:
    """What a built file says."""
    return (STATIC / _manifest()[name]).read_text(encoding="utf-8")


def _manifest() -> dict[str, str]:
    kept: dict[str, str] | None = current_app.extensions.get("asset_manifest")
    if kept is None or current_app.debug:
        try:
            kept = json.loads(MANIFEST.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise RuntimeError(f"{MANIFEST} is missing: run `npm ci && npm run build` in {STATIC.parent}.") from None
        current_app.extensions["asset_manifest"] = kept
    assert kept is not None
    return kept


def _pattern(zh: str, en: str) -> str:
    return zh if language() == "zh" else en


def day(value: date | str) -> str:
    """Like "20 Nov 2026", "2026年11月20日"; without the year when it is this year. A text is a date in ISO form."""
    value = date.fromisoformat(value) if isinstance(value, str) else value
    this_year = value.year == clock.now().year
    return _day(value, _pattern("M月d日", "d MMM") if this_year else _pattern("y年M月d日", "d MMM y"), language())


@lru_cache(maxsize=1024)
def _day(value: date, pattern: str, spoken: str) -> str:
    """A page names the same few days again and again."""
    return dates.format_date(value, pattern, locale=spoken)


def clock_time(value: datetime, zone: tzinfo) -> str:
    return value.astimezone(zone).strftime("%H:%M")


def moment(value: datetime, zone: tzinfo) -> str:
    return f"{day(value.astimezone(zone).date())}{_pattern(' ', ', ')}{clock_time(value, zone)}"


def weekday(value: date) -> str:
    return dates.format_date(value, "EEEE", locale=language())


def iso(value: date | datetime) -> str:
    return value.isoformat()


def percent(fraction: float | None) -> str:
    """One decimal of a per cent."""
    return NO_VALUE if fraction is None else _percent(fraction, language())


@lru_cache(4096)
def _percent(fraction: float, where: str) -> str:
    return numbers.format_decimal(fraction * 100, "#,##0.0", locale=where) + _pattern("%", "\u00a0%")


def number(value: float | None) -> str:
    """Small ones without the rules of the language: a table has thousands, and all languages write them so."""
    if value is None:
        return NO_VALUE
    return str(value) if isinstance(value, int) and 0 <= value < 1000 else _decimal(value, language())


@lru_cache(4096)
def _decimal(value: float, where: str) -> str:
    return numbers.format_decimal(value, locale=where)


def file_limits() -> dict[str, int]:
    """How many files a post may have, and of how many megabytes."""
    settings = current_app.extensions["settings"]
    return {"count": MOST_FILES, "each": settings.upload_mb, "together": settings.upload_post_mb}


def filesize(count: int) -> str:
    """In whole kilobytes, and megabytes with one decimal."""
    megabytes = count / 1024 / 1024
    return f"{number(round(megabytes, 1))} MB" if megabytes >= 1 else f"{number(max(1, round(count / 1024)))} KB"


def duration(seconds: float | None) -> str:
    """The two largest parts that say something: "8 min", "3 h 20 min", "2 days". Below zero (an imported comment may
    be older than what it stands under) with a minus, and at least a minute of it."""
    if seconds is None:
        return NO_VALUE
    if seconds < 0:
        return MINUS + duration(max(-seconds, 60))
    minutes = round(timedelta(seconds=seconds) / timedelta(minutes=1))
    if minutes < 1:
        return gettext("under 1 min")
    if minutes < 60:
        return gettext("%(minutes)s min", minutes=minutes)
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        if rest:
            return gettext("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)
        return gettext("%(hours)s h", hours=hours)
    return ngettext("%(num)s day", "%(num)s days", round(minutes / 1440))


def seal(name: str) -> str:
    """The character of the family name, as on a seal."""
    return next(iter(HAN.findall(name)), name.strip()[:1].upper())


def lang_of(html: str) -> str:
    """The language a text is in as far as its letters tell: for screen readers, fonts and line breaks."""
    text = TAG.sub("", html)
    return "zh-CN" if len(HAN.findall(text)) * 4 > len(text) else "en"


def width(text: str) -> int:
    """In columns, of which a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def shortened(text: str, columns: int) -> str:
    """Cut off with an ellipsis where it is wider than so many columns."""
    if width(text) <= columns:
        return text
    while width(text) > columns - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def rich(html: str) -> Markup:
    """Sanitised HTML as it stands in a page: a wide table scrolls in itself, so the keyboard must get there."""
    return Markup(html.replace("<table>", '<table tabindex="0">'))  # noqa: S704 - sanitised when it was written
