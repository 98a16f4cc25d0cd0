"""Data quality control plans: one for a unit, year and sector, with its draft; the versions submitted, and what was decided on them."""

import datetime as dt
import json

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.law import calendar
from registry.models import Person, Unit
from registry.permissions import Act, Paths
from registry.values import sectors
from reporting.control_plan import Plan
from reporting.models.verified_by import verified_by


class ControlPlan(models.Model):
    """The row holds the present state and the draft; versions and decisions are the history, append-only.

    While a change is drafted, submitted or sent back, the version accepted last stays in force.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        PREPARED = "prepared", _("ready for the unit's approver")
        SUBMITTED = "submitted", _("at the province")
        ACCEPTED = "accepted", _("accepted")
        RETURNED = "returned", _("sent back")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="control_plans")
    sector = models.CharField(max_length=12, choices=sectors.choices)
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    draft = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)  # of the draft: who saves over another's typing is told
    valid_from = models.DateField()  # of the draft
    reason = models.CharField(max_length=400, blank=True)  # of the change; the first version needs none
    prepared_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField(null=True)

    WHOSE = Paths(view=Act.VIEW_CONTROL_PLAN, unit="unit", authority="unit__authority", body=verified_by())

    class Meta:
        ordering = ["-year", "unit__credit_code", "sector"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "sector", "year"], name="control_plan_once"),
            models.CheckConstraint(
                name="control_plan_state_known",
                condition=Q(state__in=["draft", "prepared", "submitted", "accepted", "returned"]),
            ),
            models.CheckConstraint(name="control_plan_valid_in_its_year", condition=Q(valid_from__year=F("year"))),
            models.CheckConstraint(
                name="control_plan_prepared_by_somebody",
                condition=~Q(state="prepared") | Q(prepared_by__isnull=False, prepared_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_sector_display()} · {self.year}"

    @property
    def plan(self) -> Plan:
        """The draft."""
        return Plan.from_json(self.draft)

    @property
    def takes_edits(self) -> bool:
        """Whether the draft may be changed: not while the province has it, nor once it is accepted (then a change begins anew)."""
        return self.state in (self.State.DRAFT, self.State.PREPARED, self.State.RETURNED)

    @property
    def due(self) -> dt.date | None:
        """The last day for the year's plan, later for a unit that was listed late; None where none is set. One query."""
        due = calendar.yearly_deadline("control_plan", self.year)
        entry = self.unit.directory_entries.filter(sector=self.sector, year=self.year).first()
        return due if due is None or entry is None else calendar.due_once_listed(due, entry.listed_on)


class ControlPlanVersion(models.Model):
    """A plan as the unit submitted it. Append-only."""

    plan = models.ForeignKey(ControlPlan, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.TextField()  # canonical JSON of reporting.control_plan.Plan
    sha256 = models.CharField(max_length=64)
    valid_from = models.DateField()
    reason = models.CharField(max_length=400, blank=True)
    late = models.BooleanField()
    prepared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    submitted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    WHOSE = Paths(
        view=Act.VIEW_CONTROL_PLAN,
        unit="plan__unit",
        authority="plan__unit__authority",
        body=verified_by("plan__"),
    )

    class Meta:
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="control_plan_version_once"),
            models.CheckConstraint(name="control_plan_four_eyes", condition=~Q(submitted_by=F("prepared_by"))),
            models.CheckConstraint(name="control_plan_change_has_reason", condition=Q(number=1) | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.number}"

    @property
    def stated(self) -> Plan:
        """What it says."""
        return Plan.from_json(json.loads(self.content))


class ControlPlanDecision(models.Model):
    """What the province decided on a version. Append-only. `remarks`: by parameter (Place.key) what is to be corrected."""

    version = models.OneToOneField(ControlPlanVersion, models.PROTECT, related_name="decision")
    accepted = models.BooleanField()
    reason = models.CharField(max_length=400, blank=True)
    remarks = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="control_plan_returned_with_reason", condition=Q(accepted=True) | ~Q(reason="")
            ),
        ]
