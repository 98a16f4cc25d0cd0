"""Verifications: list, the table of data, conclusion, approval, the notice of the result."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Exists
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from registry import access
from registry.access import SignedInRequest
from registry.law import calendar, clock, papers
from registry.permissions import Act
from registry.values import figures
from registry.web import kept_input
from registry.web.acting import act_on, done
from registry.web.buttons import Button, link, press, to_correct
from registry.web.listing import list_page, listed
from registry.web.reasons import ToCorrectForm
from reporting import queries, verification
from reporting.accounting import items
from reporting.models import AnnualReport, Verification, VerifiedResult
from reporting.models.verification import OPEN
from reporting.periods import review_asked
from reporting.verification import confidential
from reporting.verification import current as verified_results
from reporting.verification import table as settling
from reporting.web.consequences import reports as consequences
from reporting.web.filters import VerificationFilter
from reporting.web.forms.assigning import ReassignForm
from reporting.web.forms.settling import SettlingForm, corrections
from reporting.web.tables.verifications import VerificationTable

State = Verification.State
_ROWS = Verification.objects.select_related(
    "unit__authority", "body", "report", "assigned_by", "concluded_by", "approved_by"
)


@list_page(Act.VIEW_VERIFICATION)
def verifications(request: SignedInRequest) -> HttpResponseBase:
    """The verifications within the person's reach."""
    rows = access.scoped(request.user, Act.VIEW_VERIFICATION, queries.verifications())
    chosen = VerificationFilter(request.GET, queryset=rows, request=request)
    # How far a verifier has come is part of what is told once it is approved.
    told = access.may(request.user, Act.VIEW_FINDINGS_BEFORE_TOLD)
    return listed(
        request,
        VerificationTable(chosen.qs, exclude=() if told else ("settled",)),
        chosen,
        title=_("Verification"),
        lead=_(
            "Every datum of a filed report is confirmed or corrected; what is approved becomes the verified result."
        ),
    )


@access.page(Act.VIEW_VERIFICATION)
def one(request: SignedInRequest, pk: int) -> HttpResponse:
    """One verification with its table."""
    found = access.get(request.user, Act.VIEW_VERIFICATION, _ROWS, pk=pk)
    return _show(request, found)


