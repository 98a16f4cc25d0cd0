"""What an enterprise states for a month or a year: invented, but it adds up and goes on from month to month.

`content(unit, sector, period, chance)` is a function of its arguments alone, so any process may ask in any order.

`rows` are common to `steel`, `cement` and `aluminium`.
"""

from quota_site.demo.invented.country import LinePlan, UnitPlan
from quota_site.demo.invented.figures import aluminium, cement, steel
from quota_site.demo.invented.figures.rows import Period
from quota_site.demo.invented.random_values import Chance
from quota_site.demo.invented.scenarios import Story
from quota_site.demo.invented.sectors import CEMENT, STEEL
from registry.values.sectors import Sector
from reporting.content import Content
from reporting.guidelines import for_period

__all__ = ["Period", "Sector", "content", "lines_in"]


def content(unit: UnitPlan, sector: str, period: str, chance: Chance) -> Content:
    """What the unit states for the period; `chance` are the country's."""
    span, lines, own = Period(period), lines_in(unit, sector, period), chance.of(unit.credit_code, sector)
    guideline = for_period(sector, period)
    if sector == STEEL:
        late = Story.LATE_CALIBRATION in unit.stories
        rows = steel.rows(lines[0], span, own, guideline, late_calibration=late)
    elif sector == CEMENT:
        rows = cement.rows(unit.lines_of(sector), span, own, guideline)
    else:
        rows = aluminium.rows(lines, span, own)
    return Content(sector, period, unit.credit_code, tuple(line.code for line in lines), tuple(rows))


def lines_in(unit: UnitPlan, sector: str, period: str) -> tuple[LinePlan, ...]:
    """The sector's lines that exist in the period."""
    span = Period(period)
    return tuple(line for line in unit.lines_of(sector) if line.runs_in(span.first, span.last))
