"""Hypothetical recomputations of a published balance value: kept, marked as such, and never a balance value themselves."""

import json

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allocation import kept_shapes
from allocation.models.balance import BalanceValue
from registry.models import Job, Person
from registry.permissions import Act, Paths


class Recomputation(models.Model):
    """What a published value would be with the verified results of a later instant. It decides nothing.

    It is a row of a table of its own: no run can name it, and it knows no state of publication. The database refuses any other state, and
    every change of a row that is computed.
    """

    class State(models.TextChoices):
        COMPUTING = "computing", _("being computed")
        COMPUTED = "computed", _("computed, hypothetical")
        FAILED = "failed", _("failed")

    published = models.ForeignKey(BalanceValue, models.PROTECT, related_name="recomputations")
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.COMPUTING)
    value = models.DecimalField(_("Hypothetical value"), max_digits=12, decimal_places=4, null=True)
    exact = models.TextField(blank=True)
    report = models.TextField(default="{}")
    comparison = models.TextField(default="{}")
    manifest = models.TextField(default="{}")
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    fault = models.TextField(blank=True)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    WHOSE = Paths(view=Act.STUDY_BALANCE_VALUE)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="recomputation_never_published", condition=Q(state__in=["computing", "computed", "failed"])
            ),
            models.CheckConstraint(
                name="recomputation_computed_complete",
                condition=~Q(state="computed") | (Q(value__gt=0) & ~Q(manifest_sha256="")),
            ),
            models.UniqueConstraint(
                fields=["published"], condition=Q(state="computing"), name="recomputation_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.published} · {self.asked_at:%Y-%m-%d}"

    @property
    def compared(self) -> kept_shapes.Comparison:
        """The comparison as data."""
        found: kept_shapes.Comparison = json.loads(self.comparison)
        return found

    @property
    def found(self) -> kept_shapes.BalanceReport:
        """The report as data."""
        found: kept_shapes.BalanceReport = json.loads(self.report)
        return found
