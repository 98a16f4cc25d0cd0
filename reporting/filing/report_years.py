"""The years of which a unit can prepare its annual report, and those of which something stands in the way."""

from registry.models import Unit
from reporting.filing import outside_lives
from reporting.models import AnnualReport, Package
from reporting.periods.expected import expected_periods

__all__ = ["complete", "ready", "waiting"]

Year = tuple[str, int]  # sector, year


def complete(unit: int) -> set[Year]:
    """The years of which every period that is asked for is accepted."""
    rows = Package.objects.filter(unit=unit, state=Package.State.ACCEPTED)
    accepted = set(rows.values_list("sector", "period"))
    expected: dict[Year, set[tuple[str, str]]] = {}
    for _unit, sector, period in expected_periods([unit]):
        expected.setdefault((sector, int(period[:4])), set()).add((sector, period))
    return {year for year, periods in expected.items() if periods <= accepted}


def waiting(unit: Unit) -> dict[Year, bool]:
    """Those of which no report is prepared or filed, and whether accepted months that speak of a line outside its life hold it up.

    Two queries a year that waits, of which there is hardly ever more than one.
    """
    rows = AnnualReport.objects.filter(unit=unit, state__in=[AnnualReport.State.PREPARED, AnnualReport.State.FILED])
    years = complete(unit.pk) - set(rows.values_list("sector", "year"))
    return {(sector, year): bool(outside_lives.found(unit, sector, year)) for sector, year in years}


def ready(unit: Unit) -> list[Year]:
    """Those whose report can be prepared; one that was sent back is prepared again. The latest first."""
    found = [year for year, held_up in waiting(unit).items() if not held_up]
    return sorted(found, key=lambda each: (-each[1], each[0]))
