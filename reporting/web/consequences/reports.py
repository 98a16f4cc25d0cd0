"""A year's report that is filed, and its verification concluded and approved."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.values.figures import instant, quantity
from registry.web.confirming import Change, Consequence, Consequential, as_posted
from reporting.models import AnnualReport, Verification, VerifiedResult
from reporting.periods import review_asked
from reporting.verification import table as settling

__all__ = ["APPROVAL", "CONCLUSION", "FILING"]

VERIFIED = gettext_lazy("The province assigns it to a technical service body, which verifies it.")
DECIDED = gettext_lazy("The province's approver decides on the conclusion.")


def _filing(_request: SignedInRequest, row: AnnualReport) -> Consequence:
    late = clock.now() > calendar.end_of(row.due)
    before = _filed_before(row)
    return Consequence(
        _("You are about to file the annual report %(year)s: %(unit)s, %(sector)s")
        % {"year": row.year, "unit": row.unit, "sector": row.get_sector_display()},
        _("Approve and file"),
        facts=[
            (_("Version"), str(row.version)),
            (_("Prepared by"), f"{row.prepared_by} · {instant(row.prepared_at)}"),
            (_("Months it rests on"), str(row.sources.count())),
        ],
        changes=[Change(_("Emissions filed (tCO₂e)"), before, row.emissions)],
        touches=[_("The province and the technical service body that verifies the report.")],
        warnings=[_("The deadline has passed: it is marked late.")] if late else [],
        final=_(
            "A filed report can't be changed, and its months can't be reopened, unless the province sends it back."
        ),
        then=str(VERIFIED),
        by=calendar.yearly_deadline("verification", row.year),
        declares=True,
    )


def _filed_before(row: AnnualReport) -> int | None:
    rows = AnnualReport.objects.filter(unit=row.unit_id, sector=row.sector, year=row.year, filed_at__isnull=False)
    return rows.order_by("-version").values_list("emissions", flat=True).first()


def _counts(rows: Sequence[settling.Row]) -> list[tuple[str, object]]:
    settled = [row for row in rows if row.settled is not None]
    corrected = sum(not row.is_same for row in settled)
    return [
        (_("Data settled"), f"{len(settled)} / {len(rows)}"),
        (_("Confirmed as reported"), str(len(settled) - corrected)),
        (_("Corrected"), str(corrected)),
    ]


def _corrections(rows: Sequence[settling.Row]) -> list[Change]:
    """Every datum whose verified value differs from the reported one."""
    return [
        Change(f"{row.datum.line or ''} {row.item.label}".strip(), quantity(row.datum.value), _verified(row))
        for row in rows
        if row.settled is not None and not row.is_same
    ]


def _verified(row: settling.Row) -> str:
    value: Decimal | None = row.settled.value if row.settled else None
    return quantity(value)


def _concluding(request: SignedInRequest, row: Verification) -> Consequence:
    rows = settling.table(row)
    return Consequence(
        _("You are about to conclude the verification %(year)s: %(unit)s, %(sector)s") % _whose(row),
        _("Conclude"),
        facts=_counts(rows),
        changes=_corrections(rows),
        touches=[str(row.unit), _("The province, which approves or sends it back")],
        final=_("It can be taken back only until the province has decided."),
        then=str(DECIDED),
        by=None if row.ground else calendar.yearly_deadline("verification", row.year),
        fields={"seen": as_posted(request, "seen", settling.seal(rows))},
    )


def _approving(request: SignedInRequest, row: Verification) -> Consequence:
    rows = settling.table(row)
    standing = VerifiedResult.objects.filter(verification__report=row.report_id, superseded_by__isnull=True).count()
    replaced = ngettext(
        "%(count)s verified result that stands is replaced.",
        "%(count)s verified results that stand are replaced.",
        standing,
    )
    return Consequence(
        _("You are about to approve the verification %(year)s: %(unit)s, %(sector)s") % _whose(row),
        _("Approve and notify the unit"),
        facts=[(_("Technical service body"), row.body), *_counts(rows)],
        changes=_corrections(rows),
        touches=[_("%(unit)s is told the result at once") % {"unit": row.unit}],
        warnings=[replaced % {"count": standing}] if standing else [],
        final=_(
            "A verified result is never changed; only another verification replaces it. Quota is determined with it."
        ),
        then=_("The unit may ask for a review within the term; then the balance value and the quota are determined."),
        by=review_asked.last_day(clock.now()),
        fields={"seen": as_posted(request, "seen", settling.seal(rows))},
    )


def _whose(row: Verification) -> dict[str, object]:
    return {"year": row.year, "unit": row.unit, "sector": row.get_sector_display()}


FILING = Consequential(_filing, ["report.filed"], [AnnualReport.State.PREPARED], then=VERIFIED)
CONCLUSION = Consequential(
    _concluding,
    ["verification.concluded"],
    [Verification.State.ASSIGNED, Verification.State.RETURNED],
    then=DECIDED,
)
APPROVAL = Consequential(
    _approving,
    ["verification.approved"],
    [Verification.State.CONCLUDED],
    then=gettext_lazy("The unit has been told. Quota is determined once the year's results are complete."),
)
