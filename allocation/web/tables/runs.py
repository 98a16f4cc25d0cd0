"""The list of runs, and the lists of one: awards, lines left out, what it means for each unit."""

from typing import Any

import django_tables2 as tables
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from allocation import labels
from allocation.models import Award, LeftOut, Run, Settlement
from registry.values import figures
from registry.web.columns import (
    WRAP,
    ChangeColumn,
    Column,
    DayColumn,
    FigureColumn,
    LineColumn,
    PageColumn,
    PercentColumn,
    StateColumn,
    TonnesColumn,
    UnitColumn,
    YearColumn,
)


def _replaced(run: Any) -> tuple[Promise, str] | None:
    is_replaced = run.state == Run.State.APPROVED and run.replaced
    return (_("approved, replaced since"), "neutral") if is_replaced else None


class RunTable(tables.Table):
    kind = PageColumn("allocation:run", verbose_name=_("Run"))
    year = YearColumn()
    sector = Column()
    authority = Column(order_by="authority__code")
    state = StateColumn(labels.RUN_TONES, instead=_replaced)
    quota = TonnesColumn(summed=True, verbose_name=_("Quota"), accessor="quota_total", orderable=False)
    prepared_by = Column(verbose_name=_("Prepared by"), orderable=False)
    requested_at = DayColumn(verbose_name=_("Requested"))

    class Meta:
        model = Run
        fields = ("kind", "year", "sector", "authority", "state", "quota", "prepared_by", "requested_at")
        order_by = ("-requested_at", "-pk")
        empty_text = _("No run matches.")


class AwardTable(tables.Table):
    """A run's awards; `totals` are the sums of all of them, not of the page."""

    line = LineColumn(verbose_name=_("Line"), order_by="line__code")
    unit = UnitColumn(order_by=("unit__pinyin", "unit__name"), verbose_name=_("Unit"), footer=_("Total"))
    emissions = TonnesColumn(verbose_name=_("Verified emissions"), total="emissions")
    intensity = FigureColumn(
        accessor="exact_intensity", face=figures.intensity, verbose_name=_("Intensity"), orderable=False
    )
    deviation = PercentColumn(
        accessor="exact_deviation", verbose_name=_("Deviation"), exported_as=_("Deviation (%)"), orderable=False
    )
    coefficient = FigureColumn(
        accessor="exact_coefficient", face=figures.coefficient, verbose_name=_("Coefficient"), orderable=False
    )
    quota = TonnesColumn(verbose_name=_("Quota"), total="quota")
    due = TonnesColumn(verbose_name=_("Due"), total="due")
    case = Column(page="allocation:award", verbose_name=_("Why"), attrs=WRAP)

    class Meta:
        model = Award
        fields = ("line", "unit", "emissions", "intensity", "deviation", "coefficient", "quota", "due", "case")
        attrs = {"class": "hold", "label": _("Line allocations")}

    def __init__(self, *args: Any, totals: dict[str, int], **kwargs: Any) -> None:
        self.totals = totals
        super().__init__(*args, **kwargs)

    def render_case(self, value: str) -> str:
        return str(labels.CASES.get(value, value))


class LeftOutTable(tables.Table):
    line = LineColumn(verbose_name=_("Line"))
    unit = UnitColumn(verbose_name=_("Unit"))
    reason = Column(verbose_name=_("Why nothing"), attrs=WRAP)

    class Meta:
        model = LeftOut
        fields = ("line", "unit", "reason")
        orderable = False
        empty_text = _("No line was left out.")


class SettlementTable(tables.Table):
    """What a run means for each unit; `totals` are the sums of all of them."""

    unit = UnitColumn(verbose_name=_("Unit"), order_by=("unit__pinyin", "unit__name"), footer=_("Total"))
    pre_allocated = TonnesColumn(verbose_name=_("Pre-allocated"), total="pre_allocated")
    since_advance = ChangeColumn(
        verbose_name=_("Deducted from pre-allocation"),
        total=lambda sums: sums["issued_before"] - sums["pre_allocated"],
        orderable=False,
    )
    determined = TonnesColumn(verbose_name=_("Determined"), total="determined")
    deduction_returned = TonnesColumn(verbose_name=_("Deduction returned"), total="deduction_returned")
    deducted = TonnesColumn(verbose_name=_("Deducted"), total="deducted")
    issued_before = TonnesColumn(verbose_name=_("Issued before"), total="issued_before")
    issued_now = TonnesColumn(verbose_name=_("Issue now (− return)"), total="issued_now")
    issued_total = TonnesColumn(verbose_name=_("Issued in total"), total="issued_total")
    outstanding = TonnesColumn(verbose_name=_("Still to be deducted"), total="outstanding")
    due = TonnesColumn(verbose_name=_("Due"), total="due")

    class Meta:
        model = Settlement
        fields = (
            "unit",
            "pre_allocated",
            "since_advance",
            "determined",
            "deduction_returned",
            "deducted",
            "issued_before",
            "issued_now",
            "issued_total",
            "outstanding",
            "due",
        )
        attrs = {"class": "hold", "label": _("Units")}

    def __init__(self, *args: Any, run: Run, totals: dict[str, int], **kwargs: Any) -> None:
        """Columns of deductions stand there only where something is deducted, now or in advance."""
        self.totals = totals
        again = run.time > 1
        in_advance = run.kind == Run.Kind.DETERMINATION and (
            again or totals["issued_before"] != totals["pre_allocated"]
        )
        deductions = ("deduction_returned", "deducted", "outstanding")
        without = [] if in_advance or any(totals[name] for name in deductions) else list(deductions)
        super().__init__(*args, exclude=(*without, *([] if in_advance else ["since_advance"])), **kwargs)
        if again:
            self.columns["since_advance"].column.verbose_name = _("Settled since, less deducted from pre-allocation")
