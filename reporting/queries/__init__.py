"""What pages ask: a package, a unit's year or a sector's with all that belongs to it (`pages`), as it stood on a day
(`as_of`), month after month (`unit_year`, `forecast`) and datum by datum (`cells`); the month board's totals
(`month_board`), who has a control plan (`plan_coverage`) and how it reads (`plan_sheets`), what differs in a report
(`report_differences`); what was handed to an approver (`handings`), what happened to a package (`history`), what
waits for whom (`todo`) and who is reminded (`reminders`); what is found (`search`); what stands on a unit's and a
line's page (`dossier`).
"""

from reporting.queries.history import history_of
from reporting.queries.pages import (
    TONES,
    Card,
    SectorYear,
    annual_reports,
    findings_of,
    late_of,
    months_of,
    packages,
    packages_listed,
    reasons_before,
    receipts_of,
    sector_year,
    sectors_of,
    submissions,
    supporting_files,
    supporting_files_of,
    units_of_year,
    uploads,
    verifications,
    years_of,
)

__all__ = [
    "TONES",
    "Card",
    "SectorYear",
    "annual_reports",
    "findings_of",
    "history_of",
    "late_of",
    "months_of",
    "packages",
    "packages_listed",
    "reasons_before",
    "receipts_of",
    "sector_year",
    "sectors_of",
    "submissions",
    "supporting_files",
    "supporting_files_of",
    "units_of_year",
    "uploads",
    "verifications",
    "years_of",
]
