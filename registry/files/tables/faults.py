"""What is wrong with a table, by its row in the file and its column."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """`row` is the row in the file, counted from 1; `column` its name as readers know it, "" where the row as a whole is meant."""

    row: int
    column: str
    message: str

    @property
    def said(self) -> str:
        """The fault without its row: “capacity: “x” is not a number”."""
        if not self.column:
            return self.message
        return _("%(column)s: %(fault)s") % {"column": self.column, "fault": self.message}

    def __str__(self) -> str:
        return _("row %(number)d: %(fault)s") % {"number": self.row, "fault": self.said}


class UnreadableTableError(ValueError):
    """A file that is no such table at all; `row` is where it shows, 0 where it is the file as a whole; `message` is for people."""

    def __init__(self, message: str | Promise, row: int = 0) -> None:
        super().__init__(str(message))
        self.message, self.row = str(message), row

    @property
    def said(self) -> str:
        """The message with its row, if it has one."""
        return _("line %(row)d: %(fault)s") % {"row": self.row, "fault": self.message} if self.row else self.message
