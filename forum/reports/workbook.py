"""The figures of a class as one workbook: totals, each table, the matrix, and what every figure means."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from flask_babel import lazy_gettext as _l

from forum import clock
from forum.discussions.models import Discussion, Stage
from forum.i18n import gettext as _
from forum.matrix.figures import Matrix, MatrixRow, matrix
from forum.statistics.definitions import DEFINITIONS, NAMES
from forum.statistics.figures import FIGURES, By, Figures, Row, Scope, figures_of
from forum.statistics.links import RATES
from forum.statistics.scope import ABOVE

# As Excel keeps times: in days.
SECONDS_OF_A_DAY = 24 * 60 * 60
_SHEETS: dict[By, Any] = {
    "discussion": _l("By discussion"),
    "trainee": _l("By trainee"),
    "unit": _l("By unit"),
    "group": _l("By group"),
    "stage": _l("By stage"),
    "week": _l("By week"),
    "hour": _l("By hour"),
}
_STAGES = {Stage.BEFORE: _l("Before class"), Stage.DURING: _l("During class"), Stage.AFTER: _l("After class")}
# How a cell of the matrix says what its number does not.
MARKS = {"late": _l("late: in italics"), "commented": _l("commented: in red"), "featured": _l("featured: on gold")}
_LOOKS: dict[str, dict[str, Any]] = {
    "late": {"italic": True},
    "commented": {"font_color": "#B3341F"},
    "featured": {"bg_color": "#F6E7B8"},
}
PEOPLE_AT_ONCE = 500
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(scope: Scope, discussions: Iterable[Discussion], first: By | None = None) -> bytes:
    """Of the scope; `first` is the table that it opens with. Texts are texts, whatever they begin with."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        writer = _Writer(book)
        writer.totals(scope)
        for by, title in _SHEETS.items():
            sheet = writer.table(title, figures_of(scope, by).rows, by)
            if by == first:
                sheet.activate()
        writer.matrix(_("Matrix"), [*discussions], scope)
        writer.definitions(_("Definitions"))
    return stream.getvalue()


def row_name(row: Row, by: By) -> str:
    """As the page calls it."""
    if by == "stage":
        return str(_STAGES[Stage(str(row.key))])
    if by == "unit" and row.key == ABOVE:
        return _("Directly at %(units)s", units=row.name)
    if row.name:
        return row.name
    return _("No group") if by == "group" else _("No unit")


@dataclass(slots=True)
class _Formats:
    bold: Any
    head: Any
    wrapped: Any
    whole: Any
    percent: Any
    duration: Any

    def of(self, name: str) -> Any:
        if name in RATES:
            return self.percent
        return self.duration if name == "median_seconds_to_first_comment" else self.whole


