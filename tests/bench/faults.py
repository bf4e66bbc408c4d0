"""What happens to posts while something breaks: `python -m tests.bench.faults [WHAT ...] [--people N] [--seconds S]`.

Twenty people post into a served class; in the middle third of the time a worker, the jobs or Redis is killed,
PostgreSQL restarts without a word, the disk is full (with the database on it, or that of the files that are sent along
with the posts), or the clock goes back an hour. Whoever gets no answer sends again
with the same token, as a page does. Afterwards: every accepted post is there with its number and text, every refusal
was said, no post is there twice, numbers have no gaps, `forum check` finds nothing, and posting goes on.

`disk` and `uploads` mount a small file system and so need root, `clock` needs a C compiler.
"""

import argparse
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forum.attachments.models import Attachment
from forum.attachments.storage import Folder
from forum.db import db
from forum.discussions.models import Discussion, Post
from forum.statistics.checking import faults
from tests.bench.room import Room, room, run_beside

PAUSE = 0.3
SMALL_DISK = 64 * 1024 * 1024
# Adds so many seconds to the time of day as a file says. (libfaketime makes sleeping fail.)
CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t clock, struct timespec *found) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, found);
    if (failed || clock != CLOCK_REALTIME) return failed;
    long offset = 0;
    FILE *told = fopen(getenv("TOLD_CLOCK"), "r");
    if (told) { if (fscanf(told, "%ld", &offset) != 1) offset = 0; fclose(told); }
    found->tv_sec += offset;
    return 0;
}
"""


@dataclass
class Outcome:
    accepted: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    unanswered: int = 0
    longest: float = 0.0
    last: float = 0.0


class People:
    """Each posts, waits, posts again; until `stop`, which waits for the last answers."""

    def __init__(self, served: Room, count: int, files: bool) -> None:
        self.served, self.outcome, self.over, self.files = served, Outcome(), threading.Event(), files
        self.threads = [threading.Thread(target=self._work, args=(number,)) for number in range(count)]
        for thread in self.threads:
            thread.start()

    def stop(self) -> Outcome:
        self.over.set()
        for thread in self.threads:
            thread.join()
        return self.outcome

    def _work(self, person: int) -> None:
        turn = 0
        while not self.over.wait(PAUSE):
            turn += 1
            self._post(person, f"{person}-{turn}")

    def _post(self, person: int, token: str) -> None:
        file = file_of(token) if self.files else b""
        begun = time.monotonic()
        until = begun + 120
        while time.monotonic() < until:
            try:
                status, number = self.served.send(person, self.served.discussion, f"文字 {token}。", token, file)
            except (OSError, http.client.HTTPException):
                self.outcome.unanswered += 1
                time.sleep(PAUSE)
                continue
            if number:
                self.outcome.accepted[token] = number
                self.outcome.last = time.monotonic()
            else:
                self.outcome.refused[token] = status
            self.outcome.longest = max(self.outcome.longest, time.monotonic() - begun)
            return
        raise AssertionError(f"{token} has had no answer for two minutes")


def file_of(token: str) -> bytes:
    return f"{token} ".encode() * 4_000


def files_missing(served: Room, outcome: Outcome) -> list[str]:
    """The accepted posts that have not exactly the file they were sent with."""
    with served.app.app_context():
        rows = db.session.query(Post.token, Attachment.key).join(Attachment, Attachment.post_id == Post.id).all()
        db.session.remove()
    keys = {token: key for token, key in rows if token in outcome.accepted}
    folder = Folder(Path(served.told["FORUM_DATA"]) / "uploads")
    whole = {token for token, key in keys.items() if (path := folder.read(key)) and path.read_bytes() == file_of(token)}
    print(f"  {len(outcome.accepted.keys() - whole)} of {len(outcome.accepted)} files lost or changed")
    return sorted(outcome.accepted.keys() - whole)


def judge(served: Room, outcome: Outcome) -> bool:
    with served.app.app_context():
        found = db.session.query(Post.token, Post.number, Post.body).filter(Post.token.regexp_match(r"^\d+-\d+$")).all()
        numbers = {number for (number,) in db.session.query(Post.number).filter_by(discussion_id=served.discussion)}
        last = db.session.get_one(Discussion, served.discussion).last_number
        wrong = list(faults())
        db.session.remove()
    there = {token: number for token, number, _body in found}
    lost = [token for token, number in outcome.accepted.items() if there.get(token) != number]
    changed = [token for token, _number, body in found if body != f"文字 {token}。"]
    unsaid = sorted(there.keys() - outcome.accepted.keys() - outcome.refused.keys())
    after_all = sorted(there.keys() & outcome.refused.keys())
    gaps = set(range(1, last + 1)) - numbers
    print(f"  {len(outcome.accepted)} accepted, {len(lost)} of them lost, {len(found) - len(there)} doubled, "
          f"{len(changed)} changed, gaps {sorted(gaps) or 'none'}, check {wrong or 'clean'}")  # fmt: skip
    print(f"  {len(outcome.refused)} refused {dict(Counter(outcome.refused.values()))}, {len(after_all)} of them there "
          f"after all; {outcome.unanswered} tries without answer; longest wait {outcome.longest:.1f} s")  # fmt: skip
    return not (lost or changed or unsaid or gaps or wrong) and len(found) == len(there)


# A server that is started keeps what it was given to speak to.
_SILENT: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)

# Each: what breaks, and what mends it.
Fault = Callable[[Room], Callable[[], None]]


def kill_worker(served: Room) -> Callable[[], None]:
    os.kill(served.workers()[0], signal.SIGKILL)
    return lambda: None


def kill_redis(served: Room) -> Callable[[], None]:
    redis = served.servers["redis"]
    redis.process.kill()
    redis.process.wait()
    return redis.start  # type: ignore[no-any-return]


def restart_postgresql(served: Room) -> Callable[[], None]:
    """As if the power had gone: no waiting for anybody, recovery from the log."""
    server = served.servers["postgresql"].server
    command = [server.bin_path / "pg_ctl", "-D", server.pgdata, "-w", "-l", server.log, "-m", "immediate", "restart"]
    subprocess.run(command, user=server.system_user, check=True, timeout=60, **_SILENT)
    return lambda: None


def kill_jobs(served: Room) -> Callable[[], None]:
    served.jobs[0].kill()
    served.jobs[0].wait()
    return lambda: served.jobs.append(run_beside(served, "jobs"))


def fill_disk(served: Room) -> Callable[[], None]:
    filling = Path(served.told["FORUM_DATA"]) / "filling"
    with suppress(OSError), filling.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(64 * 1024))
    return filling.unlink


def set_clock_back(served: Room) -> Callable[[], None]:
    Path(served.told["TOLD_CLOCK"]).write_text("-3600", encoding="utf-8")
    return lambda: None


@contextmanager
def small_disk() -> Iterator[dict[str, str]]:
    """Everything temporary on a file system of its own."""
    before, folder = tempfile.tempdir, tempfile.mkdtemp(prefix="forum-small-")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", folder], check=True)
    tempfile.tempdir = folder
    try:
        yield {}
    finally:
        tempfile.tempdir = before
        subprocess.run(["umount", folder], check=True)
        Path(folder).rmdir()


@contextmanager
def small_data() -> Iterator[dict[str, str]]:
    """The uploads on a file system of their own, the database elsewhere."""
    with tempfile.TemporaryDirectory(prefix="forum-uploads-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", folder], check=True)
        try:
            yield {"FORUM_DATA": folder}
        finally:
            subprocess.run(["umount", folder], check=True)


@contextmanager
def own_clock() -> Iterator[dict[str, str]]:
    """A server whose time of day can be told; what it measures seconds with goes on."""
    with tempfile.TemporaryDirectory(prefix="forum-clock-") as folder:
        library, told = Path(folder) / "clock.so", Path(folder) / "told"
        told.write_text("0", encoding="utf-8")
        compiler = ["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", str(library), "-ldl"]
        subprocess.run(compiler, input=CLOCK, text=True, check=True)
        yield {"LD_PRELOAD": str(library), "TOLD_CLOCK": str(told)}


# What stands around a fault, and what its server is told.
AROUND = {"disk": small_disk, "uploads": small_data, "clock": own_clock}
FAULTS: dict[str, Fault] = {
    "worker": kill_worker, "jobs": kill_jobs, "redis": kill_redis, "postgresql": restart_postgresql,
    "disk": fill_disk, "uploads": fill_disk, "clock": set_clock_back,
}  # fmt: skip


def try_fault(name: str, people: int, seconds: float) -> bool:
    kind = "sqlite" if name in ("disk", "clock") else "postgresql"
    with ExitStack() as opened:
        told = opened.enter_context(AROUND[name]()) if name in AROUND else {}
        served = opened.enter_context(room(people, 2 if kind == "postgresql" else 1, 1, kind, **told))
        if kind == "postgresql":
            served.jobs.append(run_beside(served, "jobs"))
        writers = People(served, people, files=name == "uploads")
        time.sleep(seconds / 3)
        mend = FAULTS[name](served)
        time.sleep(seconds / 3)
        mend()
        mended = time.monotonic()
        time.sleep(seconds / 3)
        outcome = writers.stop()
        print(f"{name}, {kind}:")
        fine = judge(served, outcome) and not (name == "uploads" and files_missing(served, outcome))
        goes_on = outcome.last > mended
        print("  posting goes on" if goes_on else "  nothing was accepted afterwards")
    return fine and goes_on


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", choices=[*FAULTS, []])
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30)
    chosen = parser.parse_args()
    fine = [try_fault(name, chosen.people, chosen.seconds) for name in chosen.what or FAULTS]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
