"""What runs later: jobs, asked for with `later` and queued after the commit, and each minute a sweep, which finds what
is due or was missed. Each calls operations, then commit(); each is safe to run twice, and in two processes at once."""

import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property, wraps
from hashlib import sha256
from threading import Lock
from typing import Any

from flask import Flask, current_app
from huey import RedisHuey, SqliteHuey, crontab
from huey.api import Huey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer
from redis import ConnectionPool, RedisError

from forum import clock
from forum.attachments.operations import drop_files
from forum.audit.operations import forget_before
from forum.backups import folder
from forum.backups.operations import take_due_backup
from forum.closings.operations import record_due
from forum.config import Settings
from forum.db import after_commit, commit, db, expect_reading, undo
from forum.discussions.drafts import drop_drafts_before
from forum.inbox import digest
from forum.inbox.operations import tell_closings, tell_openings
from forum.mail import MailFailed, Postbox, Undeliverable, postbox
from forum.members.letters import link_letter
from forum.members.models import Member
from forum.members.operations import MAILED_LINK_LASTS, issue_password_links
from forum.metrics import count_mail, counted_job
from forum.notifications.operations import forget_read
from forum.settings.renewal import renewal

log = logging.getLogger(__name__)

WORKERS = 2
# Seconds: between two looks into an empty queue at most; for a job that runs when the process is to end.
LONGEST_PAUSE, PATIENCE = 2.0, 20.0
# Within which Redis answers: longer than the second for which a worker waits there for the next job.
ANSWERS = 3.0
# A sweep that nobody has come to do by then is left out: the next one does the same.
SWEEP_LASTS = timedelta(seconds=50)
LATE = timedelta(minutes=5)

_sending = Lock()


def mail_what_is_due(_now: datetime) -> None:
    if _settings().mail_url:
        later(send_letters)


def forget_audit(now: datetime) -> None:
    forget_before(now - timedelta(days=_settings().audit_days))


def forget_drafts(now: datetime) -> None:
    drop_drafts_before(now - timedelta(days=_settings().draft_days))


def send_letters() -> None:
    """All that are due, one at a time; who comes while they go out leaves it to them."""
    if not _settings().mail_url or not _sending.acquire(blocking=False):
        return
    try:
        expect_reading(True)
        due = digest.due(clock.now())
        undo()
        expect_reading(False)
        if due:
            with postbox(_settings()) as post:
                for member_id in due:
                    _send_letter(post, member_id)
    except MailFailed as error:
        log.warning("Mail waits until the mail server takes it: %s", error.for_log)
    finally:
        _sending.release()


def _send_letter(post: Postbox, member_id: int) -> None:
    """What cannot be sent at all is let go, and stands on the page only."""
    now = clock.now()
    rows = digest.claim(member_id, now)
    commit()
    if not rows:
        return
    try:
        letter = digest.letter(member_id, rows, now)
        # Nobody waits for the database while the mail server takes its time.
        db.session.rollback()
        post.send(letter)
        count_mail("sent")
    except MailFailed:
        count_mail("failed")
        digest.release(rows)
        commit()
        raise
    except Undeliverable as error:
        log.warning("No mail goes to member %s: %s", member_id, error.for_log)
    except Exception:
        log.exception("letter to member %s", member_id)
        db.session.rollback()


def send_password_link(member_id: int) -> None:
    """To whoever has just asked for it. 0 asks for nothing: there was no such account."""
    member = db.session.get(Member, member_id)
    if member is None or member.closed_at or not member.email or not _settings().mail_url:
        return
    token = issue_password_links([member.id], MAILED_LINK_LASTS, keep=True)[member.id]
    letter = link_letter(member, token)
    commit()
    try:
        with postbox(_settings()) as post:
            post.send(letter)
    except (MailFailed, Undeliverable) as error:
        log.warning("No link goes to member %s: %s", member_id, error.for_log)


def back_up_when_due(now: datetime) -> None:
    if _settings().backups and folder.is_due(now):
        later(take_due_backup)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


# What the sweep does, each in a transaction of its own and told the time: operations that find for themselves what is
# due. One that fails stops no other, and is tried again with the next sweep.
SWEEPS: tuple[Callable[[datetime], object], ...] = (
    record_due, tell_openings, tell_closings, mail_what_is_due, forget_read, forget_audit, forget_drafts, drop_files,
    back_up_when_due,
)  # fmt: skip
# What `later` may be asked for; their arguments are ids.
JOBS: tuple[Callable[..., object], ...] = (send_letters, send_password_link, take_due_backup)


