"""Submissions: what one upload was read as. Append-only, every version of it."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import Line, Person
from registry.permissions import Act, Paths
from reporting.findings import Finding
from reporting.findings.catalogue import ERROR, THRESHOLDS, WARNING
from reporting.models.packages import Package, Upload
from reporting.models.verified_by import verified_by


class Submission(models.Model):
    """A version of a package. `content` is canonical JSON (reporting.content), "" where the file could not be read.

    `emissions` are the unit's whole tonnes; `outcome` is the sha256 of all that reading gave, so that the same bytes read
    again with the same outcome make no second version.
    """

    package = models.ForeignKey(Package, models.PROTECT, related_name="submissions")
    version = models.PositiveIntegerField()
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="submissions")
    read_at = models.DateTimeField()
    guideline = models.CharField(max_length=80, blank=True)
    content = models.TextField(blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    totals = models.JSONField(default=dict)  # decimal strings: enterprise, ironmaking, sintering, processes
    emissions = models.BigIntegerField(null=True)
    errors = models.PositiveIntegerField(default=0)  # findings that block
    warnings = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=64)
    thresholds = models.JSONField(null=True)
    compared_with = models.JSONField(null=True)  # keys of the versions of earlier periods that it was checked against
    measured = models.JSONField(null=True)  # the fuels whose net calorific value was measured
    # Reasons of the workbook that explain nothing: cell and why (reporting.submissions.written_reasons).
    unused_reasons = models.JSONField(null=True)
    # sha256 of the rows that it was accounted to (reporting.submissions.accounted_digest); None of a version stored before it was kept.
    accounted = models.CharField(max_length=64, null=True)  # noqa: DJ001 ("" would rebuild the table, triggers and all)

    WHOSE = Paths(
        view=Act.VIEW_PACKAGE,
        unit="package__unit",
        authority="package__unit__authority",
        body=verified_by("package__"),
    )

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["package", "version"], name="submission_version_once")]

    def __str__(self) -> str:
        return f"{self.package} v{self.version}"

    @property
    def is_readable(self) -> bool:
        return bool(self.content)

    def stored_content(self) -> dict[str, Any]:
        """The content as plain data, for `Content.from_json`."""
        stored: dict[str, Any] = json.loads(self.content)
        return stored


@dataclass(frozen=True, slots=True)
class UsedThreshold:
    """A threshold that a submission was checked with; `change` is the key of the ministry's change, None for the file's value."""

    parameter: str
    value: str
    change: int | None


class FindingRow(models.Model):
    """A finding as stored: code, place and params. Its words come from the catalogue in the reader's language."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="findings")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    severity = models.CharField(max_length=8, choices=[(ERROR, _("error")), (WARNING, _("warning"))])
    blocks = models.BooleanField()
    sheet = models.CharField(max_length=80, blank=True)
    cell = models.CharField(max_length=20, blank=True)
    params = models.JSONField(default=dict)

    WHOSE = Paths(
        view=Act.VIEW_PACKAGE,
        unit="submission__package__unit",
        authority="submission__package__unit__authority",
        body=verified_by("submission__package__"),
    )

    class Meta:
        ordering = ["submission", "number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="finding_number_once"),
            models.CheckConstraint(name="finding_severity_known", condition=Q(severity__in=[ERROR, WARNING])),
        ]

    @property
    def finding(self) -> Finding:
        return Finding(self.code, self.sheet, self.cell, self.params, self.number)

    @property
    def threshold(self) -> UsedThreshold | None:
        """The threshold by which it was found, as it stood then; None where no number decides, or none was kept."""
        name = THRESHOLDS.get(self.code, "").format(sector=self.submission.package.sector)
        used = (self.submission.thresholds or {}).get(name)
        return UsedThreshold(name, *used) if used else None


class FindingAnswer(models.Model):
    """A written reason given for a warning, kept for the officer; append-only, the latest counts."""

    finding = models.ForeignKey(FindingRow, models.PROTECT, related_name="answers")
    reason = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Where the workbook's sheet of reasons has it; None of a reason that was given on the page.
    workbook_cell = models.CharField(max_length=20, null=True)  # noqa: DJ001 ("" would rebuild the table, triggers and all)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="answer_not_empty", condition=~Q(reason=""))]


class TermColumns(models.Model):
    """One product of a formula with its numbers in place (reporting.accounting.terms.Term)."""

    number = models.PositiveIntegerField()
    level = models.CharField(max_length=12)
    line = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=80)
    formula = models.CharField(max_length=400)
    inputs = models.JSONField(default=dict)
    emissions = models.DecimalField(max_digits=15, decimal_places=2)
    article = models.CharField(max_length=200)

    class Meta:
        abstract = True


class TermRow(TermColumns):
    """A term of a submission."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="terms")

    class Meta:
        ordering = ["submission", "number"]
        constraints = [models.UniqueConstraint(fields=["submission", "number"], name="term_number_once")]


class LineTotalRow(models.Model):
    """What a submission comes to for one line. `details` as in reporting.accounting.terms.LineTotal, decimal strings."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="line_totals")
    line = models.ForeignKey(Line, models.PROTECT, related_name="+")
    emissions = models.BigIntegerField()
    main_emissions = models.DecimalField(max_digits=15, decimal_places=2)
    output = models.DecimalField(max_digits=15, decimal_places=2)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["submission", "line__code"]
        constraints = [models.UniqueConstraint(fields=["submission", "line"], name="line_total_once")]
