"""Objections 异议: a unit contests what an approved run gave it, and its province decides."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allocation.models.runs import Award, Settlement
from registry.law.calendar import end_of
from registry.models import Person, Unit
from registry.models.two_people import differ
from registry.permissions import Act, Paths


def _filed_with(authority: int) -> Q:
    """What a unit has drafted and not filed is its own business."""
    return Q(unit__authority=authority, filed_at__isnull=False)


class Objection(models.Model):
    """Against one award, or against the whole settlement where `award` is empty.

    `due` is the last day for filing and `decide_by` for deciding, as they were worked out when the act before was done; empty where
    there was no term. Where the holidays that count were not announced then it is the latest day that it could be.
    """

    class State(models.TextChoices):
        DRAFTED = "drafted", _("awaiting the unit's approver")
        RETURNED = "returned", _("sent back to the clerk")
        FILED = "filed", pgettext_lazy("an objection", "awaiting the province")
        PROPOSED = "proposed", _("decision proposed")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("to be granted")
        REFUSED = "refused", _("to be refused")

    BEFORE_UNIT = (State.DRAFTED, State.RETURNED)
    OPEN = (*BEFORE_UNIT, State.FILED, State.PROPOSED)
    BEFORE_PROVINCE = (State.FILED, State.PROPOSED)

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="objections")
    award = models.ForeignKey(Award, models.PROTECT, null=True, related_name="objections")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="objections", verbose_name=_("Unit"))
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.DRAFTED)
    grounds = models.TextField(_("What is contested, and why"))
    due = models.DateField(_("File by"), null=True)
    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    filed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    filed_at = models.DateTimeField(pgettext_lazy("an objection", "Filed"), null=True)
    decide_by = models.DateField(_("Decide by"), null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    reasons = models.TextField(_("Reasons"), blank=True)
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    sent_back_for = models.TextField(blank=True)  # why an approver did not sign what was drafted or proposed last
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("Decided"), null=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    WHOSE = Paths(view=Act.VIEW_OBJECTION, unit="unit", authority=_filed_with)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["settlement"],
                condition=Q(state__in=["drafted", "returned", "filed", "proposed"]),
                name="objection_open_once",
            ),
            models.CheckConstraint(
                name="objection_state_known",
                condition=Q(state__in=["drafted", "returned", "filed", "proposed", "granted", "refused", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="objection_returned_for_a_reason", condition=~Q(state="returned") | ~Q(sent_back_for="")
            ),
            models.CheckConstraint(name="objection_with_grounds", condition=~Q(grounds="")),
            models.CheckConstraint(
                name="objection_filed_complete",
                condition=Q(state__in=["drafted", "returned", "withdrawn"])
                | Q(filed_by__isnull=False, filed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="objection_proposed_complete",
                condition=~Q(state__in=["proposed", "granted", "refused"])
                | Q(outcome__in=["granted", "refused"], proposed_by__isnull=False) & ~Q(reasons=""),
            ),
            models.CheckConstraint(
                name="objection_decided_as_proposed",
                condition=~Q(state__in=["granted", "refused"]) | Q(state=F("outcome"), decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="objection_four_eyes",
                condition=differ("filed_by", "drafted_by") & differ("decided_by", "proposed_by"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.pk}"

    @property
    def is_late(self) -> bool:
        """Whether it was filed after the term; it is decided all the same."""
        return self.due is not None and self.filed_at is not None and self.filed_at > end_of(self.due)

    @property
    def is_decided_late(self) -> bool:
        return self.decide_by is not None and self.decided_at is not None and self.decided_at > end_of(self.decide_by)

    def deadline(self) -> dt.date | None:
        """The day that counts next: for filing, then for deciding."""
        return self.due if self.filed_at is None else self.decide_by
