"""Mandates: a unit lets another one, such as its group's head office, file its monthly packages."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.models.people import Person
from registry.models.units import Unit
from registry.permissions import Act, Paths


def _either_side(unit: int) -> Q:
    return Q(unit=unit) | Q(holder_unit=unit)


class FilingMandate(models.Model):
    """That `holder_unit`'s clerks may upload the packages of `unit`, and submit them where `may_submit`, from `since` to `until`.

    Both days count; it opens nothing before the holder has accepted it, nor after either side has ended it.
    """

    class State(models.TextChoices):
        OFFERED = "offered", _("waiting for the other unit")
        ACCEPTED = "accepted", pgettext_lazy("a mandate", "accepted")
        ENDED = "ended", pgettext_lazy("a mandate", "ended")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="mandates_given")
    holder_unit = models.ForeignKey(Unit, models.PROTECT, related_name="mandates_held")
    may_submit = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OFFERED)
    offered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    WHOSE = Paths(view=Act.VIEW_MANDATE, unit=_either_side)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="mandate_two_units", condition=~Q(unit=F("holder_unit"))),
            models.CheckConstraint(name="mandate_state_known", condition=Q(state__in=["offered", "accepted", "ended"])),
            models.CheckConstraint(name="mandate_days_in_order", condition=Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="mandate_accepted_complete",
                condition=~Q(state="accepted") | Q(accepted_by__isnull=False, accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="mandate_ended_complete",
                condition=~Q(state="ended") | Q(ended_by__isnull=False, ended_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["unit", "holder_unit"], condition=~Q(state="ended"), name="mandate_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} → {self.holder_unit}"
