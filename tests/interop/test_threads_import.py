"""Import of threads: what is kept, and what is kept and reported."""

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from forum.classes.models import Enrolment, Role
from forum.classes.operations import enrol_member
from forum.db import db
from forum.discussions.models import Discussion, Participation
from forum.interop.threads import import_threads
from forum.members.models import Member
from forum.members.operations import add_member
from forum.units.operations import ensure_unit
from tests.interop.file import as_lines, discussion, member, new_class, of_class, post, said, sizes, stored, take


def test_people_discussions_and_posts_are_added_with_what_the_file_says(seminar):
    report = import_threads(
        seminar,
        as_lines(
            post(
                "p2", "p1", at="2026-03-02T10:00:00+08:00", author="u2", body="<p>Well <b>said</b></p>", format="html"
            ),
            post("p1", body="第一行\n**二**", format="text"),
            discussion(stage="before", prompt="*Why?*"),
            member("u2", role="organiser", unit="City / District"),
            member(unit="City / District", email="Tanja@Example.org"),
            member("u3", role="observer"),
        ),
    )
    assert (report.members, report.discussions, report.posts, report.faults) == (3, 1, 2, [])
    posts = stored(seminar)
    assert (posts["p1"].html, posts["p1"].characters, posts["p1"].role) == ("<p>第一行<br>**二**</p>", 4, Role.TRAINEE)
    assert (posts["p2"].html, posts["p2"].role) == ("<p>Well <strong>said</strong></p>", Role.INSTRUCTOR)
    assert (posts["p2"].parent_id, posts["p2"].root_id, posts["p2"].depth) == (posts["p1"].id, posts["p1"].id, 1)
    assert posts["p1"].created_at == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    tanja = db.session.scalar(sa.select(Member).where(Member.email == "tanja@example.org"))
    assert tanja.password_hash is None
    assert tanja.unit.path == "City / District"
    found = posts["p1"].discussion
    assert (found.stage, found.opens_at, found.closes_at, found.last_number, found.revision) == (
        "before", None, None, 2, 2,
    )  # fmt: skip
    assert found.prompt_html.strip() == "<p><em>Why?</em></p>"
    organiser = db.session.get(Enrolment, (seminar.id, posts["p2"].author_id))
    assert organiser.organises
    assert organiser.unit.path == "City / District"
    assert of_class(seminar, Participation.posts) == [1]


def test_numbers_follow_time_then_line_and_continue(seminar):
    take(seminar, post("b", at="2026-03-02T10:00:00+08:00"), post("a", at="2026-03-02T10:00:00+09:00"), post("c"))
    assert [stored(seminar)[id_].number for id_ in "cab"] == [2, 1, 3]
    take(seminar, post("e"), post("d"), post("f", at="2020-01-01T00:00:00Z"))
    posts = stored(seminar)
    assert [posts[id_].number for id_ in "fed"] == [4, 5, 6]
    assert sorted(found.revision for found in posts.values()) == [1, 2, 3, 4, 5, 6]
    assert of_class(seminar, Discussion.last_number) == [6]


def test_a_parent_may_come_later_in_the_file_and_in_time(seminar):
    report = take(seminar, post("r", "p"), post("p", at="2026-03-03T09:30:00+08:00"))
    posts = stored(seminar)
    assert report.orphans == 0
    assert posts["r"].parent_id == posts["p"].id
    assert (posts["r"].number, posts["p"].number) == (1, 2)


def test_a_second_file_may_answer_posts_of_the_first(seminar):
    take(seminar, post("p"), post("r", "p"))
    report = import_threads(seminar, as_lines(post("s", "r", author="u1")))
    posts = stored(seminar)
    assert (report.posts, report.orphans, report.faults) == (1, 0, [])
    assert (posts["s"].parent_id, posts["s"].root_id, posts["s"].depth) == (posts["r"].id, posts["p"].id, 2)
    assert of_class(seminar, Participation.posts) == [3]


def test_the_same_ids_in_another_class_are_other_things(seminar):
    other = new_class("other")
    assert take(seminar, post("p")).posts == take(other, post("p", body="Another")).posts == 1
    assert stored(seminar)["p"].body != stored(other)["p"].body


def test_what_comes_after_the_first_closing_is_late_and_no_window_is_checked(seminar):
    window = discussion(opens_at="2026-03-02T10:00:00+08:00", closes_at="2026-03-02T11:00:00+08:00")
    times = ["2026-03-02T09:00:00+08:00", "2026-03-02T10:59:59+08:00", "2026-03-02T11:00:00+08:00"]
    import_threads(seminar, as_lines(member(), window, *(post(f"p{n}", at=at) for n, at in enumerate(times))))
    assert [stored(seminar)[f"p{n}"].late for n in range(3)] == [False, False, True]


def test_an_address_finds_the_member_and_an_enrolment_stays(seminar):
    tanja = add_member("Tanja", email="tanja@example.org")
    igor = add_member("Igor", email="igor@example.org")
    enrol_member(seminar, igor, Role.INSTRUCTOR, unit=ensure_unit("City / North"))
    people = [
        member("t", email="TANJA@example.org ", name="Tanja", unit="City / South"),
        member("i", email="igor@example.org", name="Igor"),
    ]
    report = import_threads(seminar, as_lines(*people, discussion(), post("p", author="i")))
    assert (report.members, report.already_there) == (1, 1)
    assert [fault.line for fault in report.notes] == [2]
    assert "enrolled already" in said(report, 2)
    assert db.session.get(Enrolment, (seminar.id, tanja.id)).unit.path == "City / South"
    assert stored(seminar)["p"].role is Role.INSTRUCTOR
    assert of_class(seminar, Enrolment.member_id) == [tanja.id, igor.id]


