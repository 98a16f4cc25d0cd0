"""Packages: what a unit submits for one month (or, where a year has no months, for the year), and what has happened to it."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.law import calendar
from registry.models import Job, Person, Unit
from registry.models.two_people import differ
from registry.permissions import Act, Paths
from registry.values import sectors
from reporting.models.verified_by import verified_by

QUEUE_ORDER = ("-risk", "submitted_at", "id")
NARROWED_BY = ("unit", "sector", "period", "late", "warnings", "emissions", "sent_back")


class Package(models.Model):
    """The evidence 月度存证 of one unit, sector and period. The row holds the present state; `events` and `submissions` the history.

    `period` is "2025-07", or "2024" for a year that is reported by a year workbook.
    """

    class State(models.TextChoices):
        OPEN = "open", _("waiting for a workbook")
        READ = "read", _("uploaded, not yet submitted")
        SUBMITTED = "submitted", _("under review")
        ACCEPTED = "accepted", _("accepted")
        RETURNED = "returned", _("sent back")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="packages")
    sector = models.CharField(max_length=12, choices=sectors.choices)
    period = models.CharField(max_length=7)
    year = models.PositiveSmallIntegerField()
    due = models.DateField()  # the law's day when the package was opened; only reporting.filing.deadlines sets another
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    submission = models.ForeignKey("reporting.Submission", models.PROTECT, null=True, blank=True, related_name="+")
    job = models.ForeignKey(Job, models.PROTECT, null=True, blank=True, related_name="+")  # the reading asked for last
    # With the unit's approver, who confirms it or sends it back; nothing while the clerk works on it, nor once it is submitted.
    handing = models.ForeignKey("reporting.HandingOver", models.PROTECT, null=True, blank=True, related_name="+")
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(default=False)  # that the first submission came after the deadline; it stays
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    risk = models.PositiveIntegerField(
        default=0
    )  # how soon it deserves a look (reporting.submissions.risk_points), kept while it waits
    risk_parts = models.JSONField(default=list)
    # Of the version submitted last, which never changes: with them an index alone answers however an officer narrows their queue.
    warnings = models.PositiveIntegerField(default=0)
    emissions = models.BigIntegerField(default=0)  # tCO2e of the whole unit; 0 where they could not be accounted
    sent_back = models.BooleanField(default=False)  # that it was sent back; it stays
    # Which officer reviews it, if one took it or was given it (`ReviewerChoice`); it stays over a sending back.
    reviewer = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")

    WHOSE = Paths(view=Act.VIEW_PACKAGE, unit="unit", authority="unit__authority", body=verified_by())

    class Meta:
        ordering = ["-period", "unit__credit_code", "sector"]
        indexes = [
            models.Index(fields=["state", "due"]),
            models.Index(fields=["year", "sector", "unit"]),
            # The queue in its order; behind the key stands what it is narrowed by.
            models.Index(fields=["state", *QUEUE_ORDER, *NARROWED_BY], name="package_queue"),
            # What is rarely or never found, found without a look through the queue; small, for few packages wait at a time.
            models.Index(fields=["period"], name="package_waiting_period", condition=Q(state="submitted")),
            models.Index(fields=["emissions"], name="package_waiting_tonnes", condition=Q(state="submitted")),
            models.Index(
                fields=["reviewer"],
                name="package_waiting_reviewer",
                condition=Q(state="submitted", reviewer__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "sector", "period"], name="package_once"),
            models.CheckConstraint(
                name="package_state_known", condition=Q(state__in=["open", "read", "submitted", "accepted", "returned"])
            ),
            models.CheckConstraint(
                name="package_period_shape", condition=Q(period__regex=r"^[0-9]{4}(-(0[1-9]|1[0-2]))?$")
            ),
            models.CheckConstraint(
                name="package_read_has_submission", condition=Q(state="open") | Q(submission__isnull=False)
            ),
            models.CheckConstraint(
                name="package_handed_over_is_read", condition=Q(handing__isnull=True) | Q(state="read")
            ),
            models.CheckConstraint(name="package_four_eyes", condition=differ("decided_by", "submitted_by")),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_sector_display()} · {self.period}"

    @property
    def is_year(self) -> bool:
        return "-" not in self.period

    @property
    def is_with_unit(self) -> bool:
        """Whether the unit still has to submit it: not while it is reviewed, nor once it is accepted."""
        return self.state in (self.State.OPEN, self.State.READ, self.State.RETURNED)

    @property
    def takes_uploads(self) -> bool:
        """Whether a workbook may be uploaded: by the unit, unless it was handed to its approver."""
        return self.is_with_unit and self.handing_id is None

    def is_late(self, at: dt.datetime) -> bool:
        """Whether the instant lies after the deadline (market.md §3: the last second of the day in Shanghai)."""
        return at > calendar.end_of(self.due)


class Upload(models.Model):
    """A file as it came in, append-only; its bytes lie under their sha256 (registry.files)."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="uploads")
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=200)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    known_as: int | None = (
        None  # no column: of bytes that came in again, the version that they were already (intake.receive)
    )

    WHOSE = Paths(
        view=Act.VIEW_PACKAGE,
        unit="package__unit",
        authority="package__unit__authority",
        body=verified_by("package__"),
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["package", "sha256"], name="upload_once"),
            models.CheckConstraint(name="upload_not_empty", condition=Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name


class PackageEvent(models.Model):
    """That a version was submitted, accepted or sent back; append-only."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        ACCEPTED = "accepted", _("accepted")
        RETURNED = "returned", _("sent back")

    package = models.ForeignKey(Package, models.PROTECT, related_name="events")
    submission = models.ForeignKey("reporting.Submission", models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = models.TextField(blank=True)
    late = models.BooleanField(default=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="package_event_known", condition=Q(kind__in=["submitted", "accepted", "returned"])
            ),
            models.CheckConstraint(name="package_return_has_reason", condition=~Q(kind="returned", reason="")),
        ]
