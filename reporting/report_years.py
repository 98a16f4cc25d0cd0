"""The years of which a unit can prepare its annual report."""

from reporting.expected import expected_periods
from reporting.models import AnnualReport, Package

__all__ = ["complete", "ready"]

Year = tuple[str, int]  # sector, year


def complete(unit: int) -> set[Year]:
    """The years of which every period that is asked for is accepted."""
    rows = Package.objects.filter(unit=unit, state=Package.State.ACCEPTED)
    accepted = set(rows.values_list("sector", "period"))
    expected: dict[Year, set[tuple[str, str]]] = {}
    for _unit, sector, period in expected_periods([unit]):
        expected.setdefault((sector, int(period[:4])), set()).add((sector, period))
    return {year for year, periods in expected.items() if periods <= accepted}


def ready(unit: int) -> list[Year]:
    """Those of which no report is prepared or filed; one that was sent back is prepared again. The latest first."""
    rows = AnnualReport.objects.filter(unit=unit, state__in=[AnnualReport.State.PREPARED, AnnualReport.State.FILED])
    made = set(rows.values_list("sector", "year"))
    return sorted(complete(unit) - made, key=lambda each: (-each[1], each[0]))
