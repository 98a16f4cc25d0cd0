"""The lists of a comparison of two runs."""

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from allocation.runs.proof.comparison import Change
from allocation.runs.proof.issuing import IssueChange
from registry.web.columns import ChangeColumn, Column, TonnesColumn


class ComparisonTable(tables.Table):
    """Lines with both quotas and what each cause contributed; `totals` are the sums of all lines."""

    unit = Column(verbose_name=_("Unit"), footer=_("Total"))
    line = Column(verbose_name=_("Line"))
    before = TonnesColumn(verbose_name=_("Earlier quota"), total="before")
    after = TonnesColumn(verbose_name=_("Later quota"), total="after")
    difference = ChangeColumn(verbose_name=_("Quota changed by"), total="difference")
    scope = ChangeColumn(verbose_name=_("by scope"), total="scope")
    verified_result = ChangeColumn(verbose_name=_("by verified result"), total="verified_result")
    plan = ChangeColumn(verbose_name=_("by plan and year"), total="plan")
    balance_value = ChangeColumn(verbose_name=_("by balance value"), total="balance_value")

    class Meta:
        orderable = False
        attrs = {"class": "hold", "label": _("Line by line")}
        empty_text = _("Neither run contains a line.")

    def __init__(self, *args: Any, totals: dict[str, int], **kwargs: Any) -> None:
        self.totals = totals
        self.names: dict[str, str] = {}
        super().__init__(*args, **kwargs)

    def render_line(self, record: Change) -> str:
        return record.line.split("/", 1)[1]

    def render_unit(self, record: Change) -> str:
        return self.names.get(record.unit, record.unit)


class IssueTable(tables.Table):
    """Units with what both runs issue to them and what each cause contributed; `totals` are the sums of all units."""

    unit = Column(verbose_name=_("Unit"), footer=_("Total"))
    before = ChangeColumn(verbose_name=_("Earlier issue (− return)"), total="before")
    after = ChangeColumn(verbose_name=_("Later issue (− return)"), total="after")
    difference = ChangeColumn(verbose_name=_("Issue changed by"), total="difference")
    quota = ChangeColumn(verbose_name=_("by quota"), total="quota")
    deductions = ChangeColumn(verbose_name=_("by deductions"), total="deductions")
    issued_before = ChangeColumn(verbose_name=_("by what was issued before"), total="issued_before")

    class Meta:
        orderable = False
        attrs = {"class": "hold", "label": _("What is issued, unit by unit")}
        empty_text = _("Neither run contains a unit.")

    def __init__(self, *args: Any, totals: dict[str, int], **kwargs: Any) -> None:
        self.totals = totals
        self.names: dict[str, str] = {}
        super().__init__(*args, **kwargs)

    def render_unit(self, record: IssueChange) -> str:
        return self.names.get(record.unit, record.unit)
