"""Differentiated units 差异化: whose determined quota goes to the province's account, what of it settles their duty, what is released."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allocation.models.duty import SurrenderRequest
from allocation.models.runs import Settlement
from registry.models import Person, Unit
from registry.models.two_people import ProposedAndApproved, differ
from registry.permissions import Act, Paths
from registry.values import sectors


class Differentiation(ProposedAndApproved):
    """That a unit's quota of a sector and year is withheld, on one of the grounds that the plan names (`ground`, the plan's own word)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("awaiting a second person")
        APPROVED = "approved", _("differentiated")
        REFUSED = "refused", _("refused")
        LIFTED = "lifted", _("lifted")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="differentiations", verbose_name=_("Unit"))
    sector = models.CharField(_("Sector"), max_length=12, choices=sectors.choices)
    year = models.PositiveSmallIntegerField(_("Year"))
    plan_id = models.CharField(max_length=40)
    ground = models.CharField(_("Ground for differentiated issuance"), max_length=40)
    facts = models.CharField(_("Circumstances"), max_length=300)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.PROPOSED)
    approved_at = models.DateTimeField(_("Approved"), null=True)
    lift_asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    lift_asked_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=300, blank=True)
    lifted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    WHOSE = Paths(view=Act.VIEW_DIFFERENTIATION, unit="unit", authority="unit__authority")

    class Meta:
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "sector", "year"],
                condition=Q(state__in=["proposed", "approved"]),
                name="differentiation_once",
            ),
            models.CheckConstraint(
                name="differentiation_state_known",
                condition=Q(state__in=["proposed", "approved", "refused", "lifted"]),
            ),
            models.CheckConstraint(name="differentiation_with_facts", condition=~Q(facts="") & ~Q(ground="")),
            models.CheckConstraint(
                name="differentiation_four_eyes",
                condition=differ("approved_by", "proposed_by") & differ("lifted_by", "lift_asked_by"),
            ),
            models.CheckConstraint(
                name="differentiation_complete",
                condition=(~Q(state="approved") | Q(approved_by__isnull=False))
                & (~Q(state="refused") | ~Q(refusal_reason=""))
                & (~Q(state="lifted") | Q(lift_asked_by__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"


class Withholding(models.Model):
    """That what a settlement issues goes to the province for the unit: `tonnes` of it. Append-only."""

    settlement = models.OneToOneField(Settlement, models.PROTECT, related_name="withholding")
    differentiation = models.ForeignKey(Differentiation, models.PROTECT, related_name="withholdings")
    tonnes = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="withholding_not_negative", condition=Q(tonnes__gte=0))]


class WithheldItem(models.Model):
    """How much of a surrender request's item comes from what is withheld for the unit, and not from its own account. Append-only."""

    request = models.ForeignKey(SurrenderRequest, models.PROTECT, related_name="withheld_items")
    vintage = models.PositiveSmallIntegerField(_("Vintage"))
    quantity = models.BigIntegerField(_("Tonnes"))

    class Meta:
        ordering = ["vintage"]
        constraints = [
            models.UniqueConstraint(fields=["request", "vintage"], name="withheld_item_once"),
            models.CheckConstraint(name="withheld_item_positive", condition=Q(quantity__gt=0)),
        ]


class Release(ProposedAndApproved):
    """The province's word that what remains of the withheld quota of a year goes to the unit; the registrar executes it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("awaiting the province's approver")
        APPROVED = "approved", _("awaiting the registrar")
        EXECUTED = "executed", _("released")
        REFUSED = "refused", _("refused")

    OPEN = (State.PROPOSED, State.APPROVED)

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="releases", verbose_name=_("Unit"))
    year = models.PositiveSmallIntegerField(_("Vintage"))
    number = models.CharField(_("Document number"), max_length=60)
    tonnes = models.BigIntegerField(_("Tonnes"))
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.PROPOSED)
    executed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    executed_at = models.DateTimeField(null=True)

    WHOSE = Paths(view=Act.VIEW_DIFFERENTIATION, unit="unit", authority="unit__authority")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"], condition=Q(state__in=["proposed", "approved"]), name="release_open_once"
            ),
            models.CheckConstraint(
                name="release_state_known", condition=Q(state__in=["proposed", "approved", "executed", "refused"])
            ),
            models.CheckConstraint(name="release_positive", condition=Q(tonnes__gt=0) & ~Q(number="")),
            models.CheckConstraint(
                name="release_four_eyes",
                condition=differ("approved_by", "proposed_by") & differ("executed_by", "approved_by"),
            ),
            models.CheckConstraint(
                name="release_complete",
                condition=(~Q(state="approved") | Q(approved_by__isnull=False))
                & (~Q(state="executed") | Q(approved_by__isnull=False, executed_by__isnull=False))
                & (~Q(state="refused") | ~Q(refusal_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number
