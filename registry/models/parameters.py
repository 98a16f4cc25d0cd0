"""Changes of editable parameters of the law: what was proposed, and what a second person decided. Both append-only."""

from django.db import models
from django.db.models import Q

from registry.models.people import Person
from registry.models.two_people import Decision, decision_constraints
from registry.permissions import Act, Paths


class ParameterChange(models.Model):
    """A value proposed for a parameter of a law file from a day on. It counts once its decision approves it.

    `book` is the name under which the file is offered (registry.parameters), `value` as registry.parameters.values writes it.
    """

    book = models.CharField(max_length=40)
    parameter = models.CharField(max_length=80)
    value = models.CharField(max_length=60)
    since = models.DateField()
    reason = models.TextField()
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    WHOSE = Paths(view=Act.VIEW_PARAMETERS)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["book", "parameter", "since"])]
        constraints = [
            models.CheckConstraint(name="parameter_change_has_value", condition=~Q(value="")),
            models.CheckConstraint(name="parameter_change_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.parameter} = {self.value}"


class ParameterDecision(Decision):
    """What a second person decided on a change."""

    change = models.OneToOneField(ParameterChange, models.PROTECT, related_name="decision")

    class Meta(Decision.Meta):
        constraints = decision_constraints("parameter")


class ParameterWithdrawal(models.Model):
    """That whoever proposed a change took it back before it was decided on. Append-only."""

    change = models.OneToOneField(ParameterChange, models.PROTECT, related_name="withdrawal")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
