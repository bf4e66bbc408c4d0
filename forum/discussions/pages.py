"""The page of a discussion, kept for everybody who may do the same there."""

from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Response, render_template, request, session
from flask_login import current_user
from markupsafe import Markup, escape

from forum import clock, policy
from forum.attachments.models import Attachment
from forum.classes.queries import get_enrolment
from forum.discussions import figures, queries, threads
from forum.discussions.filters import Filter, Reader
from forum.discussions.forms import PostForm, new_token
from forum.discussions.models import Discussion
from forum.discussions.queries import draft_versions, unread_count
from forum.discussions.rows import News, PostRow, Thread
from forum.discussions.threads import Place
from forum.fragments import blank, filled, fragments, without_blanks
from forum.members.models import Member
from forum.templating import seal
from forum.web import page_argument

# Posts that one question for what is new is answered with.
MOST_SINCE = 200


class Own(dict[bytes, bytes]):
    """What stands in a page's blanks for this reader; `new_N_A` and `hidden_N_A` are marks at post N of author A."""

    def __init__(self, reader: Reader, discussion: Discussion) -> None:
        super().__init__()
        self._discussion_id, self._me, self._new = discussion.id, b"%d" % reader.member_id, b""
        self[b"drafts"] = draft_versions(current_user, discussion).encode()
        self._read = discussion.last_number if reader.read_number is None else reader.read_number
        if self._read < discussion.last_number:
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
        return render_template("discussions/_own_marks.html", **words).encode()


def discussion_page(discussion: Discussion) -> str | Response:
    """Kept as everybody gets it who may do the same there, with what is the person's own filled in."""
    member, chosen = current_user._get_current_object(), _chosen_filter()
    reader = _reader(member, discussion)
    own = _own(discussion, reader, chosen)
    if "_flashes" in session or chosen.is_personal:
        return filled(_discussion_page(discussion, reader), own)
    may = [
        policy.can_read_posts(member, discussion),
        policy.can_post(member, discussion),
        policy.can_see_figures(member, discussion.training_class),
        policy.can_organise(member, discussion.training_class),
    ]
    state = discussion.state_at(clock.now())
    key = ("page", request.full_path, *dated(discussion), *may, role(discussion), state, own.has_news)

    def render() -> str:
        page = _discussion_page(discussion, reader, new_form(token=blank("token")), **blanks())
        return page if own.has_news else without_blanks(page, "new_")

    return kept(key, render, own)


def blanks() -> dict[str, Markup]:
    """What `kept` fills in, as the templates name it; the token of the form it fills in, too."""
    return {name: blank(name) for name in ("account", "bell", "viewer_id", "viewer_name", "viewer_seal")}


def kept(key: tuple[Any, ...], render: Callable[[], str], own: dict[bytes, bytes]) -> Response:
    """A page that is kept under its key, with what is the person's own filled in."""
    member = current_user._get_current_object()
    who = ("account", member.id, member.name, member.position)
    own[b"account"] = fragments().page(who, lambda: render_template("layouts/_account.html"), {})
    own[b"bell"] = fragments().page(("bell", unread_count(member)), lambda: render_template("layouts/_bell.html"), {})
    own[b"viewer_id"], own[b"token"] = b"%d" % member.id, new_token().encode()
    own[b"viewer_name"], own[b"viewer_seal"] = escape(member.name).encode(), escape(seal(member.name)).encode()
    return Response(fragments().page(key, render, own), mimetype="text/html")


def refused_page(discussion: Discussion, form: PostForm, refusal: str, chosen: list[Attachment]) -> str:
    reader = _reader(current_user, discussion)
    own = _own(discussion, reader, _chosen_filter())
    return filled(_discussion_page(discussion, reader, form, refusal, chosen=chosen), own)


def _reader(member: Member, discussion: Discussion) -> Reader:
    enrolment = get_enrolment(member, discussion.class_id)
    return Reader(member.id, enrolment.group_id if enrolment else None, queries.read_number(member, discussion))


def _chosen_filter() -> Filter:
    name = request.args.get("filter", "")
    return Filter(name) if name in set(Filter) and "show" not in request.args else Filter.ALL


def _own(discussion: Discussion, reader: Reader, chosen: Filter) -> Own:
    own = Own(reader, discussion)
    key = ("filters", reader, chosen, *dated(discussion), discussion.training_class.is_archived)
    own[b"filters"] = fragments().page(key, lambda: _render_filters(discussion, reader, chosen), {})
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
