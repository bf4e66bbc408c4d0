"""The page of a discussion, kept for everybody who may do the same there."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any, NamedTuple

from flask import Response, g, render_template, request, session
from flask_login import current_user
from markupsafe import Markup, escape

from forum import clock, policy
from forum.attachments.models import Attachment
from forum.classes.queries import get_enrolment
from forum.discussions import figures, queries, threads
from forum.discussions.filters import Filter, Reader
from forum.discussions.forms import PostForm, new_token
from forum.discussions.models import Discussion
from forum.discussions.rows import News, PostRow, Thread
from forum.discussions.standing_queries import Standing, standing_of, standing_of_session
from forum.discussions.threads import Place
from forum.discussions.unread_queries import unread_count
from forum.fragments import NotKept, blank, filled, fragments, only_kept, without_blanks
from forum.templating import seal
from forum.web import page_argument

FILTERS = frozenset(Filter)
# Posts that one question for what is new is answered with.
MOST_SINCE = 200


class Own(dict[bytes, bytes]):
    """What stands in a page's blanks for this reader; `new_N_A` and `hidden_N_A` are marks at post N of author A."""

    def __init__(self, standing: Standing) -> None:
        super().__init__()
        self._discussion_id, self._me, self._new = standing.discussion_id, b"%d" % standing.member_id, b""
        self[b"drafts"] = (standing.drafts or "").encode()
        self._read = standing.last_number if standing.read_number is None else standing.read_number
        if self._read < standing.last_number:
            self._new = self._mark("new")

    @property
    def has_news(self) -> bool:
        return bool(self._new)

    def __missing__(self, name: bytes) -> bytes:
        kind, number, author = name.split(b"_")
        if kind == b"hidden":
            return self._mark("hidden", int(number)) if author == self._me else b""
        return self._new if int(number) > self._read and author != self._me else b""

    def _mark(self, kind: str, number: int = 0) -> bytes:
        words = {"kind": kind, "number": number, "discussion_id": self._discussion_id}
        render = partial(render_template, "discussions/_own_marks.html", **words)
        return fragments().get(("mark", *words.values()), render).encode()


class Viewer(NamedTuple):
    """Who looks, as a page's head says it."""

    id: int
    name: str
    position: str
    is_administrator: bool
    unread: int


def kept_page(session_id: str, discussion_id: int) -> Response | None:
    """The page for whoever's session this is, if all of it is kept that others do not share with them either: nothing
    more is asked then. Under *post first* the policy asks who has spoken."""
    if "_flashes" in session or _chosen_filter().is_personal:
        return None
    found = standing_of_session(session_id, discussion_id)
    if found is None or found[0].post_first:
        return None
    one, g.own_locale = found
    try:
        own = _own(one, only_kept)
        viewer = Viewer(one.member_id, one.name, one.position, one.is_administrator, one.unread)
        return _kept_for(viewer, _key(one, True, own), only_kept, own)
    except NotKept:
        return None


def discussion_page(discussion: Discussion) -> str | Response:
    """Kept as everybody gets it who may do the same there, with what is the person's own filled in."""
    member, chosen = current_user._get_current_object(), _chosen_filter()
    standing = standing_of(member, discussion)
    reader = _reader(standing)
    own = _own(standing, lambda: _render_filters(discussion, reader, chosen))
    if "_flashes" in session or chosen.is_personal:
        return filled(_discussion_page(discussion, reader), own)

    def render() -> str:
        page = _discussion_page(discussion, reader, new_form(token=blank("token")), **blanks())
        return page if own.has_news else without_blanks(page, "new_")

    return kept(_key(standing, policy.can_read_posts(member, discussion), own), render, own)


def _key(standing: Standing, may_read: bool, own: Own) -> tuple[Any, ...]:
    """Two for whom it is the same get the same page: what the policy goes by, not what it says."""
    state = standing.state_at(clock.now())
    return "page", request.full_path, *standing.dated, *standing.rights, may_read, state, own.has_news


def blanks() -> dict[str, Markup]:
    """What `kept` fills in, as the templates name it; the token of the form it fills in, too."""
    return {name: blank(name) for name in ("account", "bell", "viewer_id", "viewer_name", "viewer_seal")}


def kept(key: tuple[Any, ...], render: Callable[[], str], own: dict[bytes, bytes]) -> Response:
    """A page that is kept under its key, with what is the person's own filled in."""
    member = current_user._get_current_object()
    viewer = Viewer(member.id, member.name, member.position, member.is_administrator, unread_count(member))
    return _kept_for(viewer, key, render, own)


def _kept_for(viewer: Viewer, key: tuple[Any, ...], render: Callable[[], str], own: dict[bytes, bytes]) -> Response:
    who = ("account", *viewer[:-1])
    own[b"account"] = fragments().page(who, lambda: render_template("layouts/_account.html"), {})
    own[b"bell"] = fragments().page(("bell", viewer.unread), lambda: render_template("layouts/_bell.html"), {})
    own[b"viewer_id"], own[b"token"] = b"%d" % viewer.id, new_token().encode()
    own[b"viewer_name"], own[b"viewer_seal"] = escape(viewer.name).encode(), escape(seal(viewer.name)).encode()
    return Response(fragments().page(key, render, own), mimetype="text/html")


def refused_page(discussion: Discussion, form: PostForm, refusal: str, chosen: list[Attachment]) -> str:
    standing = standing_of(current_user._get_current_object(), discussion)
    reader = _reader(standing)
    own = _own(standing, lambda: _render_filters(discussion, reader, _chosen_filter()))
    return filled(_discussion_page(discussion, reader, form, refusal, chosen=chosen), own)


