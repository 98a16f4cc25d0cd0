"""Why a version was sent back, datum by datum: shown at the cells of the page on which it is corrected."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reporting.content import Content, Key
from reporting.correction.registers import RegisterSheet
from reporting.correction.sheets import Sheet
from reporting.findings import Reason
from reporting.models import Package, PackageEvent, Remark, Submission
from reporting.review import queue as desk
from reporting.workbook import names

__all__ = ["Jump", "jumps", "reasons_of", "returned_by"]


@dataclass(frozen=True, slots=True)
class Jump:
    """A reason in the list above the tables; `anchor` is the row's, "" where the page has none for it."""

    anchor: str
    label: str
    message: str


def returned_by(package: Package) -> PackageEvent | None:
    """The sending back that nothing was submitted after."""
    last = package.events.order_by("-pk").first()
    return last if last is not None and last.kind == PackageEvent.Kind.RETURNED else None


def reasons_of(event: PackageEvent | None, version: Submission | None) -> list[Reason]:
    """The reasons at the cells that the data have in this version, be it the one sent back or a later one. One query."""
    remarks = desk.remarks_of(event)
    if not remarks:
        return []
    package, cells = remarks[0].event.package, dict(_cells(version))

    def place(remark: Remark) -> tuple[str, str]:
        """Where it was said, if this is the version that was sent back; else where the same datum stands now."""
        if version is not None and remark.cell and remark.event.submission_id == version.pk:
            return remark.sheet, remark.cell
        return cells.get((_key(remark), remark.name), ("", ""))

    return [Reason(*place(remark), remark.reason, _label(package, remark)) for remark in remarks]


def jumps(reasons: Iterable[Reason], sheets: Iterable[Sheet], registers: Iterable[RegisterSheet]) -> list[Jump]:
    """The reasons with the rows in which they stand."""
    anchors = {
        id(said): f"r{row.number}"
        for sheet in sheets
        for block in sheet.blocks
        for row in block.rows
        for said in row.faults
    }
    anchors |= {
        id(said): f"{sheet.table}-{record.number}"
        for sheet in registers
        for record in sheet.records
        for said in record.faults
    }
    return [Jump(anchors.get(id(reason), ""), reason.label, reason.message) for reason in reasons]


def _cells(version: Submission | None) -> Iterator[tuple[tuple[Key, str], tuple[str, str]]]:
    """Sheet and cell of every datum by its row's key and name; a row's own are those of its first datum."""
    if version is None or not version.is_readable:
        return
    for row in reversed(Content.from_json(version.stored_content()).rows):
        for name, datum in reversed(list(row.data.items())):
            yield (row.key, name), (datum.sheet, datum.cell)
            yield (row.key, ""), (datum.sheet, datum.cell)


def _key(remark: Remark) -> Key:
    return remark.table, remark.line, remark.process, remark.item, remark.part


def _label(package: Package, remark: Remark) -> str:
    row = names.row_name(package.sector, package.period, _key(remark))
    return (
        f"{row} · {names.datum_name(package.sector, package.period, _key(remark), remark.name)}" if remark.name else row
    )
