"""What the ministry said of outliers among verified results before a balance value was computed from them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import Person
from reporting.models import VerifiedResult


class ConfirmedOutlier(models.Model):
    """An outlier that may stand, with the reason: never changed. It is of that version of the result and no later one."""

    class Kind(models.TextChoices):
        OUTPUT_ONLY = "output_only", _("output without emissions")
        INTENSITY = "intensity", _("intensity far from the sector's median")

    result = models.ForeignKey(VerifiedResult, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = models.CharField(_("Reason"), max_length=300)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["result", "kind"], name="confirmed_outlier_once"),
            models.CheckConstraint(
                name="confirmed_outlier_kind_known", condition=Q(kind__in=["output_only", "intensity"])
            ),
            models.CheckConstraint(name="confirmed_outlier_with_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.result} · {self.get_kind_display()}"
