"""The lists of units, and of the lines of one."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from registry.models import Line, Unit
from registry.values import figures
from registry.values.bilingual import name_of
from registry.values.sectors import Sector, of
from registry.web.columns import CODE, NUMBER, Column, DayColumn, LineColumn, PageColumn


class UnitTable(tables.Table):
    name = PageColumn("registry:unit", verbose_name=_("Unit"), order_by=("pinyin", "name"))
    credit_code = Column(verbose_name=_("Credit code"), attrs=CODE)
    authority = Column(verbose_name=_("Authority"), order_by="authority__code")
    sectors = Column(verbose_name=_("Sectors"), empty_values=(), orderable=False)
    lines = Column(accessor="line_count", verbose_name=_("Lines"), attrs=NUMBER)

    class Meta:
        model = Unit
        fields = ("name", "credit_code", "authority", "sectors", "lines")
        order_by = ("name", "pk")
        empty_text = _("No unit matches.")

    def render_sectors(self, record: Unit) -> str:
        return " · ".join(str(Sector(membership.sector).label) for membership in record.memberships.all())


class LineTable(tables.Table):
    code = LineColumn(of="", verbose_name=_("Line"))
    name = Column(verbose_name=_("Name"))
    sector = Column(verbose_name=_("Sector"))
    kind = Column(verbose_name=_("Kind"), accessor="get_kind_display", orderable=False)
    capacity = Column(verbose_name=_("Approved capacity"), attrs=NUMBER)
    commissioned = DayColumn(verbose_name=_("Commissioned"))
    closed = DayColumn(verbose_name=_("Closed"))

    class Meta:
        model = Line
        fields = ("code", "name", "sector", "kind", "capacity", "commissioned", "closed")
        orderable = False
        empty_text = _("This unit has no lines.")

    def render_capacity(self, record: Line) -> str:
        return capacity_of(record)


def capacity_of(line: Line) -> str:
    """The approved capacity in the measure of the line's sector."""
    return f"{figures.quantity(line.capacity, 0)} {name_of(of(line.sector).capacity)}"
