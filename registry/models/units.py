"""Key emission units, the sectors they belong to, and the lines that quota is computed for."""

import datetime as dt

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.database.spelled import Initials, Pinyin
from registry.models.people import Authority
from registry.permissions import Act, Paths
from registry.values import sectors
from registry.values.credit_code import validate_credit_code
from registry.values.pinyin import LONGEST


def _verified_by(body: int, unit: str = "pk") -> Q:
    """The condition on units: those that a technical service body verifies, without what was withdrawn from it."""
    # By name: verifications are reporting's, whose models are loaded after these.
    given = apps.get_model("reporting", "Verification")._default_manager.filter(body=body)
    return Q(**{f"{unit}__in": given.exclude(state="withdrawn").values("unit")})


def _line_verified_by(body: int) -> Q:
    """The same on the lines of those units."""
    return _verified_by(body, "unit")


class Unit(models.Model):
    """A key emission unit 重点排放单位: a legal person under one authority."""

    credit_code = models.CharField(_("Credit code"), max_length=18, unique=True, validators=[validate_credit_code])
    name = models.CharField(_("Name"), max_length=120)
    pinyin = Pinyin(max_length=120 * LONGEST)
    initials = Initials(max_length=120)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="units", verbose_name=_("Authority"))
    city = models.CharField(_("City"), max_length=40, blank=True)

    WHOSE = Paths(view=Act.VIEW_UNIT, unit="pk", authority="authority", body=_verified_by)

    class Meta:
        ordering = ["credit_code"]
        verbose_name = _("key emission unit")
        constraints = [
            models.CheckConstraint(name="unit_credit_code_shape", condition=Q(credit_code__regex=r"^[0-9A-Z]{18}$")),
        ]

    def __str__(self) -> str:
        return self.name


class SectorMembership(models.Model):
    """That a unit has activities of a sector; a unit may be in two or more (market.md §2)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    sector = models.CharField(max_length=12, choices=sectors.choices)

    WHOSE = Paths(view=Act.VIEW_UNIT, unit="unit", authority="unit__authority")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "sector"], name="membership_once"),
        ]


class LineKind(models.TextChoices):
    """What sets a line apart in allocation (allocation.md §1–2); most lines are of no special kind."""

    ORDINARY = "", _("ordinary")
    WHITE = "white", _("white clinker only")
    CARBIDE_SLAG = "carbide_slag", _("carbide slag")
    GYPSUM_ACID = "gypsum_acid", _("gypsum to sulphuric acid")
    OXYGEN_FURNACE = "oxygen_furnace", _("oxygen furnace with hydrogen-rich carbon cycling")


class Line(models.Model):
    """A steel works, clinker line or electrolysis process of a unit.

    `capacity` is approved capacity: ironmaking 10⁴ t/a for a steel works, clinker t/d, aluminium t/a.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="lines")
    sector = models.CharField(max_length=12, choices=sectors.choices)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=LineKind.choices, blank=True, default=LineKind.ORDINARY)
    variety = models.CharField(max_length=40, blank=True)  # clinker variety, e.g. 硅酸盐水泥熟料
    capacity = models.DecimalField(max_digits=12, decimal_places=2)
    commissioned = models.DateField()
    closed = models.DateField(null=True, blank=True)

    WHOSE = Paths(view=Act.VIEW_UNIT, unit="unit", authority="unit__authority", body=_line_verified_by)

    class Meta:
        ordering = ["unit", "sector", "code"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "sector", "code"], name="line_code_once"),
            models.CheckConstraint(name="line_kind_known", condition=Q(kind__in=LineKind.values)),
            models.CheckConstraint(name="line_capacity_positive", condition=Q(capacity__gt=0)),
            models.CheckConstraint(
                name="line_closed_after_commissioned",
                condition=Q(closed__isnull=True) | Q(closed__gt=F("commissioned")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def runs_in(self, first: dt.date, last: dt.date) -> bool:
        """Whether the line exists at any time from `first` to `last`."""
        return self.commissioned <= last and (self.closed is None or self.closed >= first)