def init_jobs(app: Flask) -> None:
    library = logging.getLogger("huey")
    if not library.handlers:
        said = logging.StreamHandler()
        said.setLevel(logging.WARNING)
        said.setFormatter(InALine())
        library.addHandler(said)
        library.propagate = False
    app.extensions["jobs"] = Jobs(app, app.extensions["settings"])


def jobs() -> "Jobs":
    kept: Jobs = current_app.extensions["jobs"]
    return kept


def later(job: Callable[..., object], *ids: int) -> None:
    """Have the job done by a worker, once the running transaction is committed."""
    after_commit(_enqueue, job.__name__, *ids)


def _enqueue(name: str, *ids: int) -> None:
    jobs().enqueue(name, *ids)


class Jobs:
    """The queue of an application, and what works it off: threads of this process, or `forum jobs`."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._tasks: dict[str, Callable[..., Any]] = {}
        self._consumer: Inside | None = None

    @cached_property
    def queue(self) -> Huey:
        """Made when it is first asked for: it is a file, or a connection."""
        queue = _queue(self._settings)
        self._tasks = {job.__name__: queue.task(name=job.__name__)(self._inside(job)) for job in JOBS}
        every_minute = queue.periodic_task(crontab(), name="sweep", expires=SWEEP_LASTS)
        every_minute(self.sweep)
        return queue

    def enqueue(self, name: str, *ids: int) -> None:
        assert self.queue is not None
        self._tasks[name](*ids)

    def sweep(self) -> None:
        for step in SWEEPS:
            self._inside(step)(clock.now())
        try:
            self.queue.put("swept_at", clock.now().timestamp())
        except RedisError:
            log.warning("Redis does not keep when the sweep was")

    def run(self) -> None:
        """Work the queue off until the process is told to stop."""
        Alone(self.queue, **_MANNERS).run()

    def start(self) -> None:
        """The same, in threads beside this one."""
        self._consumer = Inside(self.queue, **_MANNERS)
        self._consumer.start()

    def stop(self) -> None:
        if self._consumer is not None:
            self._consumer.stop(graceful=True)

    def state(self) -> str:
        """For a monitor: "running", "late" where nobody has swept for minutes, or "unknown"."""
        try:
            swept_at = self.queue.get("swept_at", peek=True)
        except (RedisError, sqlite3.Error, OSError, ValueError):
            return "unknown"
        is_late = swept_at is None or swept_at < (clock.now() - LATE).timestamp()
        return "late" if is_late else "running"

    def waiting(self) -> int:
        """How many jobs wait in the queue; -1 where it cannot be asked."""
        try:
            return int(self.queue.pending_count())
        except (RedisError, sqlite3.Error, OSError):
            return -1

    def _inside(self, work: Callable[..., object]) -> Callable[..., None]:
        """The work in the application and a transaction of its own; what fails is logged."""

        @wraps(work)
        def run(*arguments: Any) -> None:
            with self._app.app_context():
                renewal().keep()
                try:
                    with counted_job(work.__name__):
                        work(*arguments)
                        commit()
                except Exception:
                    log.exception("job: %s%r", work.__name__, arguments)
                    db.session.rollback()

        return run


class InALine(logging.Formatter):
    """That the queue is away is worth a line, again and again; not where in the library that was noticed."""

    def format(self, record: logging.LogRecord) -> str:
        if record.exc_info and isinstance(record.exc_info[1], RedisError | OSError):
            return f"{record.getMessage()} {record.exc_info[1]}"
        return super().format(record)


class Alone(Consumer):
    """Hears that it is to stop before it begins anything: as it comes, it would listen only when work is under way."""

    def start(self) -> None:
        self._set_signal_handlers()
        super().start()


class Inside(Consumer):
    """Leaves signals to the server in whose process it is."""

    def _set_signal_handlers(self) -> None:
        pass


_MANNERS = {
    "workers": WORKERS,
    "max_delay": LONGEST_PAUSE,
    "shutdown_timeout": PATIENCE,
    "graceful_signal": "TERM",
}


def _queue(settings: Settings) -> Huey:
    """What is in it is signed: whoever else can write there must not have us run anything."""
    same: dict[str, Any] = {"results": False, "serializer": SignedSerializer(secret=settings.secret_key)}
    if settings.redis_url:
        secret = sha256(b"jobs" + settings.secret_key.encode()).hexdigest()
        pool = ConnectionPool.from_url(settings.redis_url, socket_connect_timeout=ANSWERS, socket_timeout=ANSWERS)
        return RedisHuey(f"forum_{secret[:20]}", connection_pool=pool, **same)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return SqliteHuey("forum", filename=str(settings.data / "jobs.sqlite3"), **same)
