"""Whether a unit's months go out by its clerk alone or after its approver's confirmation, and what was handed over to be confirmed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import Person, Unit
from registry.models.two_people import differ
from registry.permissions import Act, Paths
from reporting.models.packages import Package
from reporting.models.submissions import Submission


class WayOfSubmitting(models.Model):
    """That a unit's approver chose how its months are submitted, append-only; the latest holds. Without one the clerk submits alone."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="ways_of_submitting")
    confirmed = models.BooleanField()  # by the approver, before a month is submitted
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    WHOSE = Paths(view=Act.VIEW_WAY_OF_SUBMITTING, unit="unit")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(_("after the approver's confirmation") if self.confirmed else _("by the clerk alone"))


class HandingOver(models.Model):
    """That a clerk handed a checked version to their unit's approver, and how it ended; what was handed over never changes.

    `declared` is the wording under which the clerk handed it over.
    """

    class State(models.TextChoices):
        OPEN = "open", _("with the enterprise's approver")
        CONFIRMED = "confirmed", _("confirmed and submitted")
        RETURNED = "returned", _("sent back to the clerk")
        TAKEN_BACK = "taken_back", _("taken back by the clerk")

    package = models.ForeignKey(Package, models.PROTECT, related_name="handings")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="handings")
    declared = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    WHOSE = Paths(view=Act.VIEW_DRAFT, unit="package__unit")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["package"], condition=Q(state="open"), name="handing_one_at_a_time"),
            models.CheckConstraint(
                name="handing_state_known", condition=Q(state__in=["open", "confirmed", "returned", "taken_back"])
            ),
            models.CheckConstraint(
                name="handing_four_eyes", condition=Q(state="taken_back") | differ("ended_by", "by")
            ),
            models.CheckConstraint(
                name="handing_ended_complete",
                condition=Q(state="open", ended_by__isnull=True, ended_at__isnull=True)
                | (~Q(state="open") & Q(ended_by__isnull=False, ended_at__isnull=False)),
            ),
            models.CheckConstraint(name="handing_return_has_reason", condition=~Q(state="returned", reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.package} · {self.submission.version}"
