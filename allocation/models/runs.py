"""Runs: one authority's quota of one sector and year, frozen with everything it was made from, and approved by a second person."""

import json
from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allocation import kept_shapes
from allocation.models.balance import BalanceValue
from allocation.models.letters import Letter
from registry.models import Authority, Job, Line, Person, Unit
from registry.models.two_people import differ
from registry.permissions import Act, Paths
from registry.values import sectors


class Run(models.Model):
    """`manifest` (canonical JSON) is all that the result depends on; `result_sha256` covers awards, settlements, who was left out.

    A determination can be made again (核定配额变更): `time` counts the runs of a scope that were or may be approved. The latest one
    that is approved is in force; each later one says on what `ground` it was made, and why.
    """

    class Kind(models.TextChoices):
        PRE_ALLOCATION = "pre_allocation", _("Pre-allocation")
        DETERMINATION = "determination", _("Determination")

    class State(models.TextChoices):
        PREPARING = "preparing", _("being prepared")
        PREPARED = "prepared", _("awaiting approval")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    class Ground(models.TextChoices):
        LATE_RESULT = "late_result", _("late results")
        CHANGED_RESULT = "changed_result", _("verified results that changed")
        OBJECTION = "objection", _("an objection was granted")
        SCOPE = "scope", _("the directory or the lines changed")
        REVOCATION = "revocation", _("a deduction was revoked")

    OPEN = (State.PREPARING, State.PREPARED)

    kind = models.CharField(_("Kind"), max_length=16, choices=Kind.choices)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="runs", verbose_name=_("Authority"))
    sector = models.CharField(_("Sector"), max_length=12, choices=sectors.choices)
    year = models.PositiveSmallIntegerField(_("Year"))
    time = models.PositiveSmallIntegerField(default=1)
    ground = models.CharField(_("Ground"), max_length=16, choices=Ground.choices, blank=True)
    reason = models.CharField(_("Reason"), max_length=500, blank=True)
    plan_id = models.CharField(_("Plan"), max_length=40)
    balance_value = models.ForeignKey(BalanceValue, models.PROTECT, null=True, related_name="runs")
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.PREPARING)
    manifest = models.TextField(blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    result_sha256 = models.CharField(max_length=64, blank=True)
    faults = models.JSONField(default=list)  # texts: why it failed, one per line at fault
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    prepared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("Requested"))
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refusal_reason = models.CharField(max_length=500, blank=True)
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="runs")

    WHOSE = Paths(view=Act.VIEW_RUN, authority="authority")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "sector", "year", "kind"],
                condition=Q(state__in=["preparing", "prepared"]),
                name="run_open_once",
            ),
            models.UniqueConstraint(
                fields=["authority", "sector", "year", "kind", "time"],
                condition=Q(state="approved"),
                name="run_approved_once",
            ),
            models.CheckConstraint(name="run_time_counts_from_one", condition=Q(time__gte=1)),
            models.CheckConstraint(
                name="run_again_with_ground",
                condition=Q(time=1, ground="")
                | Q(
                    time__gt=1,
                    kind="determination",
                    ground__in=["late_result", "changed_result", "objection", "scope", "revocation"],
                )
                & ~Q(reason=""),
            ),
            models.CheckConstraint(name="run_kind_known", condition=Q(kind__in=["pre_allocation", "determination"])),
            models.CheckConstraint(
                name="run_state_known",
                condition=Q(state__in=["preparing", "prepared", "approved", "refused", "failed", "cancelled"]),
            ),
            models.CheckConstraint(name="run_four_eyes", condition=differ("approved_by", "prepared_by")),
            models.CheckConstraint(
                name="run_approved_bound",
                condition=~Q(state="approved")
                | (
                    Q(approved_by__isnull=False, approved_at__isnull=False)
                    & ~Q(manifest_sha256="")
                    & ~Q(result_sha256="")
                ),
            ),
            models.CheckConstraint(
                name="run_refused_with_reason",
                condition=~Q(state="refused") | (Q(refused_by__isnull=False) & ~Q(refusal_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year} · {self.get_sector_display()} · {self.authority}"

    @property
    def inputs(self) -> kept_shapes.Manifest:
        """The manifest as data."""
        found: kept_shapes.Manifest = json.loads(self.manifest)
        return found


class Award(models.Model):
    """The quota and the tonnes due of one line in one run. Append-only.

    `intensity`, `deviation` and `coefficient` are exact: "numerator/denominator", empty where the case has none.
    `result` is the verified result it was computed from.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="awards")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="awards")
    line = models.ForeignKey(Line, models.PROTECT, related_name="awards")
    result = models.ForeignKey("reporting.VerifiedResult", models.PROTECT, related_name="awards")
    emissions = models.BigIntegerField(_("Verified emissions"))
    quota = models.BigIntegerField(_("Quota"))
    due = models.BigIntegerField(_("Due"))
    intensity = models.TextField(blank=True)
    deviation = models.TextField(blank=True)
    coefficient = models.TextField()
    case = models.CharField(_("Case"), max_length=40)
    article = models.CharField(max_length=200)
    explanation = models.TextField()  # canonical JSON

    WHOSE = Paths(view=Act.VIEW_AWARD, unit="unit", authority="run__authority")

    class Meta:
        ordering = ["run", "unit__credit_code", "line__code"]
        # Lists in the order of units look a run's awards up unit by unit; by run alone each look would read all of them.
        indexes = [models.Index(fields=["run", "unit"])]
        constraints = [
            models.UniqueConstraint(fields=["run", "line"], name="award_once"),
            models.CheckConstraint(name="award_not_negative", condition=Q(quota__gte=0, due__gte=0)),
        ]

    @property
    def explained(self) -> kept_shapes.Explanation:
        """The explanation as data."""
        found: kept_shapes.Explanation = json.loads(self.explanation)
        return found

    @property
    def exact_coefficient(self) -> Fraction:
        return Fraction(self.coefficient)

    @property
    def exact_intensity(self) -> Fraction | None:
        return Fraction(self.intensity) if self.intensity else None

    @property
    def exact_deviation(self) -> Fraction | None:
        return Fraction(self.deviation) if self.deviation else None


class LeftOut(models.Model):
    """A line that the run considered and gave nothing, and why. Append-only."""

    class Reason(models.TextChoices):
        NO_VERIFIED_RESULT = "no_verified_result", _("no verified result for the year yet")
        NO_VERIFIED_LAST_YEAR = (
            "no_verified_last_year",
            _("no verified result for the previous year, so no pre-allocation"),
        )
        NOT_LISTED = "not_listed", _("verified, but its unit is not in the year's directory")

    run = models.ForeignKey(Run, models.PROTECT, related_name="left_out")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    line = models.ForeignKey(Line, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=24, choices=Reason.choices)

    class Meta:
        ordering = ["unit__credit_code", "line__code"]
        constraints = [
            models.UniqueConstraint(fields=["run", "line"], name="left_out_once"),
            models.CheckConstraint(
                name="left_out_reason_known",
                condition=Q(reason__in=["no_verified_result", "no_verified_last_year", "not_listed"]),
            ),
        ]


class Settlement(models.Model):
    """What a run means for one unit in its sector: the columns of tables 1-5 and 2-5 (forms.md). Append-only.

    `issued_now` may be negative: then the unit returns that much (多退少补).
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="settlements")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="settlements")
    pre_allocated = models.BigIntegerField(default=0)
    determined = models.BigIntegerField(default=0)
    top_up = models.BigIntegerField(default=0)  # 2-5 ①
    deduction_returned = models.BigIntegerField(default=0)  # 2-5 ②
    deducted = models.BigIntegerField(default=0)  # 1-5 ②, 2-5 ③
    issued_before = models.BigIntegerField(default=0)  # 2-5 ④
    issued_now = models.BigIntegerField(default=0)  # 1-5 ③, 2-5 ⑤
    issued_total = models.BigIntegerField(default=0)  # 2-5 ⑥
    outstanding = models.BigIntegerField(default=0)  # 1-5 ④, 2-5 ⑦
    due = models.BigIntegerField(default=0)

    WHOSE = Paths(view=Act.VIEW_AWARD, unit="unit", authority="run__authority")

    class Meta:
        ordering = ["run", "unit__credit_code"]
        constraints = [
            models.UniqueConstraint(fields=["run", "unit"], name="settlement_once"),
            models.CheckConstraint(
                name="settlement_total", condition=Q(issued_total=F("issued_before") + F("issued_now"))
            ),
        ]

    @property
    def since_advance(self) -> int:
        """What lies between allocated in advance and issued before: less what was deducted in advance, and, of a determination that is made
        again, plus what earlier ones settled."""
        return self.issued_before - self.pre_allocated
