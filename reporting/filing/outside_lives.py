"""Accepted months that speak of lines which, by the register, did not exist in them: one of both is wrong, and tonnes hang on it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.translation import gettext as _

from registry.models import Unit
from registry.refusal import Refusal
from registry.values import figures
from reporting.models import LineTotalRow, Package
from reporting.periods.expected import existed, periods_listed

__all__ = ["Outside", "after_closing", "found", "refuse"]


@dataclass(frozen=True, slots=True)
class Outside:
    """A line with emissions or an output in a month in which it did not exist."""

    period: str
    line: str
    emissions: int

    def __str__(self) -> str:
        said = {"period": self.period, "line": self.line, "emissions": figures.tonnes(self.emissions)}
        return _("%(period)s · %(line)s: %(emissions)s t") % said


def found(unit: Unit, sector: str, year: int) -> list[Outside]:
    """Of the accepted months of a year, in order. What was submitted for months after the unit left the directory is no part of the year.

    Two queries.
    """
    package = "submission__package"
    rows = LineTotalRow.objects.filter(
        ~Q(emissions=0) | ~Q(output=0),
        **{f"{package}__unit": unit, f"{package}__sector": sector, f"{package}__state": Package.State.ACCEPTED},
        **{f"{package}__period__in": periods_listed(unit.pk, sector, year)},
        submission=F(f"{package}__submission"),
    )
    said = rows.order_by(f"{package}__period", "line__code").values_list(
        f"{package}__period", "line__code", "emissions", "line__commissioned", "line__closed"
    )
    return [
        Outside(period, line, emissions)
        for period, line, emissions, commissioned, closed in said
        if not existed(commissioned, closed, period)
    ]


def after_closing(days: Mapping[int, dt.date]) -> dict[int, dict[str, int]]:
    """Of lines, by key, that are to close on these days: the later periods handed in, with their tonnes of them. One query."""
    package = "submission__package"
    rows = LineTotalRow.objects.filter(
        ~Q(emissions=0) | ~Q(output=0),
        line__in=days,
        submission=F(f"{package}__submission"),
        **{f"{package}__state__in": [Package.State.SUBMITTED, Package.State.ACCEPTED]},
    )
    told: dict[int, dict[str, int]] = {}
    for line, period, emissions in rows.order_by().values_list("line", f"{package}__period", "emissions"):
        if not existed(dt.date.min, days[line], period):
            told.setdefault(line, {})[period] = emissions
    return told


def refuse(unit: Unit, sector: str, year: int) -> None:
    """A line's day entered afterwards must not take accepted tonnes out of the year unnoticed, nor leave them in it."""
    if outside := found(unit, sector, year):
        raise Refusal(
            _(
                "Accepted months contain lines that, according to the register, did not exist at the time: "
                "%(found)s. Have the line's dates corrected, or the months reopened."
            )
            % {"found": _("; ").join(str(each) for each in outside)}
        )
