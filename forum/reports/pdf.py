"""A page of HTML as a PDF, where the extra `[pdf]` is installed; one at a time."""

import logging
import subprocess
import sys
from functools import cache
from threading import BoundedSemaphore

from forum.errors import Refused
from forum.i18n import gettext as _

log = logging.getLogger(__name__)

# Seconds: for one to be made, and to wait for its turn.
PATIENCE, TURN = 60, 20
_COMMAND = [sys.executable, "-P", "-m", "forum.reports.paper"]
_turn = BoundedSemaphore(1)


@cache
def makes_pdf() -> bool:
    """Whether this machine can: the library is there, and what it needs of the system too."""
    tried = subprocess.run(
        [sys.executable, "-P", "-c", "import weasyprint"], capture_output=True, timeout=PATIENCE, check=False
    )
    return tried.returncode == 0


def as_pdf(page: str) -> bytes:
    """Raises Refused where it cannot be made now."""
    refused = Refused(_("The PDF could not be made now. Print the report with your browser instead."))
    if not makes_pdf() or not _turn.acquire(timeout=TURN):
        raise refused
    try:
        done = subprocess.run(_COMMAND, input=page.encode(), capture_output=True, timeout=PATIENCE, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        log.error("no PDF: %s %s", error, (getattr(error, "stderr", b"") or b"")[-2000:].decode(errors="replace"))
        raise refused from None
    finally:
        _turn.release()
    return done.stdout