class _Writer:
    def __init__(self, book: Any) -> None:
        self.book = book
        self.marked: dict[tuple[str, ...], Any] = {}
        self.formats = _Formats(
            bold=book.add_format({"bold": True}),
            head=book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1}),
            wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
            whole=book.add_format({"num_format": "#,##0"}),
            percent=book.add_format({"num_format": "0.0%"}),
            duration=book.add_format({"num_format": "[h]:mm:ss"}),
        )

    def totals(self, scope: Scope) -> None:
        sheet = self.book.add_worksheet(_("Totals"))
        for line, (label, text) in enumerate(described(scope)):
            sheet.write_string(line, 0, label, self.formats.bold)
            sheet.write_string(line, 1, text)
        first = line + 2
        found = figures_of(scope).totals
        for line, name in enumerate(FIGURES, start=first):
            sheet.write_string(line, 0, str(NAMES[name]), self.formats.bold)
            self._figure(sheet, line, 1, name, found)
            sheet.write_string(line, 2, str(DEFINITIONS[name]))
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 16)
        sheet.set_column(2, 2, 100)

    def table(self, title: Any, rows: Sequence[Row], by: By) -> Any:
        sheet = self._sheet(str(title), ["", *(str(NAMES[name]) for name in FIGURES)], len(rows))
        for line, row in enumerate(rows, start=1):
            sheet.write_string(line, 0, row_name(row, by))
            for column, name in enumerate(FIGURES, start=1):
                self._figure(sheet, line, column, name, row)
        return sheet

    def matrix(self, title: str, discussions: list[Discussion], scope: Scope) -> None:
        """The number of each trainee's posts; empty where a discussion is not for them."""
        pages = list(_pages(scope, discussions))
        heads = [_("Trainee"), _("Unit"), *(column.discussion.title for column in pages[0].columns), _("Spoke in")]
        rows = [row for page in pages for row in page.rows]
        sheet = self._sheet(title, heads, len(rows), names=2)
        for line, row in enumerate(rows, start=1):
            self._matrix_row(sheet, line, row)
        for line, mark in enumerate(MARKS, start=len(rows) + 2):
            sheet.write_string(line, 0, str(MARKS[mark]), self._marked((mark,)))

    def _matrix_row(self, sheet: Any, line: int, row: MatrixRow) -> None:
        sheet.write_string(line, 0, row.name)
        sheet.write_string(line, 1, row.unit or "")
        for column, cell in enumerate(row.cells, start=2):
            if cell is not None:
                marks = tuple(mark for mark in MARKS if getattr(cell, mark))
                sheet.write_number(line, column, cell.posts, self._marked(marks))
        sheet.write_number(line, len(row.cells) + 2, row.spoken, self.formats.whole)

    def _marked(self, marks: tuple[str, ...]) -> Any:
        if marks not in self.marked:
            looks = {"num_format": "#,##0"} | {name: value for mark in marks for name, value in _LOOKS[mark].items()}
            self.marked[marks] = self.book.add_format(looks)
        return self.marked[marks]

    def definitions(self, title: str) -> None:
        sheet = self.book.add_worksheet(title)
        for line, name in enumerate(FIGURES):
            sheet.write_string(line, 0, str(NAMES[name]), self.formats.bold)
            sheet.write_string(line, 1, str(DEFINITIONS[name]), self.formats.wrapped)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 100)

    def _sheet(self, title: str, heads: list[str], rows: int, names: int = 1) -> Any:
        """With a header and names that stay in sight, and filters."""
        sheet = self.book.add_worksheet(title)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self.formats.head)
        sheet.freeze_panes(1, names)
        sheet.autofilter(0, 0, max(rows, 1), len(heads) - 1)
        sheet.set_column(0, names - 1, 30)
        sheet.set_column(names, len(heads) - 1, 13)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        return sheet

    def _figure(self, sheet: Any, line: int, column: int, name: str, figures: Figures) -> None:
        value = getattr(figures, name)
        if value is None:
            sheet.write_string(line, column, "–")
            return
        if name == "median_seconds_to_first_comment":
            value = value / SECONDS_OF_A_DAY
        sheet.write_number(line, column, value, self.formats.of(name))


def _pages(scope: Scope, discussions: list[Discussion]) -> Iterator[Matrix]:
    after = None
    while True:
        page = matrix(scope, discussions, after=after, at_once=PEOPLE_AT_ONCE)
        yield page
        if (after := page.next) is None:
            return


def described(scope: Scope, now: datetime | None = None) -> list[tuple[str, str]]:
    """What the figures are of, line by line: the class, each filter that is set, and when they were made."""
    zone = scope.training_class.zone
    made = (now or clock.now()).astimezone(zone)
    lines = [(_("Class"), scope.training_class.title)]
    if scope.period:
        lines.append((_("Period"), f"{scope.period.first or '…'} – {scope.period.last or '…'}"))
    if scope.discussion:
        lines.append((_("Discussion"), scope.discussion.title))
    if scope.stage:
        lines.append((_("Stage"), str(_STAGES[scope.stage])))
    if scope.unit:
        lines.append((_("Unit"), scope.unit.path))
    if scope.group:
        lines.append((_("Group"), scope.group.name))
    return [*lines, (_("As of"), f"{made:%Y-%m-%d %H:%M} ({scope.training_class.timezone})")]
