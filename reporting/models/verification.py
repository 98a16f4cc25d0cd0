"""Verification of an annual report, and the verified results that allocation stands on."""

from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models import Line, LineKind, Person, Unit, VerifierBody
from registry.permissions import Act, Paths
from registry.values import sectors
from reporting.accounting import items
from reporting.accounting.sector import of as accounting_of
from reporting.models.annual import AnnualReport, ReportedDatum


class Verification(models.Model):
    """One verification of a filed report by a technical service body. A report may be verified again; each time is a row."""

    class State(models.TextChoices):
        ASSIGNED = "assigned", _("under verification")
        CONCLUDED = "concluded", _("concluded, waiting for approval")
        RETURNED = "returned", _("sent back to the verifier")
        APPROVED = "approved", _("approved, unit told")
        WITHDRAWN = "withdrawn", _("withdrawn from the verifier")

    class Ground(models.TextChoices):
        """Why a result that stands is verified again (market.md §4: re-check, court, fraud; a review is asked for by the unit)."""

        REVIEW = "review", _("review requested by the unit")
        RECHECK = "recheck", _("re-check by the authorities")
        COURT = "court", _("court decision")
        FRAUD = "fraud", _("falsified data")

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="verifications")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="verifications")
    sector = models.CharField(max_length=12, choices=sectors.choices)
    year = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()  # the how-manieth of this unit, sector and year
    ground = models.CharField(_("Ground"), max_length=12, choices=Ground.choices, blank=True)  # empty the first time
    reason = models.TextField(_("Reason"), blank=True)
    body = models.ForeignKey(VerifierBody, models.PROTECT, related_name="verifications")
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASSIGNED)
    assigned_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    concluded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    concluded_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    WHOSE = Paths(view=Act.VIEW_VERIFICATION, unit="unit", authority="unit__authority", body="body")

    class Meta:
        ordering = ["-year", "unit__credit_code", "sector", "-version"]
        indexes = [models.Index(fields=["year", "sector", "unit"])]
        constraints = [
            models.UniqueConstraint(fields=["unit", "sector", "year", "version"], name="verification_version_once"),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(state__in=["assigned", "concluded", "returned"]),
                name="verification_one_open",
            ),
            models.CheckConstraint(
                name="verification_state_known",
                condition=Q(state__in=["assigned", "concluded", "returned", "approved", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="verification_ground_with_reason",
                condition=Q(ground="", reason="")
                | (Q(ground__in=["review", "recheck", "court", "fraud"]) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="verification_four_eyes",
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("assigned_by")) & ~Q(approved_by=F("concluded_by"))),
            ),
            models.CheckConstraint(
                name="verification_approved_complete",
                condition=~Q(state="approved")
                | Q(approved_by__isnull=False, approved_at__isnull=False, told_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_sector_display()} · {self.year} · {self.version}"

    @property
    def is_open(self) -> bool:
        """Whether its result is still to come."""
        return self.state in OPEN

    @property
    def at_work(self) -> bool:
        """Whether it is with the body, for the first time or sent back."""
        return self.state in AT_WORK

    @property
    def number(self) -> str:
        """The report number: province–verifier–last six of the credit code–year–version (forms.md)."""
        unit = self.unit
        return f"{unit.authority.code}-{self.body.code}-{unit.credit_code[-6:]}-{self.year}-{self.version}"


AT_WORK = (Verification.State.ASSIGNED, Verification.State.RETURNED)
OPEN = (*AT_WORK, Verification.State.CONCLUDED)


class VerificationEvent(models.Model):
    """What happened to a verification; append-only."""

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", _("assigned")
        CONCLUDED = "concluded", _("concluded")
        RETURNED = "returned", _("sent back")
        TAKEN_BACK = "taken_back", _("conclusion taken back")
        APPROVED = "approved", _("approved")
        WITHDRAWN = "withdrawn", _("withdrawn")

    verification = models.ForeignKey(Verification, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="verification_event_known",
                condition=Q(kind__in=["assigned", "concluded", "returned", "taken_back", "approved", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="verification_return_has_reason",
                condition=~Q(kind__in=["returned", "withdrawn"], reason=""),
            ),
        ]


class VerifiedDatum(models.Model):
    """What the verifier found a datum to be; append-only, the latest of a verification and datum counts."""

    verification = models.ForeignKey(Verification, models.PROTECT, related_name="data")
    datum = models.ForeignKey(ReportedDatum, models.PROTECT, related_name="verified")
    value = models.DecimalField(max_digits=15, decimal_places=4)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class VerifiedResult(models.Model):
    """What a line verifiably emitted and made in a year: immutable. A change is a new version that supersedes this one.

    `emissions` are whole tonnes, rounded half-up once; `details` are the verified components as decimal strings by item
    (reporting.accounting.items): for cement among them carbide_slag, carbide_slag_deduction and clinker_ef. A factor that is the mean of
    several stands there a second time, in full as numerator/denominator, its name followed by items.EXACT: it decides a threshold.
    """

    verification = models.ForeignKey(Verification, models.PROTECT, related_name="results")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="verified_results")
    line = models.ForeignKey(Line, models.PROTECT, related_name="verified_results")
    sector = models.CharField(max_length=12, choices=sectors.choices)
    year = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    emissions = models.BigIntegerField()
    main_emissions = models.DecimalField(max_digits=15, decimal_places=2)
    output = models.DecimalField(max_digits=15, decimal_places=2)
    kind = models.CharField(max_length=16, choices=LineKind.choices, blank=True)
    details = models.JSONField(default=dict)
    approved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    WHOSE = Paths(view=Act.VIEW_VERIFIED_RESULT, unit="unit", authority="unit__authority", body="verification__body")

    class Meta:
        ordering = ["year", "sector", "unit__credit_code", "line__code", "version"]
        indexes = [models.Index(fields=["sector", "year", "line", "version"])]
        constraints = [
            models.UniqueConstraint(fields=["line", "year", "version"], name="verified_result_version_once"),
            models.CheckConstraint(name="verified_result_kind_known", condition=Q(kind__in=LineKind.values)),
            models.CheckConstraint(
                name="verified_result_not_negative",
                condition=Q(emissions__gte=0, main_emissions__gte=0, output__gte=0),
            ),
            models.CheckConstraint(
                name="verified_result_chain",
                condition=Q(version=1, supersedes__isnull=True) | Q(version__gt=1, supersedes__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} · {self.year} · v{self.version}"

    @property
    def carbide_slag_rate(self) -> Fraction | None:
        """The rate of replacement that a plan asks for, exact; None where the line has no such data."""
        found = accounting_of(self.sector).replaced(self._detail, Fraction(self.output))
        return found[0] / found[1] if found and found[1] else None

    def _detail(self, item: str) -> Fraction | None:
        text = self.details.get(item + items.EXACT) or self.details.get(item)
        return None if text is None else Fraction(text)
