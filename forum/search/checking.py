"""Whether search finds what it should: each post that stands, and no other."""

from collections.abc import Iterator

from forum.i18n import gettext as _
from forum.search.queries import misindexed


def faults() -> Iterator[str]:
    """A sentence for each discussion in which it does not."""
    for row in misindexed():
        where = _("discussion %(id)s", id=row.discussion_id)
        if row.lacking:
            words = _("%(where)s: search does not find %(count)s of its posts; run `forum reindex`")
            yield words % {"where": where, "count": row.lacking}
        if row.left:
            words = _("%(where)s: search keeps words of %(count)s posts that are gone; run `forum reindex`")
            yield words % {"where": where, "count": row.left}
