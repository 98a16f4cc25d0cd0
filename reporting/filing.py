"""What may be put in: only for periods that have begun or are near, and only as much as a unit can need (guidelines/filing.toml)."""

import datetime as dt

from django.db.models import Count, F, Model, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from registry import calendar, figures
from registry.models import Unit
from registry.refusal import Refusal
from reporting.content import first_day
from reporting.guidelines import filing
from reporting.models import ControlPlan, Evidence, Package, ReplyFile, Upload

__all__ = ["refuse_too_early", "refuse_too_much"]

MEGABYTE = 1024 * 1024
# Every file of a unit that is kept, with the way to its package.
KEPT: dict[type[Model], str] = {
    Upload: "package",
    Evidence: "package",
    ReplyFile: "reply__question__package",
}


def refuse_too_early(period: str, day: dt.date) -> None:
    """A period is prepared when it is near: one that lies years ahead is a mistyped year."""
    opens = first_day(period) - dt.timedelta(days=int(filing()["ahead.days"].number(day)))
    if day < opens:
        said = {"period": period, "day": figures.day(opens)}
        raise Refusal(_("%(period)s is too far ahead: files are taken for it from %(day)s on.") % said)


def refuse_too_much(package: Package | ControlPlan, size: int, at: dt.datetime, *, is_workbook: bool = False) -> None:
    """So many bytes more for the unit's year, or one more workbook today. One query."""
    since = at - dt.timedelta(days=1)
    workbooks = Upload.objects.filter(package__unit=OuterRef("pk"), at__gt=since, at__lte=at).order_by()
    counted = workbooks.values("package__unit").annotate(count=Count("pk")).values("count")
    stored = [_stored(model, way, package.year) for model, way in KEPT.items()]
    rows = Unit.objects.filter(pk=package.unit_id).values_list(Coalesce(Subquery(counted), 0), *stored)
    today, *kept = rows.get()
    _refuse_workbooks(today if is_workbook else 0, calendar.local_day(at))
    _refuse_bytes(sum(kept), size, package.year, calendar.local_day(at))


def _stored(model: type[Model], way: str, year: int) -> Coalesce:
    """The bytes of one kind of file of the unit asked about."""
    rows = model._default_manager.filter(**{f"{way}__unit": OuterRef("pk"), f"{way}__year": year}).order_by()
    summed = rows.values(unit=F(f"{way}__unit")).annotate(bytes=Sum("size")).values("bytes")
    return Coalesce(Subquery(summed), 0)


def _refuse_workbooks(count: int, day: dt.date) -> None:
    most = int(filing()["workbooks.day"].number(day))
    if count >= most:
        raise Refusal(
            _("%(count)s workbooks of this unit came in within 24 hours, and no more are taken: try again tomorrow.")
            % {"count": figures.tonnes(most)}
        )


def _refuse_bytes(stored: int, size: int, year: int, day: dt.date) -> None:
    most = int(filing()["stored.megabytes"].number(day))
    if stored + size > most * MEGABYTE:
        said = {"year": year, "limit": figures.tonnes(most), "stored": figures.tonnes(stored // MEGABYTE)}
        raise Refusal(
            _(
                "The files of this unit for %(year)s may come to %(limit)s MB, and %(stored)s MB are stored: send smaller files, "
                "or ask the operator."
            )
            % said
        )