def test_two_lines_with_one_address_are_one_person(seminar):
    report = import_threads(seminar, as_lines(member("a", email="x@example.org"), member("b", email="X@example.org")))
    assert (report.members, len(of_class(seminar, Enrolment.member_id))) == (1, 1)
    assert "one person" in said(report, 2)


# What is kept and reported


@pytest.mark.parametrize(
    ("lines", "orphans", "reason"),
    [
        ([post("p", "gone")], {3: "p"}, "“gone” is missing"),
        ([post("p"), post("q", "p", discussion="d2"), discussion("d2")], {4: "q"}, "in another discussion"),
        ([post("p", "p")], {3: "p"}, "loop"),
        ([post("p", "q"), post("q", "r"), post("r", "p"), post("s", "p")], {3: "p", 4: "q", 5: "r"}, "loop"),
    ],
)
def test_a_reply_without_a_possible_parent_becomes_a_reflection(seminar, lines, orphans, reason):
    report = take(seminar, *lines)
    posts = stored(seminar)
    assert report.orphans == len(orphans)
    assert not report.errors
    assert [fault.line for fault in report.notes] == list(orphans)
    for line, id_ in orphans.items():
        assert reason in said(report, line)
        assert (posts[id_].parent_id, posts[id_].root_id, posts[id_].depth) == (None, None, 0)
    if "s" in posts:
        assert posts["s"].parent_id == posts["p"].id


def test_a_parent_of_an_earlier_file_in_another_discussion_is_no_parent(seminar):
    take(seminar, post("p"))
    report = import_threads(seminar, as_lines(discussion("d2"), post("q", "p", discussion="d2")))
    assert report.orphans == 1
    assert "in another discussion" in said(report, 2)


def test_nul_is_removed_and_reported(seminar):
    raw = json.dumps(post("q")).replace("Text", "A\0B").encode()
    report = take(seminar, post("p", body="x\0y"), raw + b"\n")
    assert [fault.line for fault in report.notes] == [3, 4]
    assert "NUL" in said(report, 3)
    assert [stored(seminar)[id_].body for id_ in "pq"] == ["xy", "AB q"]


def test_half_a_character_is_replaced_and_reported(seminar):
    report = take(seminar, json.dumps(post("p", body="a\ud83d")).encode(), post("q", body="😀"))
    assert [fault.line for fault in report.notes] == [3]
    assert stored(seminar)["p"].body == "a\ufffd"


def test_an_empty_text_is_kept_and_counts(seminar):
    report = take(seminar, post("p", body=" \n"), post("q", body="", format="html"))
    assert [fault.line for fault in report.notes] == [3, 4]
    assert "empty" in said(report, 3)
    assert (report.posts, of_class(seminar, Participation.posts)) == (2, [2])


def test_a_byte_order_mark_windows_line_ends_and_blank_lines_say_nothing(seminar):
    lines = [b"\xef\xbb\xbf" + as_lines(member())[0].replace(b"\n", b"\r\n"), b"\r\n", *as_lines(discussion())]
    assert import_threads(seminar, lines).faults == []


def test_an_id_of_any_length_is_an_id(seminar):
    long = "x" * 5000
    report = take(seminar, post(long), post("r", long), post(long + "y", long))
    assert (report.posts, report.orphans) == (3, 0)
    assert take(seminar, post(long)).posts == 0


def test_a_second_import_adds_nothing(seminar):
    lines = (post("p"), post("r", "p"), post("o", "gone"))
    take(seminar, *lines)
    before = [*sizes(), of_class(seminar, Discussion.revision)]
    report = take(seminar, *lines)
    assert (report.members, report.discussions, report.posts, report.orphans) == (0, 0, 0, 0)
    assert (report.already_there, report.faults) == (5, [])
    assert [*sizes(), of_class(seminar, Discussion.revision)] == before


def test_the_same_moment_in_another_offset_is_no_difference(seminar):
    take(seminar, post("p", at="2026-03-02T09:30:00+08:00"))
    assert take(seminar, post("p", at="2026-03-02T01:30:00Z")).faults == []


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (post("p"), post("p", body="Changed")),
        (discussion("d2"), discussion("d2", title="Changed")),
        (member("u2"), member("u2", role="observer")),
    ],
)
def test_the_same_id_that_differs_is_reported_and_nothing_changes(seminar, first, again):
    take(seminar, first)
    report = take(seminar, again)
    assert [(fault.line, fault.is_error) for fault in report.faults] == [(3, False)]
    assert "differs" in said(report, 3)
    assert "Changed" not in [found.body for found in stored(seminar).values()]


def test_repeats_within_a_file_are_reported_and_the_first_is_taken(seminar):
    report = take(seminar, post("p"), post("p"), post("p", body="Changed"))
    assert [fault.line for fault in report.notes] == [4, 5]
    assert "on line 3 already" in said(report, 4)
    assert "differs" in said(report, 5)
    assert (report.posts, stored(seminar)["p"].body) == (1, "Text p")


def test_links_whose_quotes_an_export_broke_stay_links(seminar):
    bodies = [r"<a href=\"http://a.org/x\" target=\"_blank\">a</a>", r"<a href=\http://a.org/x\">a</a>"]
    take(seminar, *(post(str(n), body=body, format="html") for n, body in enumerate(bodies)))
    for found in stored(seminar).values():
        assert '<a href="http://a.org/x"' in found.html
