"""What of reporting is found: monthly packages, annual reports, receipts. By unit and time, never by looking through all of them."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from registry import access
from registry.law.calendar import local_day
from registry.permissions import Act
from registry.web.search import Asked, Found, Hit, found, offer
from reporting.models import AnnualReport, Package, Receipt

__all__ = ["offer_all"]


def offer_all() -> None:
    """Have these looked for, in the order of a year's work."""
    offer(packages, reports, receipts)


def packages(asked: Asked) -> Found | None:
    """The packages of the units that were named, or of one's own unit, in the month or the year that was; or the one of that number."""
    rows = access.scoped(asked.person, Act.VIEW_PACKAGE, Package.objects.select_related("unit"), asked.at)
    if asked.term.key is not None:
        rows = rows.filter(pk=asked.term.key)
    elif (units := _units(asked)) is not None:
        rows = rows.filter(unit__in=units, **_in_period(asked))
    else:
        return None

    list_url = _list_of(asked, "reporting:packages", {"period": asked.term.period} if asked.term.period else {})

    def hit(package: Package) -> Hit:
        url = reverse("reporting:package", args=[package.pk])
        said = f"{package.get_sector_display()} · {package.get_state_display()}"
        is_exact = package.pk == asked.term.key
        return Hit(f"{package.unit.name} · {package.period}", said, url, package.due, is_exact)

    return found(_("Monthly packages"), rows.order_by("-period", "unit__name", "pk"), hit, list_url)


def reports(asked: Asked) -> Found | None:
    """The annual reports of the units that were named, each year's last version; not where a month was."""
    if asked.term.month or (units := _units(asked)) is None:
        return None
    current = AnnualReport.objects.exclude(state=AnnualReport.State.SUPERSEDED).select_related("unit")
    rows = access.scoped(asked.person, Act.VIEW_ANNUAL_REPORT, current).filter(unit__in=units)
    if asked.term.year is not None:
        rows = rows.filter(year=asked.term.year)

    list_url = _list_of(asked, "reporting:annual_reports", {"year": asked.term.year} if asked.term.year else {})

    def hit(report: AnnualReport) -> Hit:
        url = reverse("reporting:annual_report", args=[report.pk])
        said = f"{report.get_sector_display()} · {report.get_state_display()}"
        return Hit(f"{report.unit.name} · {report.year}", said, url, report.due)

    return found(_("Annual reports"), rows.order_by("-year", "unit__name", "pk"), hit, list_url)


def receipts(asked: Asked) -> Found | None:
    """The receipts of a unit's month, or the one whose number in the journal it is."""
    rows = access.scoped(asked.person, Act.VIEW_PACKAGE, Receipt.objects.select_related("package__unit", "event"))
    if asked.term.key is not None:
        rows = rows.filter(entry__sequence=asked.term.key)
    elif asked.term.month and (units := _units(asked)) is not None:
        rows = rows.filter(package__unit__in=units, package__period=asked.term.month)
    else:
        return None

    def hit(receipt: Receipt) -> Hit:
        title = f"{receipt.package.unit.name} · {receipt.package.period}"
        url = reverse("reporting:receipt", args=[receipt.pk])
        return Hit(title, receipt.short, url, local_day(receipt.event.at), asked.term.key is not None)

    return found(_("Receipts"), rows.order_by("-pk"), hit)


def _units(asked: Asked) -> list[int] | None:
    """The units whose things are looked for: those that were named, or with a time alone one's own; None without any, or with too many."""
    if not asked.term.words and asked.term.period and asked.person.unit_id:
        return [asked.person.unit_id]
    return asked.units or None


def _in_period(asked: Asked) -> dict[str, object]:
    if asked.term.month:
        return {"period": asked.term.month}
    return {"year": asked.term.year} if asked.term.year is not None else {}


def _list_of(asked: Asked, page: str, chosen: dict[str, str | int]) -> str:
    """The list narrowed down to the same; a unit's people have none to narrow."""
    if asked.person.unit_id or not asked.units:
        return ""
    return f"{reverse(page)}?{urlencode({**chosen, 'q': ' '.join(asked.term.words)})}"
