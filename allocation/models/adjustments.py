"""The adjustment notice 配额调整通知书: what a quota that was re-determined means for one unit."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allocation.models.runs import Settlement
from registry.models import Person, Unit
from registry.permissions import Act, Paths


class AdjustmentNotice(models.Model):
    """Quota and tonnes due of a unit in one sector and year, before and after. Append-only; from `sent_at` on the new ones count.

    Its settlement says what is issued or returned now.
    """

    settlement = models.OneToOneField(Settlement, models.PROTECT, related_name="adjustment")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="adjustments")
    year = models.PositiveSmallIntegerField(_("Year"))
    number = models.CharField(_("Number"), max_length=48, unique=True)
    quota_before = models.BigIntegerField(_("Quota before"))
    quota_after = models.BigIntegerField(_("Quota after"))
    due_before = models.BigIntegerField(_("Due before"))
    due_after = models.BigIntegerField(_("Due after"))
    sent_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("Sent"))

    WHOSE = Paths(view=Act.VIEW_NOTICE, unit="unit", authority="unit__authority")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["unit", "year", "sent_at"])]
        constraints = [
            models.CheckConstraint(
                name="adjustment_changes_something",
                condition=~Q(quota_before=F("quota_after")) | ~Q(due_before=F("due_after")),
            ),
            models.CheckConstraint(
                name="adjustment_not_negative",
                condition=Q(quota_before__gte=0, quota_after__gte=0, due_before__gte=0, due_after__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def to_issue(self) -> int:
        """Tonnes that are issued now."""
        return max(0, self.settlement.issued_now)

    @property
    def to_return(self) -> int:
        """Tonnes that the unit has to return."""
        return max(0, -self.settlement.issued_now)

    @property
    def due_change(self) -> int:
        return self.due_after - self.due_before
