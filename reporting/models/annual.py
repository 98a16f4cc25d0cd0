"""Annual reports: a unit's year in one sector, made from its accepted months or its accepted year workbook."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import Line, Person, Unit
from registry.models.two_people import differ
from registry.permissions import Act, Paths
from registry.values import sectors
from reporting.models.submissions import Submission, TermColumns
from reporting.models.verified_by import assigned_to


class AnnualReport(models.Model):
    """A version of a unit's annual report. The row holds the state; what the report says is in append-only rows beside it."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("prepared, waiting for approval")
        FILED = "filed", _("filed")
        RETURNED = "returned", _("sent back to the clerk")
        SUPERSEDED = "superseded", _("replaced by a later version")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="annual_reports")
    sector = models.CharField(max_length=12, choices=sectors.choices)
    year = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PREPARED)
    due = models.DateField()
    emissions = models.BigIntegerField()  # the unit's whole tonnes
    prepared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    filed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    filed_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(default=False)

    WHOSE = Paths(view=Act.VIEW_ANNUAL_REPORT, unit="unit", authority="unit__authority", body=assigned_to)

    class Meta:
        ordering = ["-year", "unit__credit_code", "sector", "-version"]
        indexes = [models.Index(fields=["year", "sector", "unit"])]
        constraints = [
            models.UniqueConstraint(fields=["unit", "sector", "year", "version"], name="report_version_once"),
            models.UniqueConstraint(
                fields=["unit", "sector", "year"], condition=~Q(state="superseded"), name="report_one_in_force"
            ),
            models.CheckConstraint(
                name="report_state_known", condition=Q(state__in=["prepared", "filed", "returned", "superseded"])
            ),
            models.CheckConstraint(name="report_four_eyes", condition=differ("filed_by", "prepared_by")),
            models.CheckConstraint(
                name="report_filed_complete",
                condition=~Q(state="filed") | Q(filed_by__isnull=False, filed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_sector_display()} · {self.year} · v{self.version}"


class ReportReturn(models.Model):
    """Why a version of a report was sent back to the clerk: by the unit's approver, or by the province once it was filed. Append-only."""

    report = models.OneToOneField(AnnualReport, models.PROTECT, related_name="sent_back")
    was_filed = models.BooleanField()
    reason = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="report_returned_with_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.report} · {self.at}"


class ReportContent(models.Model):
    """What the year comes to, append-only: its own content, totals, and what it differs from the sum of months by."""

    report = models.OneToOneField(AnnualReport, models.PROTECT, related_name="stated")
    content = models.TextField()  # canonical JSON
    sha256 = models.CharField(max_length=64)
    guideline = models.CharField(max_length=80)  # the last one, where it changed in the year (ReportSpan)
    totals = models.JSONField(default=dict)
    # Year minus sum of months by line code, "" for the unit: of reports prepared before `differences` were written down.
    rounding = models.JSONField(default=dict)
    differences = models.JSONField(null=True)  # a list of reporting.accounting.Difference.as_json


class ReportSource(models.Model):
    """An accepted version that the report was made from."""

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="sources")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="reports")

    class Meta:
        ordering = ["submission__package__period"]
        constraints = [models.UniqueConstraint(fields=["report", "submission"], name="report_source_once")]


class ReportTerm(TermColumns):
    """A term of the year."""

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="terms")

    class Meta:
        ordering = ["report", "number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_term_number_once")]


class ReportSpan(models.Model):
    """Periods of the year that were accounted by one guideline. Its terms follow those of the span before, up to `last_term`."""

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="spans")
    first = models.CharField(max_length=7)
    last = models.CharField(max_length=7)
    guideline = models.CharField(max_length=80)
    last_term = models.PositiveIntegerField()
    emissions = models.DecimalField(max_digits=15, decimal_places=2)  # of the unit, the sum of terms

    class Meta:
        ordering = ["report", "first"]
        constraints = [models.UniqueConstraint(fields=["report", "first"], name="report_span_once")]


class ReportedDatum(models.Model):
    """A datum that verification confirms or corrects; `item` is one of reporting.accounting.items."""

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="data")
    line = models.ForeignKey(Line, models.PROTECT, null=True, blank=True, related_name="+")
    item = models.CharField(max_length=40)
    measure = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=15, decimal_places=4)

    class Meta:
        ordering = ["report", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "line", "item"], name="reported_datum_once"),
            models.UniqueConstraint(
                fields=["report", "item"], condition=Q(line__isnull=True), name="reported_unit_datum_once"
            ),
        ]
