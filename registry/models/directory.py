"""The yearly directory 名录 of key emission units."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models.people import Person
from registry.models.two_people import differ
from registry.models.units import Unit
from registry.permissions import Act, Paths
from registry.values import sectors


class DirectoryEntry(models.Model):
    """A unit's place in the directory of a year and sector: entered, and perhaps left, each with day, ground and two people."""

    class EntryGround(models.TextChoices):
        """market.md §2."""

        OVER_THRESHOLD = "over_threshold", _("direct emissions of 26,000 t or more")
        EXPECTED = "expected", _("new, expected to reach 26,000 t")
        APPLIED = "applied", _("entered on its own application")
        RESTRUCTURED = "restructured", _("after a merger or split")
        # An electric-arc works, a maker of other clinker than Portland, a sector without quota.
        REPORTS_ONLY = "reports_only", _("reports and is verified only, without quota")

    class ExitGround(models.TextChoices):
        """market.md §2."""

        BELOW_TWO_YEARS = "below_two_years", _("two years in a row below 26,000 t")
        CLOSED = "closed", _("closed and no longer emitting")
        RESTRUCTURED = "restructured", _("after a merger or split")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        LISTED = "listed", _("listed")
        REFUSED = "refused", _("refused")
        EXIT_PROPOSED = "exit_proposed", _("exit proposed")
        LEFT = "left", _("left")

    year = models.PositiveSmallIntegerField()
    sector = models.CharField(max_length=12, choices=sectors.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="directory_entries")
    state = models.CharField(max_length=16, choices=State.choices, default=State.PROPOSED)
    entered_on = models.DateField()
    entry_ground = models.CharField(max_length=20, choices=EntryGround.choices)
    entry_reason = models.CharField(max_length=200)
    # The day on which the entry was approved: nothing is asked of the unit by a day before it had time from then on.
    listed_on = models.DateField(null=True)
    left_on = models.DateField(null=True, blank=True)
    exit_ground = models.CharField(max_length=20, choices=ExitGround.choices, blank=True)
    exit_reason = models.CharField(max_length=200, blank=True)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    refusal_reason = models.CharField(max_length=200, blank=True)

    WHOSE = Paths(view=Act.VIEW_DIRECTORY, unit="unit", authority="unit__authority")

    class Meta:
        ordering = ["year", "sector", "unit__credit_code"]
        constraints = [
            models.UniqueConstraint(fields=["year", "sector", "unit"], name="directory_entry_once"),
            models.CheckConstraint(name="directory_four_eyes", condition=differ("decided_by", "proposed_by")),
            models.CheckConstraint(
                name="directory_left_after_entering", condition=Q(left_on__isnull=True) | Q(left_on__gt=F("entered_on"))
            ),
            models.CheckConstraint(
                name="directory_exit_complete",
                condition=Q(left_on__isnull=True, exit_ground="", exit_reason="")
                | (Q(left_on__isnull=False) & ~Q(exit_ground="") & ~Q(exit_reason="")),
            ),
        ]

    @property
    def is_about_leaving(self) -> bool:
        """Whether who proposed and decided last did so about the exit; who had the unit entered stands in the journal then."""
        return self.state in (self.State.EXIT_PROPOSED, self.State.LEFT) or (
            self.state == self.State.LISTED and bool(self.refusal_reason)
        )

    @property
    def is_withdrawn(self) -> bool:
        """Whether an entry proposed was taken back by who proposed it, and not refused by a second person."""
        return self.state == self.State.REFUSED and self.decided_by_id is None
