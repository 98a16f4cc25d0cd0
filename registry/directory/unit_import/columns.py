"""The table's columns: what each is called, means and may hold."""

from collections.abc import Mapping

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.files.tables import Column
from registry.models import LineKind
from registry.values import sectors


class Change(models.TextChoices):
    """What a row may say that it changes of a known unit; a closing is said by its day."""

    RENAME = "rename", _("rename")
    MOVE = "move", _("move to another authority")
    JOIN = "join", _("join a further sector")
    CORRECT = "correct", _("correct city, line name or variety")


BY_CODE: Mapping[str, Column] = {
    column.code: column
    for column in (
        Column("authority", _("Authority"), ("主管部门", "省级主管部门", "主管部门代码", "省份")),
        Column("credit_code", _("Credit code"), ("统一社会信用代码", "信用代码")),
        Column("name", _("Unit's name"), ("重点排放单位名称", "单位名称", "企业名称")),
        Column("city", _("City"), ("城市", "地市", "所在城市")),
        Column("sector", _("Sector"), ("行业", "所属行业")),
        Column("line", _("Line's code"), ("生产线编号", "工序编号", "生产线/工序编号")),
        Column("line_name", _("Line's name"), ("生产线名称", "工序名称", "生产线/工序名称")),
        Column("kind", _("Line's kind"), ("生产线类别", "类别", "特殊类别")),
        Column("variety", _("Clinker variety"), ("熟料品种", "品种")),
        Column("capacity", _("Approved capacity"), ("批复产能", "设计产能", "批复的设计能力")),
        Column("commissioned", _("Commissioned"), ("投产日期",)),
        Column("closed", _("Closed"), ("关停日期",)),
        Column("change", _("Change of particulars"), ("变更事项", "变更"), may_lack=True),
    )
}
COLUMNS = tuple(code for code, column in BY_CODE.items() if not column.may_lack)

MEANINGS: Mapping[str, Promise] = {
    "authority": _("The provincial department, by its code or name."),
    "credit_code": _("The unified social credit code, 18 characters."),
    "name": _("The unit's full name, as registered; for a known unit as stored."),
    "city": _("The city where it is located; optional."),
    "sector": _("The sector of the line, by code or name."),
    "line": _("The line's code within the unit and sector, such as C1."),
    "line_name": _("Name of the line; if left empty, the code is used."),
    "kind": _("Empty for an ordinary line; else the special kind, by code or name."),
    "variety": _("For cement: the clinker's variety; may be left empty."),
    "capacity": _(
        "A number above zero with at most two decimals, in the measure in which the sector's capacity is approved."
    ),
    "commissioned": _("The day, such as 2015-03-01, 2015/3/1."),
    "closed": _(
        "Day of closure; leave empty while the line operates. A day entered for a line recorded as operating closes it."
    ),
    "change": _("Only where a recorded unit changes: which change the row states; separate several with commas."),
}

KIND_WORDS = {"普通": "", "普通熟料": "", "一般": "", "无": "", "白水泥": "white", "白水泥熟料": "white"}


def kinds_of(sector: str) -> list[tuple[str, str | Promise]]:
    """The kinds that a line of the sector may be of (allocation.md §1–2), with their names."""
    return [(kind, LineKind(kind).label) for kind in sectors.of(sector).kinds]
