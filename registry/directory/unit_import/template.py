"""A workbook to fill in: the columns by name with lists of what each may hold, and a sheet that says what each means."""

import io
from pathlib import Path

import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from registry.directory.unit_import.columns import BY_CODE, MEANINGS, Change, kinds_of
from registry.files.tables import Column, allowed
from registry.models import Authority, LineKind
from registry.values import sectors
from registry.values.bilingual import name_of
from registry.values.sectors import Sector

# So many rows have lists and formats; more can be written below them.
_ROWS = 2000
_DAYS = ("commissioned", "closed")


def write_template(to: Path | io.BytesIO) -> None:
    """Write the workbook, in the language in force; what it is filled with can be imported as it is."""
    with xlsxwriter.Workbook(to if isinstance(to, io.BytesIO) else str(to)) as book:
        _table(book, book.add_worksheet(_("Units and lines")))
        _guide(book, book.add_worksheet(_("Guide")))


def _heading(column: Column) -> str:
    """What a column is called in the header, which the import reads in either language."""
    return column.code if (get_language() or "").startswith("en") else column.words[0]


def _table(book: Workbook, sheet: Worksheet) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#E7EEF4", "border": 1})
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for place, column in enumerate(BY_CODE.values()):
        style = day if column.code in _DAYS else None if column.code == "capacity" else text
        sheet.set_column(place, place, 18, style)
        sheet.write_string(0, place, _heading(column), bold)
        if values := _values(column.code):
            kept = {"validate": "list", "source": values, "error_type": "warning"}
            sheet.data_validation(1, place, _ROWS, place, kept)
    sheet.freeze_panes(1, 0)


def _values(code: str) -> list[str]:
    """What a column may hold, by name, for its list."""
    known: dict[str, list[str]] = {
        "authority": list(Authority.objects.values_list("code", flat=True)),  # their names are too long for a list
        "sector": [str(label) for label in Sector.labels],
        "kind": [str(kind.label) for kind in LineKind if kind],
        "change": [str(label) for label in Change.labels],
    }
    return known.get(code, [])


def _guide(book: Workbook, sheet: Worksheet) -> None:
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 1, 20, wrap)
    sheet.set_column(2, 3, 60, wrap)
    sheet.write_row(0, 0, [_("Column"), _("Code"), _("Meaning"), _("Allowed values")], bold)
    for row, column in enumerate(BY_CODE.values(), 1):
        sheet.write_row(
            row, 0, [_heading(column), column.code, str(MEANINGS[column.code]), _allowed(column.code)], wrap
        )


def _allowed(code: str) -> str:
    if code == "authority":
        return allowed([(each.code, str(each)) for each in Authority.objects.all()])
    if code == "kind":
        return "\n".join(f"{sector.label}: {allowed(kinds_of(sector))}" for sector in Sector)
    if code == "capacity":
        return "\n".join(f"{sector.label}: {name_of(sectors.of(sector).capacity)}" for sector in Sector)
    return {"sector": allowed(Sector.choices), "change": allowed(Change.choices)}.get(code, "")
