"""What an import did, and what it has to say about single lines."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Fault(NamedTuple):
    """`is_error`: the line is bad and stays out. Otherwise a note: what was kept, and how."""

    line: int
    reason: str
    is_error: bool


@dataclass
class ImportReport:
    """`members`, `discussions`, `posts` were added (members: enrolled); `already_there` counts lines that add nothing
    since what they name is there; `orphans` are replies kept as top-level posts."""

    members: int = 0
    discussions: int = 0
    posts: int = 0
    already_there: int = 0
    orphans: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def errors(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.is_error]

    @property
    def notes(self) -> list[Fault]:
        return [fault for fault in self.faults if not fault.is_error]

    def error(self, line: int, reason: str) -> None:
        self.faults.append(Fault(line, reason, True))

    def note(self, line: int, reason: str) -> None:
        self.faults.append(Fault(line, reason, False))


class ImportFailed(Exception):
    """The file has bad lines, so nothing of it was written."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__(f"{len(report.errors)} bad lines")
        self.report = report
