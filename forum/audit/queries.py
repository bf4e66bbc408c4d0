"""Old entries."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select

from forum.audit.models import AuditEntry


def older_than(moment: datetime, most: int) -> sa.Select[int]:
    return select(AuditEntry.id).where(AuditEntry.at < moment).order_by(AuditEntry.at).limit(most)
