"""The lines of a year's directory that have no verified result yet: whose they are, how far their unit is, and what they emitted before."""

import datetime as dt
from dataclasses import dataclass

import django_tables2 as tables
from django.db.models import BigIntegerField, CharField, OuterRef, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _

from allocation import scope
from registry.models import Line
from registry.web.columns import CODE, WRAP, Column, LineColumn, TonnesColumn, UnitColumn
from reporting.models import AnnualReport, Verification
from reporting.verification import current as verified_results

__all__ = ["MissingTable", "Row", "Stage", "of"]


class Stage(TextChoices):
    """How far the unit's year has come on its way to a verified result."""

    NO_REPORT = "no_report", _("no annual report")
    PREPARED = "prepared", _("annual report awaiting the unit's approver")
    RETURNED = "returned", _("annual report sent back to the clerk")
    FILED = "filed", _("filed, no verifier assigned")
    ASSIGNED = "assigned", _("under verification")
    SENT_BACK = "sent_back", _("verification sent back to the verifier")
    CONCLUDED = "concluded", _("verified, awaiting the province's approval")
    WITHOUT_LINE = "without_line", _("verified, but not this line")


_OF_REPORT = {
    AnnualReport.State.PREPARED: Stage.PREPARED,
    AnnualReport.State.RETURNED: Stage.RETURNED,
    AnnualReport.State.FILED: Stage.FILED,
}
_OF_VERIFICATION = {
    Verification.State.ASSIGNED: Stage.ASSIGNED,
    Verification.State.RETURNED: Stage.SENT_BACK,
    Verification.State.CONCLUDED: Stage.CONCLUDED,
    Verification.State.APPROVED: Stage.WITHOUT_LINE,
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line and how far its unit is; `before` are its verified tonnes of the year before, None where there are none."""

    line: Line
    stage: Stage
    before: int | None


def of(sector: str, year: int, at: dt.datetime) -> list[Row]:
    """All of the country, province by province. One query.

    The verified results are those of the instant; how far a report or a verification is, is said as it stands now.
    """
    unit = {"unit": OuterRef("unit"), "sector": sector, "year": year}
    reports = AnnualReport.objects.filter(**unit).exclude(state=AnnualReport.State.SUPERSEDED).order_by("-version")
    verifications = Verification.objects.filter(**unit, report__version=OuterRef("report_version")).order_by("-version")
    verifications = verifications.exclude(state=Verification.State.WITHDRAWN)
    before = verified_results.current(sector, year - 1, at).order_by().filter(line=OuterRef("pk"))
    lines = scope.missing_lines(sector, year, at).select_related("unit__authority")
    lines = lines.annotate(
        report_version=Subquery(reports.values("version")[:1]),
        report_state=Subquery(reports.values("state")[:1], output_field=CharField()),
        verification_state=Subquery(verifications.values("state")[:1], output_field=CharField()),
        before=Subquery(before.values("emissions")[:1], output_field=BigIntegerField()),
    ).order_by("unit__authority__code", "unit__credit_code", "code")
    return [Row(line, _stage(line.report_state, line.verification_state), line.before) for line in lines]


def _stage(report: str | None, verification: str | None) -> Stage:
    """A later report that isn't verified yet hides what became of the earlier one."""
    if verification:
        return _OF_VERIFICATION[Verification.State(verification)]
    return _OF_REPORT[AnnualReport.State(report)] if report else Stage.NO_REPORT


class MissingTable(tables.Table):
    province = Column(accessor="line__unit__authority", verbose_name=_("Province"))
    credit_code = Column(
        accessor="line__unit__credit_code", verbose_name=_("Unified social credit code"), visible=False
    )
    unit = UnitColumn(accessor="line__unit", verbose_name=_("Unit"), attrs=WRAP)
    line = LineColumn(of="line", accessor="line__code", verbose_name=_("Line"), attrs=CODE)
    stage = Column(accessor="stage__label", verbose_name=_("Stage"), attrs=WRAP)
    before = TonnesColumn(summed=True, verbose_name=_("Verified in the previous year (t)"))

    class Meta:
        orderable = False
        empty_text = _("Every line of the directory has its verified result.")
        attrs = {"class": "hold", "label": _("Lines without a verified result")}
