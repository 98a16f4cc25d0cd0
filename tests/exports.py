"""Reading what lists hand out: a title, the heads, the rows."""

import csv
import io
from typing import NamedTuple

import openpyxl
from django.http import HttpResponseBase


class Taken(NamedTuple):
    """A table that was taken away."""

    title: str
    head: list[str]
    rows: list[list[object]]

    @property
    def dicts(self) -> list[dict[str, object]]:
        return [dict(zip(self.head, row, strict=True)) for row in self.rows]


def csv_of(response: HttpResponseBase) -> Taken:
    """The CSV of an answer."""
    text = response.getvalue().decode("utf-8-sig")
    (title,), head, *rows = csv.reader(io.StringIO(text))
    assert title.startswith("# ")
    return Taken(title[2:], head, [list(row) for row in rows])


def xlsx_of(response: HttpResponseBase) -> Taken:
    """The workbook of an answer."""
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    title, head, *rows = sheet.iter_rows(values_only=True)
    return Taken(str(title[0]), [str(cell) for cell in head], [list(row) for row in rows])
