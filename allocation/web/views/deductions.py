"""Decisions on deductions 核减: an officer enters one or a table of them, a second person approves; and what became of each."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from allocation import deductions, labels, queries
from allocation.deductions import DeductionFaultsError, DoubtfulDeductionError, balances, revocations
from allocation.deductions import figures as deduction_figures
from allocation.deductions.decision_table import BY_CODE
from allocation.models import Deduction, Revocation
from allocation.web.consequences import decisions as consequences
from allocation.web.filters import DeductionFilter
from allocation.web.forms.deductions import DeductionForm, DeductionTableForm, RevocationForm
from allocation.web.tables.deductions import DeductionTable
from allocation.web.views.pages import tell_coding
from registry import access, files
from registry.access import SignedInRequest
from registry.files import tables
from registry.law import clock
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.bilingual import in_language
from registry.web import confirming, kept_input
from registry.web.acting import act_on, done, form_here, may
from registry.web.buttons import Asked, begin, link, press, with_reason
from registry.web.downloads import attachment
from registry.web.listing import list_page, listed
from registry.web.reasons import reason_of

State = Deduction.State


@list_page(Act.VIEW_DEDUCTION)
def deductions_list(request: SignedInRequest) -> HttpResponseBase:
    """The decisions within the person's reach, the oldest first; for an approver what waits for them."""
    chosen = DeductionFilter(request.GET, queryset=queries.deductions(request.user), request=request)
    approves = access.may(request.user, Act.APPROVE_DEDUCTION)
    table = _("Enter a table"), "allocation:deductions_import"
    buttons = [
        begin(request.user, Act.ENTER_DEDUCTION, *table, tone="outline-secondary"),
        begin(request.user, Act.ENTER_DEDUCTION, _("Enter a decision"), "allocation:deduction_enter"),
    ]
    return listed(
        request,
        DeductionTable(chosen.qs),
        chosen,
        title=_("Deductions from quota"),
        lead=_("Outstanding deductions under earlier decisions, the oldest decision first."),
        template="allocation/deductions.html",
        context={
            "buttons": buttons,
            "waiting": deductions.waiting(request.user.authority_id, request.user) if approves else [],
        },
    )


@access.page(Act.ENTER_DEDUCTION)
def enter(request: SignedInRequest) -> HttpResponse:
    """Enter one decision."""
    form = form_here(DeductionForm, request, request.GET.dict(), person=request.user)
    doubtful = None
    if request.method == "POST" and form.is_valid():
        confirmed = request.POST.get("seal", "") if request.POST.get("confirmed") else ""
        try:
            made = deductions.enter(form.decision(), by=request.user, at=clock.now(), confirmed=confirmed)
        except DoubtfulDeductionError as error:
            doubtful = error
        else:
            said = _("Entered. A second person of your authority approves it.")
            return done(request, said, "allocation:deduction", pk=made.pk)
    context = {"form": form, "grounds": _grounds()}
    if doubtful:
        context |= {"doubts": doubtful.doubts, "row": doubtful.asked, "known": doubtful.known}
        context |= {"seal": deduction_figures.seal(doubtful.known)}
    return render(request, "allocation/deduction_enter.html", context, status=422 if doubtful else 200)


