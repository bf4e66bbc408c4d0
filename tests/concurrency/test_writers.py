"""Many writers in one discussion at the same moment: numbers, revisions and counts come out right on both databases."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from forum.db import commit, db
from forum.discussions import operations, queries
from forum.discussions.models import Participation
from forum.statistics.checking import faults
from tests.concurrency.conftest import SEEDS, Room, Writer

EACH = 6
PROCESSES = 2


def at_once(*works: Callable[[], None]) -> float:
    """All of them, beginning together; the seconds they took."""
    barrier = Barrier(len(works), timeout=30)

    def begin(work: Callable[[], None]) -> None:
        barrier.wait()
        work()

    started = time.monotonic()
    with ThreadPoolExecutor(len(works)) as pool:
        for running in [pool.submit(begin, work) for work in works]:
            running.result()
    return time.monotonic() - started


def posting(writer: Writer, name: str) -> Callable[[], None]:
    """Reflections and replies in turn, each edited at once, to another length."""

    def work() -> None:
        for turn in range(EACH):
            number = writer.post(f"{name} {turn}.", f"{name}-{turn}", 1 if turn % 2 else "")
            writer.change("edit", number, body=f"{name} {turn}, {'thought over ' * turn}again.")

    return work


def sending_again(writer: Writer) -> Callable[[], None]:
    """The same texts with the same tokens as somebody else sends at this moment."""

    def work() -> None:
        for turn in range(EACH):
            writer.post(f"Tina {turn}.", f"tina-{turn}")

    return work


def commenting(writer: Writer) -> Callable[[], None]:
    def work() -> None:
        for turn in range(EACH):
            writer.post(f"Comment {turn}.", f"comment-{turn}", 1)

    return work


def hiding(writer: Writer) -> Callable[[], None]:
    """Hides the seeds from the second on; every other one is shown again."""

    def work() -> None:
        for number in range(2, SEEDS + 1):
            writer.change("hide", number, reason="Off the subject.")
            if number % 2:
                writer.change("restore", number)

    return work


def test_eight_writers_at_once_lose_and_double_nothing(room: Room) -> None:
    names = ("Ann", "Ben", "Cleo", "Dan")
    works = [posting(room.writer(name), name) for name in names]
    works += [sending_again(room.writer("Tina")), sending_again(room.writer("Tina"))]
    works += [commenting(room.writer("Ivan")), hiding(room.writer("Olga"))]

    took = at_once(*works)

    with room.app.app_context():
        posts, discussion = room.posts(), room.discussion()
        written = SEEDS + EACH * (len(names) + 2)
        assert [post.number for post in posts] == list(range(1, written + 1))
        assert discussion.last_number == written
        assert set(Counter(post.body for post in posts).values()) == {1}, "a text stands there twice"
        assert Counter(post.author.name for post in posts) == dict.fromkeys((*names, "Tom", "Tina", "Ivan"), EACH)
        assert len({post.revision for post in posts}) == len(posts), "two posts share a revision"
        hidings = SEEDS - 1 + len(range(3, SEEDS + 1, 2))
        assert discussion.revision == written + EACH * len(names) + hidings, "a change took no revision, or two"
        counted = {row.member_id: row.posts for row in db.session.query(Participation)}
        standing = Counter(post.author_id for post in posts if post.is_visible and not post.is_comment)
        assert counted == standing
        assert list(faults()) == []
    assert took < 20, f"{took:.1f} s"


def test_the_same_form_sent_eight_times_at_once_is_one_post(room: Room) -> None:
    writers, numbers = [room.writer("Tina") for _ in range(8)], []

    def sending(writer: Writer) -> Callable[[], None]:
        return lambda: numbers.append(writer.post("Once.", "the-token"))

    at_once(*map(sending, writers))

    assert numbers == [SEEDS + 1] * 8
    with room.app.app_context():
        assert room.discussion().last_number == SEEDS + 1
        assert list(faults()) == []


def test_an_answer_and_a_deletion_at_once_never_leave_an_answer_to_a_deleted_post(room: Room) -> None:
    answering, deleting = room.writer("Tina"), room.writer("Tom")

    def answer(number: int) -> Callable[[], None]:
        def work() -> None:
            answering.client.post(
                answering.posts,
                data={
                    "csrf_token": answering.csrf_token,
                    "body": "Yes.",
                    "token": f"answer-{number}",
                    "parent": str(number),
                },
            )

        return work

    def delete(number: int) -> Callable[[], None]:
        return lambda: deleting.client.post(
            f"{deleting.posts}/{number}/delete", data={"csrf_token": deleting.csrf_token}
        )

    for number in range(1, SEEDS + 1):
        at_once(answer(number), delete(number))

    with room.app.app_context():
        posts = room.posts()
        answered = {post.parent_id for post in posts if post.parent_id}
        deleted = {post.id for post in posts if post.deleted_at}
        assert not answered & deleted
        assert len(answered) + len(deleted) == SEEDS, "one of the two goes through, always"
        assert list(faults()) == []


def test_processes_of_their_own_take_turns_as_threads_do(room: Room) -> None:
    """SQLite between processes refuses a transaction that turns from reading to writing; ours never turn."""
    command = [sys.executable, "-m", "tests.concurrency.writer", room.url, str(room.id)]
    names = ("Ann", "Ben", "Cleo", "Dan")[:PROCESSES]
    running = [
        subprocess.Popen(
            [*command, name, str(EACH * 2)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for name in names
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    for process in running:
        _, complaint = process.communicate(timeout=60)
        assert process.returncode == 0, complaint.decode()

    with room.app.app_context():
        posts = room.posts()
        assert [post.number for post in posts] == list(range(1, SEEDS + EACH * 2 * len(names) + 1))
        assert len({post.revision for post in posts}) == len(posts)
        assert list(faults()) == []


def test_an_edit_of_a_post_that_another_edit_has_changed_since_it_was_read_is_whole(
    room_on_postgresql: Room,
) -> None:
    """What the first read is old by the time it holds the discussion; what it writes must not lean on it."""
    room = room_on_postgresql
    with room.app.app_context():
        tom, first = room.member("Tom"), queries.get_post(room.discussion(), 1)
        assert first is not None
        assert first.characters == 2
        with room.app.app_context():
            second = queries.get_post(room.discussion(), 1)
            assert second is not None
            operations.edit_post(room.member("Tom"), second, "Four words are here.")
            commit()
        operations.edit_post(tom, first, "Two again.")
        commit()
    with room.app.app_context():
        assert room.posts()[0].body == "Two again."
        assert list(faults()) == []
