"""A package's month as texts: what a version says, or the blank, in the places where the page shows it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from registry import files
from reporting.content import Content
from reporting.correction.carrying import carried, renumbered
from reporting.filing import blanks
from reporting.models import Package, Submission
from reporting.workbook.definition import Form, Key
from reporting.workbook.forms import form_for
from reporting.workbook.reading import typed_records
from reporting.workbook.reading.read import standing_of
from reporting.workbook.reading.tables import Line
from reporting.workbook.reading.typed import COLUMNS, Texts, places, texts
from reporting.workbook.spec import BlankSpec
from reporting.workbook.writing.records import computed
from reporting.workbook.writing.results import source_of

__all__ = ["Month", "computed_of", "key_of", "latest_of", "month_of", "over"]


@dataclass(frozen=True)
class Month:
    """The tables of a package as `version` fills them in (None: as the blank does)."""

    package: Package
    spec: BlankSpec
    version: Submission | None
    rows: Mapping[Key, Line]
    records: Mapping[str, Sequence[Line]]
    """What stands in the workbook's registers, by table."""
    at: dt.datetime

    @property
    def form(self) -> Form:
        return form_for(self.spec.sector, self.spec.period)

    @property
    def codes(self) -> tuple[str, ...]:
        """The lines' codes, by number from 1."""
        return tuple(line.code for line in self.spec.lines)

    @cached_property
    def numbers(self) -> dict[int, int]:
        """The page's numbers of the lines by those in the file, which may have its lines in another order."""
        stated = {
            key.line: str(row.value(COLUMNS["item"])).strip() for key, row in self.rows.items() if key.group == "line"
        }
        known = {code: number for number, code in enumerate(self.codes, start=1)}
        return {0: 0, **{number: known[code] for number, code in stated.items() if code in known}}

    @cached_property
    def unknown_lines(self) -> list[str]:
        """Lines that the file has and the unit hasn't: their rows are not on the page."""
        stated = {str(row.value(COLUMNS["item"])).strip() for key, row in self.rows.items() if key.group == "line"}
        return sorted(stated.difference(self.codes))

    @property
    def has_unread_register(self) -> bool:
        """Whether rows of a register are not on the page, and would be lost in a workbook written anew: its headings were moved, or
        it has more than the page can hold."""
        if any(len(rows) > typed_records.MOST for rows in self.records.values()):
            return True
        sheets = [register.name for register in self.form.registers]
        moved = {"code": "form.header", "sheet__in": sheets}
        return self.version is not None and self.version.findings.filter(**moved).exists()

    @cached_property
    def texts(self) -> dict[str, str]:
        return texts(self.form, self.rows, self.numbers) | typed_records.texts(self.form, self.records)

    @cached_property
    def places(self) -> dict[tuple[str, str], str]:
        """The names of the cells by the sheet and cell of the file in which they stand."""
        return places(self.form, self.rows, self.numbers) | typed_records.places(self.form, self.records)


def month_of(package: Package, version: Submission | None, at: dt.datetime) -> Month:
    """The month as the version's file states it, else the blank of the instant; its rows, not its content: what could not be read is to
    be corrected, too."""
    data = blanks.blank_for(package, at) if version is None else files.read(version.upload.sha256)
    stands = standing_of(data)
    return Month(package, blanks.spec_of(package), version, stands.rows, stands.records, at)


def latest_of(package: Package) -> Submission | None:
    """The version that a correction begins with: the current one, or, if that can't be read, the last that could."""
    readable = package.submissions.exclude(content="").select_related("upload")
    return readable.filter(pk=package.submission_id or 0).first() or readable.order_by("-version").first()


def key_of(version: Submission | None) -> int | None:
    return None if version is None else version.pk


def over(month: Month, cells: Texts, lines: Sequence[str], base: Submission | None) -> dict[str, str]:
    """Texts typed over a version, with these lines, as they are named over the month."""
    here = renumbered(cells, lines, month.codes)
    if key_of(base) == key_of(month.version):
        return here
    return carried(month.form, here, month_of(month.package, base, month.at).texts, month.texts)


def computed_of(month: Month) -> dict[str, Decimal]:
    """What the version's accounts came to, by the row beside which it stands: emissions, and in the registers the value that a test
    weighs with and what a meter costs. One query."""
    if month.version is None:
        return {}
    terms = month.version.terms.values_list("line", "source", "emissions")
    emissions = {(line, source): amount for line, source, amount in terms}
    content = Content.from_json(month.version.stored_content())
    found = {}
    for row in content.rows:
        for name, datum in row.data.items():
            place = month.places.get((datum.sheet, datum.cell), "").rpartition(":")[0]
            if place and row.table in ("batch", "meter"):
                found[place] = computed(month.form, content, row)
            elif place and (row.line, source_of(month.form.sector, row, name)) in emissions:
                found[place] = emissions[row.line, source_of(month.form.sector, row, name)]
    return found
