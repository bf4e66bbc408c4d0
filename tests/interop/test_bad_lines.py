"""Import of threads: bad lines are refused with their number and reason, all or nothing."""

import pytest

from forum.interop.threads import ImportFailed
from tests.interop.file import as_lines, discussion, member, post, said, sizes, stored, take, without

pytestmark = pytest.mark.one_database

BAD = [
    (post("p", at="2026-03-02T09:30:00"), "no offset"),
    (post("p", at="2026-03-02"), "no offset"),
    (post("p", at="yesterday"), "not a time: “yesterday”"),
    (post("p", at="2026-02-30T00:00:00+08:00"), "not a time"),
    (post("p", at="0001-01-01T00:00:00+08:00"), "between 1900"),
    (post("p", at="9999-12-31T23:59:59-08:00"), "between 1900"),
    (post("p", at=1456789), "“at” must be a text"),
    (post("p", at=None), "“at” is missing"),
    (post("p", author="nobody"), "author “nobody” is unknown"),
    (post("p", discussion="nowhere"), "discussion “nowhere” is unknown"),
    (post("p", format="bbcode"), "“format” is “bbcode”"),
    (post("p", body=None), "“body” is missing"),
    (post("p", body=["a"]), "“body” must be a text"),
    (post("p", body="x" * 100_001), "longer than"),
    (post("p", parent=0), "“parent” must be a text"),
    (post(7), "“id” must be a text"),
    (post(""), "“id” is missing"),
    (without(post("p"), "author"), "“author” is missing"),
    (without(post("p"), "type"), "not a type of line"),
    (post("p", type="reply"), "“reply” is not a type of line"),
    (member("m", role="guest"), "“role” is “guest”"),
    (member("m", role={"a": 1}), "“role” is"),
    (member("m", name="x" * 121), "“name” is longer"),
    (member("m", name=" "), "“name” is missing"),
    (member("m", email="nobody"), "not an e-mail address"),
    (member("m", email="not an e-mail address"), "not an e-mail address"),
    (member("m", unit="/".join(["x"] * 200)), "unit is too long"),
    (member("m", unit="x" * 121), "unit is too long"),
    (discussion("d2", title="x" * 301), "“title” is longer"),
    (discussion("d2", stage="later"), "“stage” is “later”"),
    (discussion("d2", opens_at="2026-03-02T10:00:00Z", closes_at="2026-03-02T09:00:00Z"), "close before it opens"),
    (b"not json\n", "not valid JSON"),
    (b'["a list"]\n', "not a JSON object"),
    (b'{"type": NaN}\n', "not valid JSON"),
    (b'{"type":"post","id":"p","id":"q"}\n', "“id” appears twice"),
    (b'{"type":"post","id":"\xff"}\n', "not UTF-8"),
    (b'{"a":' * 100_000 + b"\n", "not valid JSON"),
    (b'{"a":' + b"9" * 5000 + b"}\n", "not valid JSON"),
]


@pytest.mark.parametrize(("line", "reason"), BAD, ids=[f"{n} {reason}" for n, (_line, reason) in enumerate(BAD)])
def test_a_bad_line_is_reported_with_its_number_and_nothing_is_written(seminar, line, reason):
    before = sizes()
    with pytest.raises(ImportFailed) as failed:
        take(seminar, post("good"), line)
    report = failed.value.report
    assert [fault.line for fault in report.errors] == [4]
    assert reason in said(report, 4)
    assert (report.members, report.discussions, report.posts) == (0, 0, 0)
    assert sizes() == before


def test_a_file_cut_short_is_reported_at_its_last_line(seminar):
    with pytest.raises(ImportFailed) as failed:
        take(seminar, post("p"), as_lines(post("q"))[0][:40])
    assert [fault.line for fault in failed.value.report.errors] == [4]
    assert "ends within this line" in said(failed.value.report, 4)


def test_keep_going_leaves_bad_lines_and_what_hangs_on_them_out(seminar):
    report = take(
        seminar,
        member("bad", role="guest"),
        post("p", author="bad"),
        post("r", "p"),
        post("q", at="soon"),
        post("good"),
        keep_going=True,
    )
    assert [fault.line for fault in report.errors] == [3, 4, 6]
    assert "author “bad” is unknown" in said(report, 4)
    assert "“p” is missing" in said(report, 5)
    assert (report.posts, report.orphans, set(stored(seminar))) == (2, 1, {"r", "good"})


def test_progress_adds_up_to_the_lines(seminar):
    done = []
    take(seminar, post("p"), post("p"), post("q", at="soon"), keep_going=True, progress=done.append)
    assert sum(done) == 5
