"""Giving a report to a technical service body: its form, and the page before it."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.refusal import Refusal
from registry.values.figures import instant, tonnes
from registry.web import kept_input
from registry.web.confirming import Consequence, Consequential
from reporting import verification
from reporting.models import AnnualReport, Verification
from reporting.models.verification import OPEN
from reporting.web.forms.assigning import AssignAgainForm, AssignForm

__all__ = ["ASSIGNMENT", "form_of"]


def form_of(request: SignedInRequest, report: AnnualReport) -> AssignForm:
    """What was posted, else what was typed and refused; with ground and reason where a result stands."""
    kind = AssignAgainForm if verification.standing(report) else AssignForm
    url = reverse("reporting:verification_assign", args=[report.pk])
    return kind(request.POST or None, initial=kept_input.given(request, clock.now(), url))


def _assigning(request: SignedInRequest, report: AnnualReport) -> Consequence:
    if given := _open(report):
        raise Refusal(_("The report is already under verification by %(body)s.") % {"body": given.body})
    form = form_of(request, report)
    typed: list[tuple[str, object]] = []
    if form.is_valid():
        typed = [(str(form.fields[name].label), _said(form, name)) for name in form.cleaned_data]
    again = isinstance(form, AssignAgainForm)
    said = {"year": report.year, "unit": report.unit, "sector": report.get_sector_display()}
    title = (
        _("You are about to have the annual report %(year)s re-verified: %(unit)s, %(sector)s")
        if again
        else _("You are about to assign the annual report %(year)s to a verifier: %(unit)s, %(sector)s")
    )
    return Consequence(
        title % said,
        _("Assign"),
        facts=[
            (_("Unit"), report.unit),
            (_("Version"), str(report.version)),
            (_("Emissions filed (tCO₂e)"), tonnes(report.emissions)),
            (_("Filed"), instant(report.filed_at)),
        ],
        typed=typed,
        touches=[_("The body sees the report, the months it rests on and their evidence at once.")],
        final=_("It can be taken back or given to another body until the body has settled a datum."),
        by=None if again else calendar.yearly_deadline("verification", report.year),
        form=None if typed else form,
    )


def _said(form: AssignForm, name: str) -> str:
    value = form.cleaned_data[name]
    return str(dict(Verification.Ground.choices).get(value, value)) if name == "ground" else str(value)


def _open(report: AnnualReport) -> Verification | None:
    """The verification that is going on."""
    return report.verifications.filter(state__in=OPEN).select_related("body").order_by("-pk").first()


def _latest(report: AnnualReport) -> AnnualReport | Verification:
    """What the journal's entry is about: the verification, once there is one."""
    return report.verifications.order_by("-pk").first() or report


def _page(row: AnnualReport | Verification) -> str:
    name = "reporting:verification" if isinstance(row, Verification) else "reporting:annual_report"
    return reverse(name, args=[row.pk])


ASSIGNMENT = Consequential(
    _assigning,
    ["verification.assigned"],
    page=_page,
    subject=_latest,
    then=gettext_lazy("The body verifies the report; the province approves its conclusion."),
)
