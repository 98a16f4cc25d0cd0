"""What reporting's acts are about to do, and have done: the pages before and after them (registry.web.confirming)."""

from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.models import JournalEntry
from registry.refusal import Refusal
from registry.values.bilingual import listed
from registry.values.figures import day, instant, quantity, tonnes
from registry.web.acting import form_here
from registry.web.buttons import link
from registry.web.confirming import After, Change, Consequence, Consequential, as_posted
from registry.web.reasons import ToCorrectForm
from reporting.filing import bulk, submitting, way_of_submitting
from reporting.models import (
    AnnualReport,
    BulkUpload,
    ControlPlan,
    HandingOver,
    Package,
    Receipt,
    Submission,
    Verification,
    VerifiedResult,
)
from reporting.periods import review_asked
from reporting.submissions import control_plans
from reporting.verification import table as settling

__all__ = [
    "APPROVAL",
    "BULK",
    "CONCLUSION",
    "CONFIRMATION",
    "FILING",
    "PLAN",
    "READ_BEFORE",
    "REOPENING",
    "SUBMISSION",
]

CONFIRMED = gettext_lazy(
    "Your approver confirms it, and so submits it, or sends it back to you. You may take it back before."
)
READ_BEFORE = gettext_lazy(
    "The change is valid from %(day)s, and months since then were read against the version before: %(periods)s. They stay as they are."
)
REVIEWED = gettext_lazy("The province reviews it. You are told when it is accepted or sent back.")
VERIFIED = gettext_lazy("The province assigns it to a technical service body, which verifies it.")
DECIDED = gettext_lazy("The province's approver decides on the conclusion.")


def _late(package: Package) -> list[str]:
    return [_("The deadline has passed: it is marked late.")] if package.is_late(clock.now()) else []


def _submitted_before(package: Package) -> int | None:
    """The emissions of the version that was submitted last, in whole tonnes; None where none was."""
    return package.emissions if package.submitted_at else None


def _submitting(_request: SignedInRequest, row: Submission) -> Consequence:
    submitting.refuse_with_approver(row.package)
    if way_of_submitting.is_confirmed(row.package.unit_id):
        return _handing_over(row)
    return Consequence(
        _("You are about to submit %(period)s: %(unit)s, %(sector)s") % _of_month(row.package),
        _("Submit this version"),
        facts=_version(row),
        changes=_emissions(row),
        touches=[_("The province's officers see the version, its reasons and its files from now on.")],
        warnings=_late(row.package),
        final=_(
            "A submitted version can't be changed; a new one can be uploaded only once the province sends it back."
        ),
        then=str(REVIEWED),
        declares=True,
    )


def _handing_over(row: Submission) -> Consequence:
    return Consequence(
        _("You are about to hand %(period)s to your approver: %(unit)s, %(sector)s") % _of_month(row.package),
        _("Hand over to the approver"),
        facts=_version(row),
        changes=_emissions(row),
        touches=[_("The enterprise's approver; the province sees nothing of it until they have confirmed it.")],
        warnings=_late(row.package),
        final=_("It is submitted only when your approver confirms it: the deadline counts until then."),
        then=str(CONFIRMED),
        declares=True,
    )


def _confirming(_request: SignedInRequest, row: HandingOver) -> Consequence:
    if row.state != HandingOver.State.OPEN:
        raise Refusal(_("This handing over has ended: look at the month again."))
    return Consequence(
        _("You are about to confirm and submit %(period)s: %(unit)s, %(sector)s") % _of_month(row.package),
        _("Confirm and submit"),
        facts=[*_version(row.submission), (_("Handed over by"), f"{row.by} · {instant(row.at)}")],
        changes=_emissions(row.submission),
        touches=[_("The province's officers see the version, its reasons and its files from now on.")],
        warnings=_late(row.package),
        final=_(
            "A submitted version can't be changed; a new one can be uploaded only once the province sends it back."
        ),
        then=str(REVIEWED),
        declares=True,
    )


def _of_month(package: Package) -> dict[str, object]:
    return {"unit": package.unit, "period": package.period, "sector": package.get_sector_display()}


def _version(row: Submission) -> list[tuple[str, object]]:
    files = row.package.evidence.filter(withdrawal__isnull=True).count()
    return [
        (_("Unit"), row.package.unit),
        (_("Version"), f"{row.version} · {row.upload.name}"),
        (_("Findings"), _("%(warnings)s warnings, each with its reason") % {"warnings": row.warnings}),
        (_("Supporting files"), str(files)),
    ]


def _emissions(row: Submission) -> list[Change]:
    return [Change(_("Emissions submitted (tCO₂e)"), _submitted_before(row.package), row.emissions)]


