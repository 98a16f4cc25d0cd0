"""What an officer reads of a package before they open it: its emissions beside the period before, its intensity beside peers."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reporting.content.differences import relative
from reporting.models import Package
from reporting.periods import month_before
from reporting.submissions import peers
from reporting.submissions.peers import Standing

__all__ = ["Beside", "beside"]

COUNTED = (Package.State.SUBMITTED, Package.State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Beside:
    """`change` is of the unit's emissions since the period before, relative; `farthest` the line that is farthest from its peers' median.

    None where there is nothing to compare with.
    """

    change: Fraction | None
    farthest: Standing | None


def beside(packages: Sequence[Package], at: dt.datetime) -> dict[int, Beside]:
    """By package. Four queries, none of no packages."""
    if not packages:
        return {}
    before = {package.pk: _before(package) for package in packages}
    rows = Package.objects.filter(
        unit__in={package.unit_id for package in packages}, period__in=set(before.values()), state__in=COUNTED
    )
    known = {row[:3]: row[3] for row in rows.order_by().values_list("unit", "sector", "period", "emissions")}
    standings = peers.standings_of_versions([package.submission_id or 0 for package in packages], at)
    return {
        package.pk: Beside(
            # Of what could not be accounted no change is known.
            relative(known.get((package.unit_id, package.sector, before[package.pk])), package.emissions or None),
            max(standings.get(package.submission_id or 0, []), key=off_median, default=None),
        )
        for package in packages
    }


def off_median(standing: Standing) -> Fraction:
    """How far a line is from its peers' median, relative to that."""
    return abs(relative(standing.median, standing.own) or Fraction(0))


def _before(package: Package) -> str:
    return str(int(package.period) - 1) if package.is_year else month_before(package.period)
