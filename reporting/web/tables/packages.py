"""The list of monthly packages."""

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.values import figures
from registry.web.columns import CODE, NUMBER, TIGHT, Column, DayColumn, LateColumn, StateColumn, UnitColumn
from reporting.models import Package
from reporting.queries import TONES


class PackageTable(tables.Table):
    unit = UnitColumn(verbose_name=_("Unit"), order_by=("unit__pinyin", "unit__name"))
    credit_code = Column(accessor="unit__credit_code", verbose_name=_("Credit code"), attrs=CODE)
    sector = Column(verbose_name=_("Sector"))
    period = Column(page="reporting:package", verbose_name=_("Period"), attrs=TIGHT)
    state = StateColumn(TONES, verbose_name=_("State"))
    emissions = Column(
        accessor="submission__emissions", verbose_name=_("Emissions (tCO₂e)"), attrs=NUMBER, orderable=False
    )
    warnings = Column(accessor="submission__warnings", verbose_name=_("Warnings"), attrs=NUMBER, orderable=False)
    due = DayColumn(verbose_name=_("Deadline"))
    submitted_at = LateColumn(verbose_name=pgettext_lazy("when", "Submitted"))

    class Meta:
        model = Package
        fields = ("unit", "credit_code", "sector", "period", "state", "emissions", "warnings", "due", "submitted_at")
        order_by = ("-period", "unit", "pk")
        empty_text = _("No package matches.")

    def __init__(self, *args: Any, drafts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drafts = drafts

    def render_emissions(self, record: Package, value: int) -> str:
        return figures.DASH if self._hides(record) else figures.tonnes(value)

    def render_warnings(self, record: Package, value: int) -> str:
        return figures.DASH if self._hides(record) else figures.tonnes(value)

    def value_emissions(self, record: Package, value: int) -> int | None:
        return None if self._hides(record) else value

    def value_warnings(self, record: Package, value: int) -> int | None:
        return None if self._hides(record) else value

    def _hides(self, record: Package) -> bool:
        """A version that is read and not submitted is shown to nobody but its unit."""
        return record.state == Package.State.READ and not self.drafts
