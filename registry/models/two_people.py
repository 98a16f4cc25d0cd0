"""What rows of acts that take two people have in common: who proposed, who approved or refused it and why, and never the same.

Where the steps of a model are others, its own constraint says `differ` of its columns.
"""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models.people import Person

__all__ = ["Decision", "ProposedAndApproved", "decision_constraints", "differ"]


def differ(later: str, earlier: str) -> Q:
    """That the person in the column `later` is another one than in `earlier`; holds while the later step isn't taken."""
    return Q(**{f"{later}__isnull": True}) | ~Q(**{later: F(earlier)})


class ProposedAndApproved(models.Model):
    """Proposed by one person; in force once a second one has approved it, or refused with a reason. Each model names its states."""

    state = models.CharField(_("State"), max_length=10)

    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refusal_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_four_eyes", condition=differ("approved_by", "proposed_by")),
            models.CheckConstraint(
                name="%(class)s_approved_complete",
                condition=~Q(state="approved") | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="%(class)s_refused_with_reason", condition=~Q(state="refused") | ~Q(refusal_reason="")
            ),
        ]

    @property
    def is_withdrawn(self) -> bool:
        """Whether whoever proposed it took it back, and no second person refused it."""
        return self.refused_by_id is not None and self.refused_by_id == self.proposed_by_id

    def mark_approved(self, by: Person, at: dt.datetime) -> None:
        self.state, self.approved_by, self.approved_at = "approved", by, at
        self.save(update_fields=["state", "approved_by", "approved_at"])  # type: ignore[misc, unused-ignore]  # each model's own state

    def mark_refused(self, reason: str, by: Person, at: dt.datetime) -> None:
        """Also what whoever proposed it takes back is refused, by that person."""
        self.state, self.refused_by, self.refused_at, self.refusal_reason = "refused", by, at, reason
        self.save(update_fields=["state", "refused_by", "refused_at", "refusal_reason"])  # type: ignore[misc, unused-ignore]  # likewise


class Decision(models.Model):
    """What a second person decided, append-only. `proposed_by` stands here, too: so the database itself keeps the four eyes apart."""

    approved = models.BooleanField()
    reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["pk"]


def decision_constraints(about: str) -> list[models.BaseConstraint]:
    """Those of a Decision about a parameter, a working year …."""
    return [
        models.CheckConstraint(name=f"{about}_four_eyes", condition=~Q(by=F("proposed_by"))),
        models.CheckConstraint(name=f"{about}_refusal_has_reason", condition=Q(approved=True) | ~Q(reason="")),
    ]
