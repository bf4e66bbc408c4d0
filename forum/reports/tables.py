"""A table of figures as CSV for a spreadsheet: headed in the reader's words, opened right by Excel."""

import csv
import io
from codecs import BOM_UTF8

from forum.i18n import gettext as _
from forum.reports.workbook import row_name
from forum.statistics.definitions import NAMES
from forum.statistics.figures import FIGURES, By, ClassFigures
from forum.text import defused


def table_as_csv(answer: ClassFigures, by: By) -> bytes:
    """The rows, then the totals; rates are fractions, times seconds, as in the API."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([_("Name"), *(str(NAMES[name]) for name in FIGURES)])
    for row in answer.rows:
        writer.writerow([defused(row_name(row, by)), *(getattr(row, name) for name in FIGURES)])
    writer.writerow([_("Totals"), *(getattr(answer.totals, name) for name in FIGURES)])
    return BOM_UTF8 + stream.getvalue().encode()
