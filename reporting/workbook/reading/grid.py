"""Any workbook as plain grids of values: what other tables than the monthly workbook are read through, behind the same guards."""

from python_calamine import CalamineWorkbook

from reporting.workbook.reading.safety import Refused, parsing, unpack
from reporting.workbook.reading.survey import demand_honest_counts, sheet_parts
from reporting.workbook.reading.tables import Table, load
from reporting.workbook.spec import Limits

__all__ = ["Refused", "grids"]


def grids(data: bytes, filename: str, limits: Limits = Limits()) -> dict[str, Table]:  # noqa: B008 frozen
    """The sheets by name, in the workbook's order; raises Refused with the finding that says why nothing can be read."""
    package = unpack(data, filename, limits)
    demand_honest_counts(package)
    with parsing("XLSX"):
        workbook = CalamineWorkbook.from_filelike(package.rebuilt())
    parts = sheet_parts(package)
    return {name: load(workbook, name, package, part, limits) for name, part in parts.items()}