def _show(
    request: SignedInRequest,
    found: Verification,
    *,
    form: SettlingForm | None = None,
    reason_form: ToCorrectForm | None = None,
    reassign_form: ReassignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The verification's page; a form that was sent with faults comes back with what was typed."""
    own = Verification.objects.filter(pk=found.pk)
    rows = settling.table(found)
    hidden = confidential.hides_findings(request.user, found)
    if hidden:
        rows = settling.without_findings(rows)
    verifies = access.scoped(request.user, Act.VERIFY, own).exists()
    working = found.at_work and verifies
    # Sent again as it was: the form marks the rows that somebody else settled in the meantime.
    kept = _typed(request, found, "settle", "confirm_all") if form is None else {}
    context = {
        "verification": found,
        "rows": rows,
        "form": (form or SettlingForm(rows, kept or None)) if working else None,
        "seal": settling.seal(rows),
        "settled": sum(row.settled is not None for row in rows),
        "corrected": sum(row.settled is not None and not row.is_same for row in rows),
        "hidden": hidden,
        "reassign_form": _reassign_form(request, found, reassign_form, any(row.settled for row in rows)),
        "results": found.results.select_related("line", "supersedes"),
        # The calendar's day is that of the first result.
        "deadline": None
        if found.ground or found.state == State.WITHDRAWN
        else calendar.yearly_deadline("verification", found.year),
        "opens_report": found.state != State.WITHDRAWN or request.user.body_id is None,
        **_history(found, hidden=hidden),
        **_decision(request, found, [] if hidden else rows, reason_form),
    }
    context["buttons"] = _offered(request, found, context, verifies=verifies)
    if kept and not working:
        context["typed_left"] = [*corrections(rows, kept), *kept_input.left(request, clock.now())]
    return render(request, "reporting/verification.html", context, status=status)


def _offered(
    request: SignedInRequest, found: Verification, context: dict[str, Any], *, verifies: bool
) -> list[Button | None]:
    again = found.state == State.APPROVED and _may_assign_again(request, found)
    report = f"{reverse('reporting:annual_report', args=[found.report_id])}#assign"
    takes_back = found.state == State.CONCLUDED and verifies
    back = _("Take the conclusion back"), "reporting:verification_take_back"
    approve = _("Approve and notify the unit"), "reporting:verification_approve"
    told = link(_("Notice of the result"), "reporting:verification_notice", found.pk, tone="outline-primary")
    return [
        told if found.told_at else None,
        Button(_("Have it re-verified"), report, "outline-secondary") if again else None,
        press(*back, found.pk, tone="outline-secondary") if takes_back else None,
        press(*approve, found.pk, seen=context["seal"]) if context["may_approve"] else None,
    ]


def _history(found: Verification, *, hidden: bool) -> dict[str, Any]:
    """What happened to it, as far as it is told, and the return that it waits after."""
    events = list(found.events.select_related("by").order_by("-pk"))
    returned = next((event for event in events if event.kind == "returned"), None)
    return {
        "returned": returned if found.state == "returned" and not hidden else None,
        "events": [event for event in events if not hidden or event.kind in SEEN_BY_ALL],
    }


def _decision(
    request: SignedInRequest, found: Verification, rows: list[settling.Row], form: ToCorrectForm | None
) -> dict[str, Any]:
    """What stands against concluding or approving it, and whether it is for the person to decide."""
    own = Verification.objects.filter(pk=found.pk)
    deciding = (
        found.state == State.CONCLUDED
        and request.user.pk not in (found.assigned_by_id, found.concluded_by_id)
        and access.scoped(request.user, Act.APPROVE_VERIFICATION, own).exists()
    )
    against = settling.contradictions(found, rows) if rows and found.is_open else []
    back = "reporting:verification_send_back"
    return {
        "deciding": deciding,
        "may_approve": deciding and not any(each.refuses for each in against),
        "asked": [to_correct(request, _("Send back to the verifier"), back, found.pk, form=form)] if deciding else [],
        "contradictions": against,
    }


SEEN_BY_ALL = ("assigned", "concluded", "approved", "withdrawn")
"""What of a verification's history is no finding of the verifier's, and no note to it."""


def _reassign_form(
    request: SignedInRequest, found: Verification, form: ReassignForm | None, begun: bool
) -> ReassignForm | None:
    """For the province's officer, as long as the body has not begun."""
    own = Verification.objects.filter(pk=found.pk)
    if found.state != State.ASSIGNED or begun or not access.scoped(request.user, Act.ASSIGN_VERIFICATION, own).exists():
        return None
    return form or ReassignForm(found, initial=_typed(request, found, "reassign"))


def _may_assign_again(request: SignedInRequest, found: Verification) -> bool:
    """Whether the report's page offers another verification: it is in force and nobody is verifying it."""
    busy = Verification.objects.filter(report=found.report_id, state__in=OPEN)
    free = AnnualReport.objects.filter(~Exists(busy), pk=found.report_id, state=AnnualReport.State.FILED)
    return access.scoped(request.user, Act.ASSIGN_VERIFICATION, free).exists()


def _typed(request: SignedInRequest, found: Verification, *acts: str) -> dict[str, str]:
    """What was typed into the page's forms and refused."""
    urls = [reverse(f"reporting:verification_{act}", args=[found.pk]) for act in acts]
    return kept_input.given(request, clock.now(), *urls)


@act_on(Act.VERIFY, _ROWS, to="reporting:verification")
def settle(request: SignedInRequest, found: Verification) -> str | HttpResponse:
    """Save the table; every fault is shown at its place and nothing typed is lost."""
    verification.refuse_unless_at_work(found)
    form = SettlingForm(settling.table(found), request.POST)
    if "recompute" in request.POST:
        return _recomputed(request, found, form)
    if not form.is_valid():
        return _faulty(request, found, form)
    settled = verification.settle_all(found, form.decisions(), by=request.user, at=clock.now())
    if settled:
        messages.success(request, _("Saved: %(count)s data.") % {"count": len(settled)})
    if "conclude" not in request.POST:
        return ""
    verification.refuse_unseen(found, form.seal_with(settled))
    return done(request, "", "reporting:verification_conclude", pk=found.pk)


def _recomputed(request: SignedInRequest, found: Verification, form: SettlingForm) -> HttpResponse:
    """The table as it was typed, with what depends on the typed values filled in; nothing is saved."""
    form.is_valid()
    rows = settling.table(found)
    new = settling.recomputed(found, rows, form.values())
    if not new:
        messages.info(request, _("All values are consistent with those they depend on: nothing to recompute."))
        return _show(request, found, form=form)
    messages.info(request, _("Recomputed: %(count)s data. Check them, then save.") % {"count": len(new)})
    return _show(
        request,
        found,
        form=SettlingForm(rows, form.with_recomputed(new, settling.reasons_of(found, rows, form.values()))),
    )


@act_on(Act.VERIFY, _ROWS, to="reporting:verification")
def confirm_all(request: SignedInRequest, found: Verification) -> str | HttpResponse:
    """Save the table and confirm what is not settled yet."""
    verification.refuse_unless_at_work(found)
    form = SettlingForm(settling.table(found), request.POST)
    if not form.is_valid():
        return _faulty(request, found, form)
    settled = verification.confirm_all(found, form.decisions(), by=request.user, at=clock.now())
    return _("Saved: %(count)s data.") % {"count": len(settled)}


def _faulty(request: SignedInRequest, found: Verification, form: SettlingForm) -> HttpResponse:
    messages.error(request, _("Nothing was saved: correct the marked rows."))
    return _show(request, found, form=form, status=422)


@act_on(Act.VERIFY, _ROWS, to="reporting:verification", asks=consequences.CONCLUSION)
def conclude(request: SignedInRequest, found: Verification) -> str:
    """Conclude the verification."""
    verification.conclude(found, by=request.user, at=clock.now(), seen=request.POST.get("seen", ""))
    return _("Concluded. The province's approver decides now.")


@act_on(Act.APPROVE_VERIFICATION, _ROWS, to="reporting:verification", asks=consequences.APPROVAL)
def approve(request: SignedInRequest, found: Verification) -> str:
    """Approve the conclusion and tell the unit."""
    verification.approve(found, by=request.user, at=clock.now(), seen=request.POST.get("seen", ""))
    return _("Approved. The results take effect and the unit is informed.")


@act_on(Act.APPROVE_VERIFICATION, _ROWS, to="reporting:verification")
def send_back(request: SignedInRequest, found: Verification) -> str | HttpResponse:
    """Send the conclusion back to the verifier."""
    form = ToCorrectForm(request.POST)
    if not form.is_valid():
        return _show(request, found, reason_form=form, status=422)
    verification.send_back(found, **form.cleaned_data, by=request.user, at=clock.now())
    return _("Sent back to the verifier.")


@act_on(Act.VERIFY, Verification, to="reporting:verification")
def take_back(request: SignedInRequest, found: Verification) -> str:
    """The body takes its conclusion back before the province has decided."""
    verification.take_back(found, by=request.user, at=clock.now())
    return _("Taken back. Correct the data, then conclude again.")


@act_on(Act.ASSIGN_VERIFICATION, _ROWS)
def reassign(request: SignedInRequest, found: Verification) -> HttpResponse:
    """Withdraw the report from a body that has not begun, and give it to another one if one is chosen."""
    form = ReassignForm(found, request.POST)
    if not form.is_valid():
        return _show(request, found, reassign_form=form, status=422)
    body, reason = form.cleaned_data["body"], form.cleaned_data["reason"]
    if body is None:
        verification.withdraw(found, reason=reason, by=request.user, at=clock.now())
        said = _("Withdrawn. The body has been informed; the report can be reassigned.")
        return done(request, said, "reporting:annual_report", pk=found.report_id)
    given = verification.reassign(found, body, reason=reason, by=request.user, at=clock.now())
    return done(request, _("Reassigned. Both bodies have been informed."), "reporting:verification", pk=given.pk)


@access.page(Act.VIEW_VERIFICATION)
def notice(request: SignedInRequest, pk: int) -> HttpResponse:
    """The notice of the result: before, verified, changed, by item."""
    found = access.get(request.user, Act.VIEW_VERIFICATION, _ROWS, pk=pk)
    if found.told_at is None:
        raise Http404
    until = review_asked.last_day(found.told_at)
    context = {
        "verification": found,
        "rows": settling.table(found),
        "results": found.results.select_related("line", "supersedes"),
        "review_until": until,
        "basis": papers.basis(papers.VERIFICATION, calendar.local_day(found.told_at)),
    }
    return render(request, "reporting/notice.html", context)


@access.page(Act.VIEW_VERIFIED_RESULT)
def verified_result(request: SignedInRequest, pk: int) -> HttpResponse:
    """A line's verified result: what allocation stands on, and the versions before and after it."""
    rows = VerifiedResult.objects.select_related("unit__authority", "line", "verification__body", "approved_by")
    found = access.get(request.user, Act.VIEW_VERIFIED_RESULT, rows, pk=pk)
    known = {
        **{name: Decimal(text) for name, text in found.details.items() if not name.endswith(items.EXACT)},
        items.EMISSIONS: Decimal(found.emissions),
        items.MAIN_EMISSIONS: found.main_emissions,
        items.OUTPUT: found.output,
    }
    context = {
        "result": found,
        "values": [
            (
                item,
                figures.quantity(known[item.code], 0 if item.code == items.EMISSIONS else item.places),
                found.details.get(item.code + items.EXACT, ""),
            )
            for item in items.of(found.sector)
            if item.code in known
        ],
        "versions": verified_results.history(found).select_related("approved_by"),
    }
    return render(request, "reporting/verified_result.html", context)