@access.page(Act.ENTER_DEDUCTION)
def import_table(request: SignedInRequest) -> HttpResponse:
    """Enter a table of decisions; every fault of one that can't be taken is listed."""
    form = DeductionTableForm(request.POST or None, request.FILES or None)
    faults: list[tuple[int, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data["table"].read()
            made = deductions.import_table(data, by=request.user, at=clock.now())
        except DeductionFaultsError as error:
            faults = error.faults
        else:
            said = _("Entered: %(count)d decisions. A second person of your authority approves them.")
            messages.success(request, said % {"count": len(made)})
            tell_coding(request, data)
            return redirect("allocation:deductions")
    context = {
        "form": form,
        "faults": faults,
        "columns": tables.named(BY_CODE.values()),
        "grounds": _grounds(),
    }
    return render(request, "allocation/deductions_import.html", context, status=422 if faults else 200)


@access.page(Act.VIEW_DEDUCTION)
def deduction(request: SignedInRequest, pk: int) -> HttpResponse:
    """One decision: what it is, what each run took from it, what is left, and the second person's step."""
    rows = queries.deductions(request.user).select_related("approved_by", "refused_by")
    found = access.get(request.user, Act.VIEW_DEDUCTION, rows, pk=pk)
    waits = found.state == State.PROPOSED
    own = found.proposed_by_id == request.user.pk
    steps = balances.course(found)
    if request.user.unit_id is not None:
        steps = [step for step in steps if step.counts]
    approves = waits and not own and may(request.user, Act.APPROVE_DEDUCTION, found)
    enters = waits and may(request.user, Act.ENTER_DEDUCTION, found)
    context = {
        "deduction": found,
        "tone": labels.DEDUCTION_TONES[State(found.state)],
        "steps": steps,
        "article": _article(found),
        "shown": deductions.seen([found]) if approves else "",
        "own": own and waits,
        "may_view_run": access.may(request.user, Act.VIEW_RUN),
        **(_figures(found) if waits else {}),
        **_revoking(request, found),
    }
    sure = context["shown"] and not context.get("doubts") and not context.get("impossible_because")
    has_file = bool(found.file_sha256) and access.may(request.user, Act.VIEW_DEDUCTION_TABLE)
    context["buttons"] = [
        link(_("The file as uploaded"), "allocation:deduction_file", pk) if has_file else None,
        press(_("Approve"), "allocation:deduction_approve", pk, shown=context["shown"]) if sure else None,
        link(_("Approve the revocation"), "allocation:revocation_approve", pk, tone="primary")
        if context.get("approves_revocation")
        else None,
    ]
    ended = _ended(request, pk, enters=enters) if approves or enters else None
    context["asked"] = [*context.get("asked_of_revocation", ()), ended]
    return render(request, "allocation/deduction.html", context)


def _ended(request: SignedInRequest, pk: int, *, enters: bool) -> Asked:
    """Taking back or refusing what waits."""
    if enters:
        title = _("Withdraw")
        return with_reason(request, title, title, "allocation:deduction_take_back", pk)
    title = _("Refuse the decision's entry")
    return with_reason(request, title, title, "allocation:deduction_refuse", pk)


def _figures(found: Deduction) -> dict[str, Any]:
    """What is known beside a decision that waits, and what of it speaks against the decision."""
    ((row, known),) = deduction_figures.of_rows([found], clock.now())
    return {
        "row": row,
        "known": known,
        "impossible_because": list(deduction_figures.impossible(row, known)),
        "doubts": deduction_figures.doubts(row, known),
    }


def _revoking(request: SignedInRequest, found: Deduction) -> dict[str, Any]:
    """The revocation that waits or is in force, and what the person may do about it; a unit sees it once it is in force."""
    if found.state != State.APPROVED:
        return {}
    revocation = revocations.of(found)
    enters = may(request.user, Act.ENTER_DEDUCTION, found)
    if revocation is None:
        url = reverse("allocation:deduction_revoke", args=[found.pk])
        form = RevocationForm(initial=kept_input.given(request, clock.now(), url)) if enters else None
        return {"revoke": form, "impossible": revocations.impossible(found) if enters else ""}
    waits = revocation.state == Revocation.State.PROPOSED
    if waits and request.user.unit_id is not None:
        return {}
    own = revocation.proposed_by_id == request.user.pk
    approves = waits and not own and may(request.user, Act.APPROVE_DEDUCTION, found)
    return {
        "revocation": revocation,
        "revocation_waits": waits,
        "approves_revocation": approves,
        "asked_of_revocation": [_revocation_ended(request, found.pk, enters=enters)]
        if waits and (approves or enters)
        else [],
    }


def _revocation_ended(request: SignedInRequest, pk: int, *, enters: bool) -> Asked:
    if enters:
        title = _("Withdraw the revocation")
        return with_reason(request, title, title, "allocation:revocation_take_back", pk)
    title = _("Refuse the revocation")
    return with_reason(request, title, title, "allocation:revocation_refuse", pk)


@act_on(Act.ENTER_DEDUCTION, Deduction, to="allocation:deduction")
def revoke(request: SignedInRequest, found: Deduction) -> str:
    """Enter the document by which a decision in force is revoked."""
    form = RevocationForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Give the document's number, its day and the reason."))
    revocations.enter(found, **form.cleaned_data, by=request.user, at=clock.now())
    return _("Entered. A second person of your authority approves it.")


@act_on(Act.APPROVE_DEDUCTION, Deduction, to="allocation:deduction", asks=consequences.REVOCATION)
def revocation_approve(request: SignedInRequest, found: Deduction) -> str:
    """Bring the revocation into force."""
    revocations.approve(_waiting(found), by=request.user, at=clock.now())
    return _("Approved. The decision no longer deducts anything; the next determination returns what it deducted.")


def _refuse_revocation(request: SignedInRequest, found: Deduction) -> str:
    revocations.refuse(_waiting(found), reason=reason_of(request), by=request.user, at=clock.now())
    return _("Refused; the decision stays in force.")


# The second person doesn't approve it, or an officer takes back one that was entered wrongly; either says why.
revocation_refuse = act_on(Act.APPROVE_DEDUCTION, Deduction, to="allocation:deduction")(_refuse_revocation)
revocation_take_back = act_on(Act.ENTER_DEDUCTION, Deduction, to="allocation:deduction")(_refuse_revocation)


def _waiting(decision: Deduction) -> Revocation:
    """The revocation of the decision; raises where none is entered."""
    found = revocations.of(decision)
    if found is None:
        raise Refusal(_("No revocation of this decision is entered."))
    return found


@access.page(Act.VIEW_DEDUCTION_TABLE)
@require_GET
def file(request: SignedInRequest, pk: int) -> HttpResponse:
    """The table that the decision came with."""
    found = access.get(request.user, Act.VIEW_DEDUCTION_TABLE, queries.deductions(request.user), pk=pk)
    if not found.file_sha256:
        raise Http404
    data = files.read(found.file_sha256)
    return attachment(data, f"{found.file_sha256[:12]}{tables.suffix_of(data)}")


@confirming.shown_first(consequences.DEDUCTIONS)
@access.page(Act.APPROVE_DEDUCTION)
def approve_all(request: SignedInRequest) -> HttpResponse:
    """What waits, each decision beside the unit's quota; then the totals, and all of them but the doubtful ones are approved."""
    if request.method == "POST":
        return confirming.confirm(
            request,
            consequences.DEDUCTIONS,
            find=lambda: None,
            do=lambda _row: _approved(request),
            done=lambda said: done(request, said, "allocation:deductions"),
        )
    now = clock.now()
    waiting = deductions.waiting(request.user.authority_id, request.user)
    doubtful = deductions.doubtful(waiting, now)
    sure = [row for row in waiting if row.pk not in doubtful]
    figures = deduction_figures.of_rows(sure, now)
    context = {
        "rows": [(row, known) for row, (_asked, known) in zip(sure, figures, strict=True)],
        "total": sum(row.tonnes for row in sure),
        "doubtful": [(row, doubtful[row.pk]) for row in waiting if row.pk in doubtful],
        "shown": deductions.seen(sure),
    }
    return render(request, "allocation/deductions_approve.html", context)


def _approved(request: SignedInRequest) -> str:
    sure = consequences.sure_deductions(request)
    shown = request.POST.get("shown", "")
    approved = deductions.approve(sure, shown=shown, by=request.user, at=clock.now())
    return _("Approved: %(count)d decisions. The next runs deduct them.") % {"count": len(approved)}


@act_on(Act.APPROVE_DEDUCTION, Deduction, to="allocation:deduction", asks=consequences.DEDUCTION)
def approve(request: SignedInRequest, found: Deduction) -> str:
    """Approve the one decision that the page showed."""
    shown, confirmed = request.POST.get("shown", ""), bool(request.POST.get("confirmed"))
    deductions.approve([found], shown=shown, confirmed=confirmed, by=request.user, at=clock.now())
    return _("Approved. The next runs deduct it.")


def _refuse(request: SignedInRequest, found: Deduction) -> str:
    deductions.refuse(found, reason=reason_of(request), by=request.user, at=clock.now())
    return _("Refused; it deducts nothing.")


# The second person doesn't approve it, or an officer takes back what was entered wrongly; either says why.
refuse = act_on(Act.APPROVE_DEDUCTION, Deduction, to="allocation:deduction")(_refuse)
take_back = act_on(Act.ENTER_DEDUCTION, Deduction, to="allocation:deduction")(_refuse)


def _grounds() -> list[tuple[str, str, list[dict[str, object]]]]:
    """Each ground with its code and when it is open, with the article."""
    return [
        (
            in_language(parameter.zh, parameter.en),
            code,
            [
                {"value": row.value, "since": row.since, "until": row.until, "cite": in_language(row.cite_zh, row.cite)}
                for row in parameter.values
            ],
        )
        for code, parameter in deductions.grounds().under("deduction").items()
    ]


def _article(found: Deduction) -> str:
    """The article on which the decision rests, as in force on its day."""
    value = deductions.grounds()[f"deduction.{found.ground}"].at(found.decided_on)
    return in_language(value.cite_zh, value.cite)
