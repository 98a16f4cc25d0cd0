"""The month of a line's peers: how the intensities of all lines of one sector and kind lay."""

from django.db import models
from django.db.models import Q

from registry.models import LineKind
from registry.sectors import Sector


class PeerMonth(models.Model):
    """Statistics of what was submitted, worked out anew as more comes in; what rested on them is kept with each finding.

    Intensities in tonnes per tonne with six decimals; `mad` is the median distance from the median.
    """

    sector = models.CharField(max_length=12, choices=Sector.choices)
    kind = models.CharField(max_length=16, choices=LineKind.choices, blank=True)
    period = models.CharField(max_length=7)
    count = models.PositiveIntegerField()
    median = models.DecimalField(max_digits=15, decimal_places=6)
    mad = models.DecimalField(max_digits=15, decimal_places=6)
    lower = models.DecimalField(max_digits=15, decimal_places=6)  # quartiles
    upper = models.DecimalField(max_digits=15, decimal_places=6)
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["-period", "sector", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["sector", "kind", "period"], name="peer_month_once"),
            models.CheckConstraint(name="peer_month_sector_known", condition=Q(sector__in=Sector.values)),
            models.CheckConstraint(name="peer_month_not_empty", condition=Q(count__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.sector} {self.kind} {self.period}"
