"""Writing a control plan: every button saves what was typed."""

from django.contrib import messages
from django.core.files.base import File
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.permissions import Act
from registry.refusal import Refusal
from registry.web.acting import done
from reporting.control_plan import CERTIFICATE_FILE, Plan, day_of, faults
from reporting.evidence import ACCEPT, plan_certificates
from reporting.models import ControlPlan, ControlPlanVersion
from reporting.queries import plan_sheets
from reporting.submissions import control_plans as planning
from reporting.web.forms.control_plans import PlanChangeForm
from reporting.web.views.control_plans.asked import PLANS, decision_of, typed_reason


@access.page(Act.EDIT_CONTROL_PLAN)
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write the plan: every button saves what was typed first, faults and all."""
    plan = access.get(request.user, Act.EDIT_CONTROL_PLAN, PLANS, pk=pk)
    if request.method != "POST":
        if not plan.takes_edits:
            return redirect("reporting:control_plan", pk=plan.pk)
        return _write(request, plan, plan.plan)
    does = request.POST.get("do", "save")
    if does == "copy":
        return _copied(request, plan)
    says = _typed(request, plan, does)
    day = day_of(request.POST.get("valid_from", ""))
    revision = request.POST.get("revision", "")
    try:
        says = plan_certificates.with_files(plan, says, _files(request), clock.now())
        number = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 9 else 0
        plan = planning.save(plan, says, revision=number, by=request.user, valid_from=day, reason=typed_reason(request))
        if does == "prepare":
            planning.prepare(plan, by=request.user, at=clock.now())
    except Refusal as refused:  # what was typed is in the page again; the session need not keep hundreds of fields
        messages.error(request, str(refused))
        plan.refresh_from_db()
        return _write(request, plan, says, status=422)
    if does == "prepare":
        said = _("Ready. A second person of the unit submits the plan.")
        return done(request, said, "reporting:control_plan", pk=plan.pk)
    return done(request, _("Saved."), "reporting:control_plan_edit", pk=plan.pk)


def _typed(request: SignedInRequest, plan: ControlPlan, does: str) -> Plan:
    """The draft with what was typed, and the row added or taken out that the button asks for."""
    posted = {name: str(text) for name, text in request.POST.items()}
    # Somebody may have saved meanwhile: what their page had counts, so that nothing they typed is lost.
    says = plan_sheets.typed(plan.plan, posted)
    act, _sep, what = does.partition(":")
    if act == "add":
        group, _sep, line = what.partition("/")
        says = plan_sheets.with_single(says, group, line, posted.get(f"single:{what}", ""))
    if act == "drop":
        says = plan_sheets.without_single(says, what)
    if act == "unfile":
        says = plan_sheets.without_file(says, what)
    return says


def _files(request: SignedInRequest) -> dict[str, "File[bytes]"]:
    """The certificates that were chosen, by the key of their value."""
    ending = f":{CERTIFICATE_FILE}"
    return {
        name.removesuffix(ending): file
        for name, file in request.FILES.items()
        if name.endswith(ending) and isinstance(file, File)
    }


def _copied(request: SignedInRequest, plan: ControlPlan) -> HttpResponse:
    says = planning.copy_last_year(plan)
    planning.save(plan, says, revision=plan.revision, by=request.user, valid_from=plan.valid_from, reason=plan.reason)
    return done(request, _("Copied. Give the days of the new calibrations."), "reporting:control_plan_edit", pk=plan.pk)


def _write(request: SignedInRequest, plan: ControlPlan, says: Plan, *, status: int = 200) -> HttpResponse:
    last = plan.versions.select_related("decision").order_by("-number").first()
    decision = decision_of(last)
    found = faults(says, clock.today())
    is_change = plan.versions.filter(decision__accepted=True).exists()
    context = {
        "plan": plan,
        "sections": plan_sheets.sections(says, found, decision.remarks if decision and not decision.accepted else {}),
        "fault_count": len(found),
        "labels": plan_sheets.LABELS,
        "accept": ACCEPT,
        "titles": [title for title, _names in plan_sheets.COLUMNS],
        "decision": decision if decision and not decision.accepted else None,
        "is_change": is_change,
        "may_compare": last is not None,
        "change_form": PlanChangeForm(plan.year, initial={"valid_from": plan.valid_from, "reason": plan.reason})
        if is_change
        else None,
        "may_copy": not is_change
        and ControlPlanVersion.objects.filter(
            plan__unit=plan.unit_id, plan__sector=plan.sector, plan__year=plan.year - 1, decision__accepted=True
        ).exists(),
    }
    return render(request, "reporting/control_plan_edit.html", context, status=status)
