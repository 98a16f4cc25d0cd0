"""Balance values 行业平衡值: computed by one person of the ministry, published by another (allocation.md §3)."""

import json
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allocation import kept_shapes
from registry.models import Job, Person
from registry.models.two_people import differ
from registry.permissions import Act, Paths
from registry.values import sectors


class BalanceValue(models.Model):
    """One computation of a sector's balance value of a year, and whether it is the published one.

    `exact` is the root as "numerator/denominator", `value` the root rounded by the plan, the only one that determines quota.
    `manifest` names every verified result that went in; `report` is what the method found, both canonical JSON.
    """

    class State(models.TextChoices):
        COMPUTING = "computing", _("being computed")
        COMPUTED = "computed", _("computed")
        PUBLISHED = "published", _("published")
        FAILED = "failed", _("failed")
        SUPERSEDED = "superseded", _("superseded")  # by a later computation
        WITHDRAWN = "withdrawn", _("withdrawn")

    sector = models.CharField(_("Sector"), max_length=12, choices=sectors.choices)
    year = models.PositiveSmallIntegerField(_("Year"))
    plan_id = models.CharField(_("Plan"), max_length=40)
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.COMPUTING)
    value = models.DecimalField(_("Balance value"), max_digits=12, decimal_places=4, null=True)
    exact = models.TextField(blank=True)
    low = models.TextField(blank=True)  # both ends, as fractions, where a whole interval solves the equation
    high = models.TextField(blank=True)
    report = models.TextField(default="{}")
    manifest = models.TextField(default="{}")
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    fault = models.TextField(blank=True)  # why it failed, is superseded or was withdrawn
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    computed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    WHOSE = Paths(view=Act.VIEW_BALANCE_VALUE)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sector", "year"], condition=Q(state="published"), name="balance_value_published_once"
            ),
            models.UniqueConstraint(
                fields=["sector", "year"], condition=Q(state="computing"), name="balance_value_computing_once"
            ),
            models.CheckConstraint(
                name="balance_value_state_known",
                condition=Q(state__in=["computing", "computed", "published", "failed", "superseded", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="balance_value_four_eyes",
                condition=differ("published_by", "computed_by"),
            ),
            models.CheckConstraint(
                name="balance_value_published_complete",
                condition=~Q(state="published")
                | Q(value__gt=0, published_by__isnull=False, published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sector_display()} {self.year}"

    @property
    def found(self) -> kept_shapes.BalanceReport:
        """The report as data."""
        found: kept_shapes.BalanceReport = json.loads(self.report)
        return found

    @property
    def decimal(self) -> Decimal:
        """The rounded value; raises where it hasn't been computed."""
        if self.value is None:
            raise ValueError(f"{self}: not computed")
        return self.value
