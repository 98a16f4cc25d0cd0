"""Deductions 核减: decisions by which a unit owes quota, and what each run took from them (their balances)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allocation.models.runs import Settlement
from registry.models import Unit
from registry.models.two_people import ProposedAndApproved
from registry.permissions import Act, Paths
from registry.values import sectors


class DecisionState(models.TextChoices):
    """Where a decision to deduct stands, and where one that revokes it does."""

    PROPOSED = "proposed", _("awaiting a second person")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", pgettext_lazy("a decision on a deduction", "refused")


class Deduction(ProposedAndApproved):
    """A decision that `tonnes` be cut from what a unit is given in a sector; `year` is the emission year of the breach.

    Entered by an officer, in force once a second person has approved it. What is left of it is never stored: it is `tonnes` less what
    approved runs took.
    """

    class Ground(models.TextChoices):
        NOT_SURRENDERED = "not_surrendered", _("failure to surrender, not remedied when ordered")
        UNCORRECTED_FALSIFICATION = "uncorrected_falsification", _("falsified data, not remedied when ordered")

    State = DecisionState

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="deductions", verbose_name=_("Unit"))
    sector = models.CharField(_("Sector"), max_length=12, choices=sectors.choices)
    number = models.CharField(_("Document number"), max_length=60)
    decided_on = models.DateField(_("Decision of"))
    year = models.PositiveSmallIntegerField(_("For the year"))
    tonnes = models.BigIntegerField(_("Tonnes"))
    ground = models.CharField(_("Ground of the deduction"), max_length=28, choices=Ground.choices)
    file_sha256 = models.CharField(max_length=64, blank=True)  # the table that it came with, kept under that name
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField(pgettext_lazy("a deduction", "Entered"))

    WHOSE = Paths(view=Act.VIEW_DEDUCTION, unit="unit", authority="unit__authority")

    class Meta:
        ordering = ["decided_on", "number", "pk"]  # the oldest decision is taken from first
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "sector", "number"], condition=~Q(state="refused"), name="deduction_once"
            ),
            models.CheckConstraint(name="deduction_positive", condition=Q(tonnes__gt=0)),
            models.CheckConstraint(
                name="deduction_ground_known", condition=Q(ground__in=["not_surrendered", "uncorrected_falsification"])
            ),
            models.CheckConstraint(
                name="deduction_state_known", condition=Q(state__in=["proposed", "approved", "refused"])
            ),
            *ProposedAndApproved.Meta.constraints,
        ]

    def __str__(self) -> str:
        return self.number


class Revocation(ProposedAndApproved):
    """A document by which a decision in force stops deducting, as if it had not been; what was taken is returned by the next determination.

    Entered by an officer, in force once a second person has approved it. The decision itself stays as it was.
    """

    State = DecisionState

    deduction = models.ForeignKey(Deduction, models.PROTECT, related_name="revocations")
    number = models.CharField(_("Document number"), max_length=60)
    decided_on = models.DateField(_("Decision of"))
    reason = models.CharField(_("Reason"), max_length=300)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField(_("Entered"))

    WHOSE = Paths(view=Act.VIEW_DEDUCTION, unit="deduction__unit", authority="deduction__unit__authority")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["deduction"], condition=~Q(state="refused"), name="revocation_once"),
            models.CheckConstraint(name="revocation_with_reason", condition=~Q(reason="") & ~Q(number="")),
            models.CheckConstraint(
                name="revocation_state_known", condition=Q(state__in=["proposed", "approved", "refused"])
            ),
            *ProposedAndApproved.Meta.constraints,
        ]

    def __str__(self) -> str:
        return self.number


class DeductionMovement(models.Model):
    """What a run takes of a decision's balance, which held `before`, and returns to it. Counts once the run is approved. Append-only."""

    deduction = models.ForeignKey(Deduction, models.PROTECT, related_name="movements")
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="movements")
    before = models.BigIntegerField()
    given_back = models.BigIntegerField()
    taken = models.BigIntegerField()

    WHOSE = Paths(view=Act.VIEW_DEDUCTION, unit="deduction__unit", authority="deduction__unit__authority")

    class Meta:
        ordering = ["settlement__pk", "deduction__decided_on", "deduction__number", "deduction__pk"]
        constraints = [
            models.UniqueConstraint(fields=["settlement", "deduction"], name="deduction_movement_once"),
            models.CheckConstraint(
                name="deduction_movement_within",
                condition=Q(before__gte=0, given_back__gte=0, taken__gte=0, taken__lte=F("before") + F("given_back")),
            ),
        ]

    @property
    def left(self) -> int:
        return self.before + self.given_back - self.taken