def _reader(standing: Standing) -> Reader:
    return Reader(standing.member_id, standing.group_id, standing.read_number)


def _chosen_filter() -> Filter:
    name = request.args.get("filter", "")
    return Filter(name) if name in FILTERS and "show" not in request.args else Filter.ALL


def _own(standing: Standing, render_filters: Callable[[], str]) -> Own:
    own = Own(standing)
    key = ("filters", _reader(standing), _chosen_filter(), *standing.dated, standing.rights, bool(standing.archived_at))
    own[b"filters"] = fragments().page(key, render_filters, {})
    return own


def _render_filters(discussion: Discussion, reader: Reader, chosen: Filter) -> str:
    return render_template(
        "discussions/_filters.html",
        discussion=discussion,
        counts=threads.filter_counts(discussion.id, reader),
        news=threads.news(discussion.id, reader) if reader.read_number is not None else News(),
        chosen=chosen,
        likes=liked(discussion),
    )


def liked(discussion: Discussion) -> Markup:
    """The numbers of the posts there that the reader likes."""
    key = ("likes", current_user.id, *dated(discussion))
    return fragments().get(key, lambda: " ".join(map(str, queries.liked_numbers(current_user, discussion))))


def dated(discussion: Discussion) -> tuple[int, int, int, int]:
    """Of the class, too: the id of a discussion that was deleted may be given again, in any class."""
    training_class = discussion.training_class
    return training_class.id, discussion.id, discussion.revision, training_class.roster_revision


def _discussion_page(
    discussion: Discussion, reader: Reader, form: PostForm | None = None, refusal: str | None = None, **own: Any
) -> str:
    """The page around the list of posts and the figures, which are the same for everybody at one revision."""
    may_read = policy.can_read_posts(current_user, discussion)
    may_post = policy.can_post(current_user, discussion)
    rendered = _figures(discussion, may_read)
    return render_template(
        "discussions/discussion.html",
        discussion=discussion,
        now=clock.now(),
        threads=_threads(discussion, reader) if may_read else None,
        rail=rendered("rail"),
        spoken=rendered("spoken"),
        remind=rendered("remind"),
        filters=blank("filters"),
        drafts=blank("drafts"),
        may_read=may_read,
        shows_all=_chosen_filter() is Filter.ALL,
        form=(form or new_form()) if may_post else None,
        refusal=refusal,
        reply_to=_answered(discussion, form) if may_read else None,
        role=role(discussion),
        **own,
    )


def _figures(discussion: Discussion, may_read: bool) -> Callable[[str], Markup]:
    """Renders what shows figures of the discussion, which are summed once."""
    summary = cache(lambda: figures.discussion_summary(discussion))

    def rendered(name: str) -> Markup:
        template = f"discussions/_{name}.html"
        key = (name, may_read, *dated(discussion))
        return fragments().get(key, lambda: render_template(template, figures=summary(), may_read=may_read))

    return rendered


def posts_since(discussion: Discussion, since: int) -> str:
    """What is new or changed since that revision, and the head of the page; the same for all who ask at one revision,
    as everybody does who comes back at once."""
    now = clock.now()
    state = discussion.state_at(now)

    def render() -> str:
        posts = threads.posts_since(discussion.id, since, MOST_SINCE + 1)
        more = len(posts) > MOST_SINCE
        rendered = _figures(discussion, True)
        return render_template(
            "discussions/_posts_since.html",
            posts=posts[:MOST_SINCE],
            more=more,
            revision=posts[MOST_SINCE - 1].revision if more else discussion.revision,
            discussion=discussion,
            state=state.value,
            now=now,
            may_read=True,
            rail=rendered("rail"),
            spoken=rendered("spoken"),
            zone=discussion.training_class.zone,
        )

    return fragments().get(("since", since, state, *dated(discussion)), render)


def _threads(discussion: Discussion, reader: Reader) -> Markup | str:
    """The list of posts, with blanks where a post may be new to the reader."""
    place = Place(page_argument("after"), page_argument("before"), page_argument("show"))
    chosen = _chosen_filter()

    def render() -> str:
        return render_template(
            "discussions/_threads.html",
            page=threads.page_of_threads(discussion.id, place, chosen, reader),
            rendered=lambda thread: _thread(discussion, thread),
            chosen=chosen,
            discussion_id=discussion.id,
        )

    if chosen.is_personal:
        return Markup(render())  # noqa: S704 - by our template, which escapes
    return fragments().get(("threads", *dated(discussion), place, chosen), render)


def _thread(discussion: Discussion, thread: Thread) -> Markup:
    """Anew only when one of its posts has changed: a new post costs the page one thread, not all of them."""
    class_id, discussion_id, _revision, roster_revision = dated(discussion)
    posts = tuple((post.number, post.revision) for post in (thread.reflection, *thread.replies))

    def render() -> str:
        return render_template(
            "discussions/_thread.html",
            thread=thread,
            discussion_id=discussion_id,
            zone=discussion.training_class.zone,
            mark=lambda kind, post: blank(f"{kind}_{post.number}_{post.author_id}"),
        )

    key = ("thread", class_id, discussion_id, roster_revision, posts, thread.folded)
    return fragments().get(key, render)


def _answered(discussion: Discussion, form: PostForm | None) -> PostRow | None:
    number = form.parent_number if form else None
    return threads.post_row(discussion.id, number) if number else None


def new_form(parent: int | None = None, token: str | None = None, body: str = "") -> PostForm:
    return PostForm(formdata=None, parent=str(parent) if parent else "", token=token or new_token(), body=body)


def role(discussion: Discussion) -> str | None:
    enrolment = get_enrolment(current_user, discussion.class_id)
    return enrolment.role.value if enrolment and enrolment.is_active else None
