"""The table of a verification: reported and verified side by side, and what still stands against its conclusion."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry import figures
from registry.canonical import digest
from registry.exact import half_up
from registry.models import Line
from reporting import items
from reporting.models import ReportedDatum, Verification, VerifiedDatum

__all__ = ["Row", "fault_of", "faults", "key_of", "seal", "seal_of", "table"]

# A total is rounded once to whole tonnes, its components are not: they may differ by less than this.
ROUNDING_TONNES = 1
MOST = Decimal(10) ** 11


@dataclass(frozen=True, slots=True)
class Row:
    """One datum of the table (forms.md: item, reported, verified, same?, change %, reason)."""

    datum: ReportedDatum
    item: items.Item
    settled: VerifiedDatum | None
    before: VerifiedDatum | None = None  # what the verification that it is verified again after had found

    @property
    def offered(self) -> Decimal:
        """What stands until something else is settled: what the report or, verified again, the last verification says."""
        return self.before.value if self.before else self.datum.value

    @property
    def offered_reason(self) -> str:
        return self.before.reason if self.before else ""

    @property
    def is_same(self) -> bool:
        return self.settled is not None and self.settled.value == self.datum.value

    @property
    def difference(self) -> Decimal | None:
        return None if self.settled is None else self.settled.value - self.datum.value

    @property
    def change(self) -> Fraction | None:
        """The relative change, exact; None where nothing is settled, or where there was nothing to compare with."""
        if self.settled is None or not self.datum.value:
            return None
        return Fraction(self.settled.value - self.datum.value) / Fraction(self.datum.value)

    @property
    def reported_text(self) -> str:
        return figures.quantity(self.datum.value, self.item.places)

    @property
    def before_text(self) -> str:
        return figures.DASH if self.before is None else figures.quantity(self.before.value, self.item.places)

    @property
    def verified_text(self) -> str:
        return figures.DASH if self.settled is None else figures.quantity(self.settled.value, self.item.places)


def table(verification: Verification) -> list[Row]:
    """Every reported datum in the report's order, with what the verifier last found. Two queries, three when verified again."""
    latest = _latest(VerifiedDatum.objects.filter(verification=verification).order_by("pk"))
    earlier = VerifiedDatum.objects.filter(
        datum__report=verification.report_id,
        verification__state="approved",
        verification__version__lt=verification.version,
    )
    before = _latest(earlier.order_by("verification__version", "pk")) if verification.ground else {}
    data = ReportedDatum.objects.filter(report=verification.report_id).select_related("line").order_by("pk")
    return [
        Row(datum, items.item(verification.sector, datum.item), latest.get(datum.pk), before.get(datum.pk))
        for datum in data
    ]


def _latest(rows: QuerySet[VerifiedDatum]) -> dict[int, VerifiedDatum]:
    """By datum the last of the rows."""
    return {row.datum_id: row for row in rows}


def seal(rows: Iterable[Row]) -> str:
    """sha256 of what is settled for every datum of a table: equal only while nothing was settled anew."""
    return seal_of({row.datum.pk: key_of(row) for row in rows})


def seal_of(keys: Mapping[int, str]) -> str:
    """The seal of a table that showed these keys (key_of) as settled, by datum."""
    return digest(sorted([datum, key] for datum, key in keys.items()))


def key_of(row: Row) -> str:
    """What a form carries along for a row: the key of what was settled when it was shown, "0" for nothing."""
    return str(row.settled.pk if row.settled else 0)


def fault_of(verification: Verification, datum: ReportedDatum, value: Decimal, reason: str) -> str:
    """What is wrong with settling a datum so, in the active language; "" if nothing is."""
    if datum.report_id != verification.report_id:
        return _("A datum belongs to another report than the one under verification.")
    wanted = items.item(verification.sector, datum.item)
    place = {"line": datum.line.code if datum.line else "", "item": wanted.label}
    if not value.is_finite() or value < 0 or value >= MOST:
        return _("%(line)s %(item)s: the value must be a number not below zero.") % place
    if half_up(value, wanted.places) != value:
        return _("%(line)s %(item)s: at most %(places)s decimals.") % {**place, "places": wanted.places}
    if value != datum.value and not reason.strip():
        return _("%(line)s %(item)s: a corrected value needs a reason.") % place
    return ""


def faults(verification: Verification) -> list[str]:
    """Everything that stands against concluding, in the active language."""
    rows = table(verification)
    missing = sum(row.settled is None for row in rows)
    if missing:
        return [_("%(count)s data are neither confirmed nor corrected yet.") % {"count": missing}]
    by_line: dict[Line | None, dict[str, Decimal]] = {}
    for row in rows:
        if row.settled is not None:
            by_line.setdefault(row.datum.line, {})[row.datum.item] = row.settled.value
    return [fault for line, values in by_line.items() for fault in _sums(verification.sector, line, values)]


def _sums(sector: str, line: Line | None, values: dict[str, Decimal]) -> list[str]:
    """The totals of a line that its verified components don't add up to."""
    found = []
    for total in items.ITEMS[sector]:
        parts = [part for part in items.ITEMS[sector] if part.whole == total.code and part.code in values]
        if not parts or total.code not in values:
            continue
        components = sum((values[part.code] for part in parts), Decimal(0))
        if abs(components - values[total.code]) >= ROUNDING_TONNES:
            place = {
                "line": line.code if line else "",
                "total": total.label,
                "value": figures.quantity(values[total.code], total.places),
                "sum": figures.quantity(components, total.places),
            }
            found.append(_("%(line)s %(total)s: %(value)s, but its components add up to %(sum)s.") % place)
    return found
