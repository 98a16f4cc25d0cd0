"""Saving a correction: what was typed becomes a workbook, and the workbook comes in like any other."""

import datetime as dt
from dataclasses import dataclass, replace
from operator import attrgetter

from django.utils.translation import gettext as _

from registry.access import acting
from registry.models import Person
from registry.permissions import Act
from reporting import workbook
from reporting.content import Content
from reporting.correction.carrying import laid_over
from reporting.correction.drafts import discard
from reporting.correction.month import Month
from reporting.filing import intake
from reporting.findings import Finding
from reporting.models import Upload
from reporting.workbook.definition import Key
from reporting.workbook.reading import typed, typed_records
from reporting.workbook.reading.tables import Line
from reporting.workbook.reading.typed import Texts

__all__ = ["Typed", "read", "save"]


@dataclass(frozen=True, slots=True)
class Typed:
    """What the cells say: a row as the reader takes it for each key, the content, and every fault, at its cell."""

    rows: dict[Key, Line]
    records: dict[str, list[Line]]
    content: Content
    findings: list[Finding]

    def places(self, month: Month) -> dict[tuple[str, str], str]:
        """The names of the cells by the sheet and cell that the findings speak of."""
        numbers = {number: number for number in range(len(month.codes) + 1)}
        return typed.places(month.form, self.rows, numbers) | typed_records.places(month.form, self.records)

    @property
    def blocks(self) -> bool:
        return any(finding.blocks for finding in self.findings)


def read(month: Month, cells: Texts) -> Typed:
    """The month with `cells` typed over it, read by the workbook's own reader. Writes nothing."""
    texts = laid_over(month.texts, cells)
    shape = typed.shape_of(month.form, len(month.codes), texts)
    rows = typed.lines(month.form, month.codes, shape, texts)
    content, findings = typed.read(month.form, month.spec.period, month.spec.unit_code, rows)
    records = typed_records.lines(month.form, texts)
    stated = typed_records.read(month.form, content.lines, records, findings)
    return Typed(rows, records, replace(content, rows=(*content.rows, *stated)), findings)


@acting(Act.UPLOAD_PACKAGE, about=attrgetter("package"))
def save(month: Month, content: Content, *, by: Person, at: dt.datetime) -> Upload:
    """Write the workbook that says this and take it in; what the person had typed is a version then, and no draft any more.

    Raises Refusal where an upload would be refused; the draft stays.
    """
    data = workbook.filled(month.spec, content)
    name = _("%(period)s, corrected on the page.xlsx") % {"period": month.spec.period}
    upload = intake.receive(month.package, data, name, by=by, at=at, way="page")
    discard(month.package, by=by)
    return upload
