"""What a file is, and the grid of text in it. pandas reads; what may be read, and where it stands in the file, is judged here."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from registry.files.tables.faults import UnreadableTableError

MOST_COLUMNS = 200
GB18030 = "GB18030"
MOST_UNPACKED_BYTES = 200 * 1024 * 1024

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK = "xl/workbook.xml"
_PARTS = (
    ("xl/workbook.bin", "XLSB"),
    ("word/document.xml", "DOCX"),
    ("ppt/presentation.xml", "PPTX"),
    ("content.xml", "ODS"),
)
_STARTS = (
    (b"%pdf", "PDF"),
    (b"\x89png", "PNG"),
    (b"\xff\xd8", "JPEG"),
    (b"rar!", "RAR"),
    (b"{\\rtf", "RTF"),
    (b"<", "HTML/XML"),
)

# A field with what ends it: in quotes, which are doubled inside, or without any at its beginning.
_FIELD = re.compile(r'(?:"(?:[^"]|"")*"|[^",\n][^,\n]*|)(,|\n|\Z)')


@dataclass(frozen=True, slots=True)
class Grid:
    """The file's rows, each with its row in the file and its cells as they stand; `coding` says how its bytes were read."""

    coding: str
    rows: list[tuple[int, list[str]]]


def coding_note(data: bytes) -> str:
    """What whoever sent a file should know of how its bytes were read; "" where there is nothing to say."""
    try:
        coding = "XLSX" if data.startswith(_ZIP) else _decoded(data)[1]
    except UnreadableTableError:
        return ""
    return _("The file is not UTF-8; it was read as %(encoding)s.") % {"encoding": coding} if coding == GB18030 else ""


def grid_of(data: bytes) -> Grid:
    """The file as a grid of text, whatever its name says; raises UnreadableTableError, which names what it is instead.

    pandas is loaded by the first table: it takes as long as all of this system, and most processes and commands never read one.
    """
    if data.startswith(_OLE):
        raise UnreadableTableError(_of_old_excel(data))
    if data.startswith(_ZIP):
        return Grid("XLSX", list(_workbook_rows(data)))
    text, coding = _decoded(data)
    return Grid(coding, list(_text_rows(text)))


def suffix_of(data: bytes) -> str:
    """The ending that the file's name should have."""
    return ".xlsx" if data.startswith(_ZIP) else ".csv"


def _of_old_excel(data: bytes) -> str:
    if _ENCRYPTED in data:
        return _("The workbook is encrypted with a password; save it without one.")
    return _("The file is a workbook in the old .xls format; save it as .xlsx or as CSV (UTF-8).")


def _decoded(data: bytes) -> tuple[str, str]:
    """UTF-8 with or without its mark, or the GB 18030 that Chinese spreadsheets save."""
    if data.startswith(_UTF16):
        raise UnreadableTableError(
            _("This is UTF-16 text and not a text file in UTF-8 or GB 18030; save the table as CSV (UTF-8).")
        )
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for magic, kind in _STARTS:
        if start.startswith(magic):
            raise UnreadableTableError(_not_a_table(kind))
    for coding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(coding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n"), "UTF-8" if coding == "utf-8-sig" else GB18030
    raise UnreadableTableError(_("This is not a text file in UTF-8 or GB 18030; save the table as CSV (UTF-8)."))


def _not_a_table(kind: str) -> str:
    return _("Despite its name this is not a table but %(kind)s; save the table as .xlsx or as CSV (UTF-8).") % {
        "kind": kind
    }


def _text_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    shape = list(_shape(text))
    width = max((cells for _row, cells in shape), default=0)
    if width > MOST_COLUMNS:
        row = next(row for row, cells in shape if cells > MOST_COLUMNS)
        raise UnreadableTableError(_("the row has more than %(limit)d columns") % {"limit": MOST_COLUMNS}, row)
    if not text.strip("\n"):
        return
    import pandas as pd  # noqa: PLC0415 (see grid_of)

    table = pd.read_csv(
        io.StringIO(text),
        header=None,
        names=list(range(width)),
        index_col=False,
        dtype=object,
        na_filter=False,
        skip_blank_lines=False,
    )
    for (row, cells), values in zip(shape, table.to_numpy(dtype=object), strict=True):
        yield row, [str(value) for value in values[:cells]]


def _shape(text: str) -> Iterator[tuple[int, int]]:
    """Each row's line in the file, and how many cells it has; raises where quotes don't match."""
    text = text.removesuffix("\n")
    if '"' not in text:
        yield from ((number, line.count(",") + 1) for number, line in enumerate(text.split("\n"), 1))
        return
    place, line, cells = 0, 1, 0
    ends = 1  # the line on which the field before ended
    while True:
        field = _FIELD.match(text, place)
        if field is None:
            raise UnreadableTableError(_("the quotes of this row do not match"), ends)
        cells += 1
        ends += field[0].count("\n")
        place = field.end()
        if field[1] != ",":
            yield line, cells
            line, cells = ends, 0
            if not field[1]:
                return


def _workbook_rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of a workbook's first sheet."""
    import pandas as pd  # noqa: PLC0415 (see grid_of)

    _demand_workbook(data)
    try:
        table = pd.read_excel(io.BytesIO(data), header=None, dtype=object, na_filter=False, engine="calamine")
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the parser is written in Rust, and its panics are no Exceptions
        raise UnreadableTableError(_damaged()) from error
    if table.shape[1] > MOST_COLUMNS:
        table = table.iloc[:, : MOST_COLUMNS + 1]
    for number, values in enumerate(table.to_numpy(dtype=object), 1):
        yield number, [_as_text(value) for value in values]


def _demand_workbook(data: bytes) -> None:
    """Raise unless the archive is a workbook of bounded size."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnreadableTableError(_damaged()) from error
    names = {entry.filename for entry in entries}
    if _WORKBOOK not in names:
        raise UnreadableTableError(_not_a_table(next((kind for part, kind in _PARTS if part in names), "ZIP")))
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise UnreadableTableError(_("The workbook unpacks to far more than any such table needs."))


def _damaged() -> str:
    return _("The file begins like an .xlsx workbook and can't be opened as one: it is damaged. Save it again.")


def _as_text(value: Any) -> str:
    """A workbook's cell as a person would write it."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f") if value == value and abs(value) != float("inf") else str(value)
    return "" if value is None else str(value)
