"""The month of a line's peers: how the intensities of all lines of one sector and kind lay."""

from django.db import models

from registry.models import LineKind
from registry.values import sectors


class PeerMonth(models.Model):
    """Statistics of what was submitted by then; append-only, of every kind of line the latest counts.

    So what was checked by them can be checked again in the same way. A `count` of 0 says that none is left. Intensities in tonnes per
    tonne with six decimals; `mad` is the median distance from the median.
    """

    sector = models.CharField(max_length=12, choices=sectors.choices)
    kind = models.CharField(max_length=16, choices=LineKind.choices, blank=True)
    period = models.CharField(max_length=7)
    count = models.PositiveIntegerField()
    median = models.DecimalField(max_digits=15, decimal_places=6)
    mad = models.DecimalField(max_digits=15, decimal_places=6)
    lower = models.DecimalField(max_digits=15, decimal_places=6)  # quartiles
    upper = models.DecimalField(max_digits=15, decimal_places=6)
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["-period", "sector", "kind", "-computed_at"]
        constraints = [
            models.UniqueConstraint(fields=["sector", "kind", "period", "computed_at"], name="peer_month_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sector} {self.kind} {self.period}"
