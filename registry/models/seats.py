"""Proposals by which people get a seat or lose it, each decided by a second person."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.models.people import Authority, Person, VerifierBody, of_authority
from registry.models.two_people import ProposedAndApproved
from registry.models.units import Unit
from registry.permissions import Act, Paths
from registry.permissions.roles import Role


class SeatChange(ProposedAndApproved):
    """That somebody is given a seat, or that a person's seat ends. `person` is whose seat ends, or who came of the proposal."""

    class Kind(models.TextChoices):
        ADD = "add", _("to be added")
        RETIRE = "retire", _("access to end")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("awaiting a second person")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", pgettext_lazy("a change of seat", "refused")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.PROPOSED)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="seat_changes")
    username = models.CharField(_("User name"), max_length=60)
    name = models.CharField(_("Name"), max_length=60)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=24, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    body = models.ForeignKey(VerifierBody, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    WHOSE = Paths(view=Act.VIEW_PERSON, unit="unit", authority=of_authority, body="body", person="person")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="seat_change_role_known", condition=Q(role__in=Role.values)),
            models.UniqueConstraint(
                fields=["username"], condition=Q(kind="add", state="proposed"), name="seat_change_one_of_a_name"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(kind="retire", state="proposed"), name="seat_change_one_end"
            ),
            *ProposedAndApproved.Meta.constraints,
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """For whom the seat is; "" for those of the whole country."""
        return str(self.unit or self.authority or self.body or "")
