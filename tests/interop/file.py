"""Lines of a file to import, and what became of them."""

import json
from datetime import date

import sqlalchemy as sa

from forum.classes.models import Enrolment
from forum.classes.operations import create_class
from forum.db import db
from forum.discussions.models import Discussion, Participation, Post
from forum.interop.models import ImportedRecord
from forum.interop.threads import import_threads
from forum.members.models import Member


def new_class(slug):
    return create_class(slug, slug.title(), date(2026, 3, 2), date(2026, 3, 6), "Asia/Shanghai")


def member(id_="u1", **fields):
    return {"type": "member", "id": id_, "name": f"Name {id_}", "email": None, "role": "trainee", "unit": None} | fields


def discussion(id_="d1", **fields):
    return {
        "type": "discussion", "id": id_, "title": f"Title {id_}", "prompt": "", "stage": "during",
        "opens_at": None, "closes_at": None,
    } | fields  # fmt: skip


def post(id_, parent=None, at="2026-03-02T09:30:00+08:00", **fields):
    return {
        "type": "post", "id": id_, "discussion": "d1", "author": "u1", "parent": parent, "at": at,
        "body": f"Text {id_}", "format": "markdown",
    } | fields  # fmt: skip


def without(line, name):
    return {key: value for key, value in line.items() if key != name}


def as_lines(*lines):
    return [
        line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines
    ]


def take(training_class, *lines, **options):
    return import_threads(training_class, as_lines(member(), discussion(), *lines), **options)


def stored(training_class):
    """The posts of the class by the file's ids."""
    rows = db.session.execute(
        sa.select(ImportedRecord.external_id, Post)
        .join(Post, sa.and_(ImportedRecord.kind == "post", Post.id == ImportedRecord.local_id))
        .where(ImportedRecord.class_id == training_class.id)
        .execution_options(populate_existing=True)
    )
    return dict(rows.all())


def sizes():
    """How many rows there are of everything that an import writes."""
    models = (Member, Enrolment, Discussion, Post, Participation, ImportedRecord)
    return [db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in models]


def of_class(training_class, column):
    """The values of a column in the rows of the class, in order of it."""
    model = column.class_
    return list(db.session.scalars(sa.select(column).where(model.class_id == training_class.id).order_by(column)))


def said(report, line):
    return " ".join(fault.reason for fault in report.faults if fault.line == line)