def _submitted(_request: SignedInRequest, entry: JournalEntry, row: Package) -> After:
    if entry.act == "package.handed_over":
        return After(
            _("%(period)s handed to your approver") % {"period": row.period},
            facts=[(_("Sector"), row.get_sector_display()), (_("Deadline"), day(row.due))],
            then=str(CONFIRMED),
            links=[link(_("To the unit's year"), "reporting:unit_year", row.unit_id, row.year)],
        )
    receipt = Receipt.objects.filter(event__package=row, event__kind="submitted", event__at=entry.at).first()
    return After(
        _("%(period)s submitted") % {"period": row.period},
        facts=[
            (_("Sector"), row.get_sector_display()),
            (_("Emissions submitted (tCO₂e)"), tonnes(row.emissions)),
            (_("Deadline"), f"{row.due} · {_('late') if row.late else _('in time')}"),
        ],
        then=str(REVIEWED),
        links=[
            link(_("Receipt"), "reporting:receipt", receipt.pk, tone="outline-primary") if receipt else None,
            link(_("To the unit's year"), "reporting:unit_year", row.unit_id, row.year),
        ],
    )


def _reopening(request: SignedInRequest, row: Submission) -> Consequence:
    package = row.package
    form = form_here(ToCorrectForm, request)
    typed = form.cleaned_data["reason"] if form.is_valid() else ""
    return Consequence(
        _("You are about to reopen %(period)s of %(unit)s, which was accepted")
        % {"period": package.period, "unit": package.unit},
        _("Reopen it"),
        facts=[(_("Sector"), package.get_sector_display()), (_("Version"), str(row.version))],
        typed=[(_("What is wrong and what to correct"), typed)] if typed else [],
        changes=[Change(_("Emissions accepted (tCO₂e)"), package.emissions, None)],
        touches=[_("%(unit)s has to upload and submit the month again") % {"unit": package.unit}],
        final=_("What was accepted counts no more; an annual report that rests on it has to be prepared again."),
        form=None if typed else form,
        tone="danger",
    )


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


def _planning(_request: SignedInRequest, row: ControlPlan) -> Consequence:
    before = control_plans.read_before(row, row.valid_from)
    said = {"day": day(row.valid_from), "periods": listed(before)}
    return Consequence(
        _("You are about to submit the control plan %(year)s: %(unit)s, %(sector)s")
        % {"year": row.year, "unit": row.unit, "sector": row.get_sector_display()},
        _("Submit the plan"),
        facts=[(_("Unit"), row.unit), (_("Sector"), row.get_sector_display())],
        touches=[_("The province, which accepts it or sends it back")],
        warnings=[READ_BEFORE % said] if before else [],
        final=_("A submitted plan can't be changed; once accepted, months are checked against it."),
        then=str(REVIEWED),
        declares=True,
    )


def _bulk(request: SignedInRequest, row: BulkUpload) -> Consequence:
    clean = bulk.to_submit(row, request.user)
    title = ngettext(
        "You are about to submit %(count)s month without findings",
        "You are about to submit %(count)s months without findings",
        len(clean),
    )
    return Consequence(
        title % {"count": len(clean)},
        _("Submit them"),
        facts=[(_("Archive"), row.name)],
        touches=[f"{package.unit} · {package.get_sector_display()} · {package.period}" for package in clean],
        warnings=_with_approvers(clean),
        final=_(
            "A submitted version can't be changed; a new one can be uploaded only once the province sends it back."
        ),
        then=str(REVIEWED),
        declares=True,
    )


def _with_approvers(packages: Sequence[Package]) -> list[str]:
    """Which of the months are handed to an approver instead of being submitted at once."""
    confirmed = way_of_submitting.confirmed_of({package.unit_id for package in packages})
    units = sorted({str(package.unit) for package in packages if package.unit_id in confirmed})
    said = _("The months of %(units)s are handed to the unit's approver, whose confirmation submits them.")
    return [said % {"units": listed(units)}] if units else []


def _package_page(row: Package) -> str:
    return reverse("reporting:package", args=[row.pk])


def _package_of(row: Submission | HandingOver) -> Package:
    return row.package


SUBMISSION = Consequential(
    _submitting,
    ["package.submitted", "package.handed_over"],
    [Package.State.READ],
    _submitted,
    page=_package_page,
    subject=_package_of,
)
CONFIRMATION = Consequential(
    _confirming, ["package.submitted"], [Package.State.READ], _submitted, page=_package_page, subject=_package_of
)
REOPENING = Consequential(
    _reopening,
    ["package.returned"],
    [Package.State.ACCEPTED],
    page=_package_page,
    subject=_package_of,
    then=gettext_lazy("The unit sees the reason, corrects the month and submits it again."),
)
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
PLAN = Consequential(_planning, ["control_plan.submitted"], then=REVIEWED)
BULK = Consequential(_bulk, ["bulk.submission_asked"], then=REVIEWED)
