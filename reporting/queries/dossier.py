"""What reporting keeps of a unit and of a line: the ways to a unit's months, report, verification and control plan; a line's months and
verified results."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from registry import access, directory
from registry.directory.dossier import Asked, Kept, OfLine, Part, Section
from registry.permissions import Act
from reporting.models import (
    AnnualReport,
    ControlPlan,
    ControlPlanVersion,
    LineTotalRow,
    Package,
    Verification,
    VerifiedResult,
)
from reporting.periods import year_at_hand
from reporting.queries.as_of import Standing, standings
from reporting.submissions import peers

__all__ = ["MonthOfLine", "of_line", "of_unit"]

_REPORT_TONES = {"prepared": "info", "filed": "ok", "returned": "danger"}
_VERIFICATION_TONES = {"assigned": "info", "concluded": "warn", "returned": "danger", "approved": "ok"}


def of_unit(asked: Asked) -> Kept:
    """The sections of a unit's page, in the order of a year's work; of a day gone by without how they stand, which they say themselves."""
    made = (_control_plan(asked), _months(asked), _reports(asked), _verifications(asked))
    return Kept(sections=tuple(section for section in made if section is not None))


def _months(asked: Asked) -> Section | None:
    if not asked.may(Act.VIEW_PACKAGE):
        return None
    rows = access.scoped(asked.person, Act.VIEW_PACKAGE, Package.objects.filter(unit=asked.unit)).order_by()
    accepted = Count("pk", distinct=True, filter=Q(state=Package.State.ACCEPTED))
    counts = dict(rows.values_list("year").annotate(accepted=accepted))
    listed = directory.ever_listed().filter(unit=asked.unit).values_list("year", flat=True)
    # A body sees no other years than those it verifies.
    year = year_at_hand({*counts, *(() if asked.person.body_id else listed)}, asked.day)
    said = _("%(year)s: %(count)s accepted") % {"year": year, "count": counts.get(year, 0)}
    return Section(
        _("Months"), _dated(asked, "reporting:unit_year", asked.unit.pk, year), "" if asked.is_past else said
    )


def _reports(asked: Asked) -> Section | None:
    rows = AnnualReport.objects.filter(unit=asked.unit).exclude(state=AnnualReport.State.SUPERSEDED)
    label, tones = _("Annual reports"), _REPORT_TONES
    return _listed(asked, Act.VIEW_ANNUAL_REPORT, rows, label, "reporting:annual_reports", tones)


def _verifications(asked: Asked) -> Section | None:
    rows = Verification.objects.filter(unit=asked.unit).exclude(state=Verification.State.WITHDRAWN)
    label, tones = _("Verification"), _VERIFICATION_TONES
    return _listed(asked, Act.VIEW_VERIFICATION, rows, label, "reporting:verifications", tones)


def _listed(
    asked: Asked, act: Act, rows: QuerySet[Any], label: str, page: str, tones: dict[str, str]
) -> Section | None:
    """The way to the list of the unit's, with how the latest year's stands: its state, or their number where they differ."""
    if not asked.may(act):
        return None
    found = [] if asked.is_past else list(access.scoped(asked.person, act, rows).order_by("-year", "pk"))
    latest = [one for one in found if one.year == found[0].year]
    url = f"{reverse(page)}?{urlencode({'q': asked.unit.credit_code})}"
    if not latest:
        return Section(label, url, "" if asked.is_past else _("none yet"))
    states = {one.state for one in latest}
    alike = len(states) == 1
    of: str | Promise | int = latest[0].get_state_display() if alike else len(latest)
    return Section(
        label,
        url,
        _("%(year)s: %(state)s") % {"year": latest[0].year, "state": of},
        tones.get(latest[0].state, "neutral") if alike else "neutral",
    )


def _control_plan(asked: Asked) -> Section | None:
    if not asked.may(Act.VIEW_CONTROL_PLAN):
        return None
    url = f"{reverse('reporting:control_plans')}?{urlencode({'q': asked.unit.credit_code})}"
    plans = access.scoped(asked.person, Act.VIEW_CONTROL_PLAN, ControlPlan.objects.filter(unit=asked.unit))
    year, versions = _accepted(plans, asked.end)
    if year is None:
        return Section(_("Control plan"), url, _("none accepted"))
    said = _("%(year)s: version %(number)s") % {"year": year, "number": versions}
    return Section(_("Control plan"), url, said, "ok")


def _accepted(plans: QuerySet[ControlPlan], end: dt.datetime) -> tuple[int | None, int | None]:
    """The latest year of which a plan was accepted by then, and its highest version."""
    versions = ControlPlanVersion.objects.filter(
        plan__in=plans, decision__accepted=True, decision__at__lte=end
    ).order_by()
    found = versions.values("plan__year").annotate(number=Max("number")).order_by("-plan__year").first()
    return (found["plan__year"], found["number"]) if found else (None, None)


def _dated(asked: Asked, page: str, *args: object) -> str:
    """The page of the same day."""
    return reverse(page, args=args) + (f"?as_of={asked.day.isoformat()}" if asked.is_past else "")


# --- A line


@dataclass(frozen=True, slots=True)
class MonthOfLine:
    """What a submitted month says of the line."""

    then: Standing
    totals: LineTotalRow

    @property
    def intensity(self) -> Fraction | None:
        return Fraction(self.totals.main_emissions) / Fraction(self.totals.output) if self.totals.output > 0 else None


def of_line(asked: OfLine) -> Iterator[Part]:
    """A line's months of a year and its verified results, as they stood at the end of the day."""
    if access.reaches(asked.person, Act.VIEW_PACKAGE, asked.line.unit):
        yield _months_of_line(asked)
    if access.reaches(asked.person, Act.VIEW_VERIFIED_RESULT, asked.line.unit):
        yield Part("reporting/parts/line_results.html", {"results": list(_results(asked))})


def _months_of_line(asked: OfLine) -> Part:
    packages = Package.objects.filter(unit=asked.line.unit_id, sector=asked.line.sector)
    seen = access.scoped(asked.person, Act.VIEW_PACKAGE, packages)
    years = sorted(set(seen.order_by().values_list("year", flat=True)), reverse=True)
    year = asked.year if asked.year in years else year_at_hand(years, asked.day)
    counted = {
        then.submission.pk: then
        for then in standings(seen.filter(year=year), asked.day)
        if then.submission is not None and then.state in peers.COUNTED
    }
    rows = LineTotalRow.objects.filter(submission__in=counted, line=asked.line)
    months = sorted((MonthOfLine(counted[row.submission_id], row) for row in rows), key=lambda one: one.then.period)
    output = sum((one.totals.output for one in months), Decimal(0))
    main = sum((one.totals.main_emissions for one in months), Decimal(0))
    return Part(
        "reporting/parts/line_months.html",
        {
            "months": months,
            "year": year,
            "tabs": [{"label": str(one), "url": f"?year={one}", "current": one == year} for one in years],
            "emissions": sum(one.totals.emissions for one in months),
            "output": output,
            "intensity": Fraction(main) / Fraction(output) if output > 0 else None,
        },
    )


def _results(asked: OfLine) -> QuerySet[VerifiedResult]:
    """Of every year the version in force at the end of the day, the latest year first."""
    newer = VerifiedResult.objects.filter(
        line=OuterRef("line"), year=OuterRef("year"), version__gt=OuterRef("version"), approved_at__lte=asked.end
    )
    own = VerifiedResult.objects.filter(line=asked.line, approved_at__lte=asked.end).exclude(Exists(newer))
    return access.scoped(asked.person, Act.VIEW_VERIFIED_RESULT, own).order_by("-year")
