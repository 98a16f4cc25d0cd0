"""The table of a verification: reported and verified side by side, and what still stands against its conclusion."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from registry.models import Line
from registry.values import figures
from registry.values.canonical import digest
from registry.values.exact import half_up
from reporting.accounting import items
from reporting.findings import both
from reporting.models import ReportContent, ReportedDatum, ReportTerm, Verification, VerifiedDatum
from reporting.verification import dependents

__all__ = [
    "Contradiction",
    "Row",
    "contradictions",
    "fault_of",
    "faults",
    "in_full",
    "key_of",
    "reasons_of",
    "recomputed",
    "seal",
    "seal_of",
    "table",
    "without_findings",
]

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
    def standing(self) -> Decimal:
        """What is settled, else what is offered."""
        return self.offered if self.settled is None else self.settled.value

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
    def formula(self) -> str:
        """What it follows from, in words; "" for what depends on no other datum."""
        return dependents.formula(self.datum.report.sector, self.item.code)

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
    data = ReportedDatum.objects.filter(report=verification.report_id).select_related("line", "report").order_by("pk")
    return [
        Row(datum, items.item(verification.sector, datum.item), latest.get(datum.pk), before.get(datum.pk))
        for datum in data
    ]


def _latest(rows: QuerySet[VerifiedDatum]) -> dict[int, VerifiedDatum]:
    """By datum the last of the rows."""
    return {row.datum_id: row for row in rows}


def without_findings(rows: Iterable[Row]) -> list[Row]:
    """The table for whom the verifier's findings are not told yet: what was reported, and what an earlier result says."""
    return [replace(row, settled=None) for row in rows]


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
    return [fault.text for fault in contradictions(verification, rows) if fault.refuses]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """That a datum is not what the others of its line make it; `refuses` as long as it stands."""

    text: str
    refuses: bool


def contradictions(verification: Verification, rows: Sequence[Row]) -> list[Contradiction]:
    """What the settled data say against each other, line by line; of lines that are settled whole. One query."""
    found = []
    for line, known in lines_of(verification, rows, {}).items():
        whole = all(row.settled is not None for row in rows if row.datum.line == line)
        against = dependents.contradictions(verification.sector, known) if whole else []
        found += [Contradiction(f"{line.code if line else ''} {each}".strip(), each.refuses) for each in against]
    return found


def lines_of(
    verification: Verification, rows: Iterable[Row], typed: Mapping[int, Decimal]
) -> dict[Line | None, dependents.Line]:
    """By line the values reported and verified: typed (by datum), else settled, else offered; and the report's terms. Two queries."""
    terms = list(ReportTerm.objects.filter(report=verification.report_id).values_list("line", "source", "emissions"))
    full = in_full(verification)
    by_line: dict[Line | None, list[Row]] = {}
    for row in rows:
        by_line.setdefault(row.datum.line, []).append(row)
    return {
        line: dependents.Line(
            {row.item.code: row.datum.value for row in own},
            {row.item.code: typed.get(row.datum.pk, row.standing) for row in own},
            # A steel works' own terms stand under no line; it is the report's only one.
            [(source, amount) for code, source, amount in terms if code in ("", line.code if line else "")],
            full.get(line.code, {}) if line else {},
        )
        for line, own in by_line.items()
    }


def in_full(verification: Verification) -> dict[str, dict[str, Fraction]]:
    """What the report states with fewer decimals than it has, by line and item. One query; none in a sector without factors."""
    if not any(item.measure == items.FACTOR for item in items.of(verification.sector)):
        return {}
    totals = ReportContent.objects.values_list("totals", flat=True).get(report=verification.report_id)
    stated = totals.get("unrounded", {})
    return {line: {code: Fraction(text) for code, text in of.items()} for line, of in stated.items()}


def reasons_of(verification: Verification, rows: Sequence[Row], typed: Mapping[int, Decimal]) -> dict[int, str]:
    """By datum why `recomputed` gives it its value, for readers of either language."""
    said: list[dict[int, str]] = []
    for language in ("zh-hans", "en"):
        with override(language):
            found = recomputed(verification, rows, typed).items()
            words = _("recomputed: %(formula)s = %(sum)s")
            said.append({datum: words % {"formula": each.formula, "sum": each.sum} for datum, each in found})
    return {datum: both(zh, said[1][datum]) for datum, zh in said[0].items()}


def recomputed(
    verification: Verification, rows: Sequence[Row], typed: Mapping[int, Decimal]
) -> dict[int, dependents.Expected]:
    """By datum what the typed values make of those that depend on them. One query."""
    found: dict[int, dependents.Expected] = {}
    for line, known in lines_of(verification, rows, typed).items():
        data = {row.item.code: row.datum.pk for row in rows if row.datum.line == line}
        found |= {data[code]: each for code, each in dependents.recomputed(verification.sector, known).items()}
    return found
