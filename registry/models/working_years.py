"""Calendars of years as the ministry entered them from the State Council's notice, and what a second person decided. Both append-only."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.people import Person
from registry.models.two_people import Decision, decision_constraints
from registry.permissions import Act, Paths


class WorkingYear(models.Model):
    """A year's holidays and the weekend days worked in exchange, each a list of ISO days, by the notice named. It counts once approved."""

    year = models.PositiveSmallIntegerField(_("Year"))
    off = models.JSONField()
    worked = models.JSONField()
    notice = models.CharField(_("Notice"), max_length=200)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    WHOSE = Paths(view=Act.VIEW_PARAMETERS)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="working_year_has_notice", condition=~Q(notice="")),
            models.CheckConstraint(name="working_year_is_one", condition=Q(year__gte=2024, year__lte=2999)),
        ]

    def __str__(self) -> str:
        return str(self.year)


class WorkingYearDecision(Decision):
    """What a second person decided."""

    entry = models.OneToOneField(WorkingYear, models.PROTECT, related_name="decision")

    class Meta(Decision.Meta):
        constraints = decision_constraints("working_year")


class WorkingYearWithdrawal(models.Model):
    """That whoever entered a calendar took it back before it was decided on. Append-only."""

    entry = models.OneToOneField(WorkingYear, models.PROTECT, related_name="withdrawal")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
