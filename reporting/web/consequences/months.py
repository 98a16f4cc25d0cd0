"""A month that is submitted, confirmed or reopened, and many of them at once."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.access import SignedInRequest
from registry.law import clock
from registry.models import JournalEntry
from registry.refusal import Refusal
from registry.values.bilingual import listed
from registry.values.figures import day, instant, tonnes
from registry.web.acting import form_here
from registry.web.buttons import link
from registry.web.confirming import After, Change, Consequence, Consequential
from registry.web.reasons import ToCorrectForm
from reporting.filing import bulk, submitting, way_of_submitting
from reporting.models import BulkUpload, HandingOver, Package, Receipt, Submission

__all__ = ["BULK", "CONFIRMATION", "REOPENING", "REVIEWED", "SUBMISSION"]

CONFIRMED = gettext_lazy(
    "Your approver confirms it, and so submits it, or sends it back to you. You may take it back before."
)
REVIEWED = gettext_lazy("The province reviews it. You are told when it is accepted or sent back.")


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
BULK = Consequential(_bulk, ["bulk.submission_asked"], then=REVIEWED)
