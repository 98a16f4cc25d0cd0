"""A row, cell by cell: what can be read of it, and every fault of the rest."""

from collections.abc import Mapping
from typing import TypeVar

from django.utils.translation import gettext as _

from registry.files.tables.cells import CellError, Parse
from registry.files.tables.faults import Fault
from registry.files.tables.header import Column, Line
from registry.values.bilingual import listed

V = TypeVar("V")


class Judge:
    """Reads the cells of one row and gathers what is wrong with them in `faults`."""

    def __init__(self, line: Line, columns: Mapping[str, Column]) -> None:
        self.line, self._columns = line, columns
        self.faults: list[Fault] = []
        if line.extra:
            said = {"cells": listed(line.extra)}
            self.faults.append(Fault(line.number, "", _("more cells than the header: %(cells)s") % said))

    def text(self, code: str) -> str:
        return self.line.cells.get(code, "")

    def read(self, code: str, parse: Parse[V], *, needed: bool = True) -> V | None:
        """The cell as `parse` reads it; None where it is empty, a fault if it is `needed`, or can't be read, which is one."""
        text = self.text(code)
        if not text:
            if needed:
                self.fault(code, _("is missing"))
            return None
        try:
            return parse(text)
        except CellError as error:
            self.fault(code, str(error))
            return None

    def fault(self, code: str, message: str) -> None:
        label = str(self._columns[code].label) if code else ""
        self.faults.append(Fault(self.line.number, label, message))
