"""Control plans: who has one, the plan, and its way through three pairs of hands."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from registry import access, files
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Unit
from registry.permissions import Act
from registry.permissions.roles import UNIT_ROLES
from registry.refusal import Refusal
from registry.values import figures
from registry.values.bilingual import listed as enumerated
from registry.values.sectors import Sector
from registry.web import kept_input
from registry.web.acting import act_on, may
from registry.web.buttons import Button, link, press
from registry.web.confirming import declared
from registry.web.downloads import attachment
from registry.web.export import ASKED
from registry.web.listing import chosen_columns, list_page, listed
from registry.web.reasons import ToCorrectForm
from reporting.evidence import plan_certificates
from reporting.models import ControlPlan, ControlPlanVersion
from reporting.periods import YEARS
from reporting.queries import plan_coverage, plan_sheets
from reporting.submissions import control_plans as planning
from reporting.web.consequences import plans as consequences
from reporting.web.filters import ControlPlanFilter
from reporting.web.forms.control_plans import PlanChangeForm
from reporting.web.tables.control_plans import ControlPlanTable
from reporting.web.views.control_plans.asked import PLANS, decision_of, in_force, typed_reason

State = ControlPlan.State


@list_page(Act.VIEW_CONTROL_PLAN)
def control_plans(request: SignedInRequest) -> HttpResponseBase:
    """The units of the directories and their plans; an enterprise sees its own years."""
    own = request.user.role in UNIT_ROLES
    chosen = ControlPlanFilter(_asked(request), queryset=plan_coverage.coverage(request.user), request=request)
    begins = own and access.may(request.user, Act.EDIT_CONTROL_PLAN)
    lead_own = _("How your unit will obtain each value of its months, fixed in advance.")
    return listed(
        request,
        ControlPlanTable(chosen.qs, own=own),
        chosen,
        title=_("Control plans"),
        lead=lead_own if own else _("Status of each listed unit's plan for the year."),
        template="reporting/control_plans.html",
        context={"own": own, "missing": plan_coverage.without_plan(request.user) if begins else []},
    )


def _asked(request: SignedInRequest) -> QueryDict | dict[str, str]:
    """What the list is narrowed by; where nothing is said of it, as usual."""
    about_rows = set(request.GET) - {ASKED, chosen_columns.NAME, "page", "sort"}
    return request.GET if about_rows else _usual(request)


def _usual(request: SignedInRequest) -> dict[str, str]:
    """The year at hand, where a whole province is looked at."""
    if request.user.role in UNIT_ROLES:
        return {}
    known = [year for year in plan_coverage.years() if year <= clock.today().year]
    return {"year": str(max(known, default=clock.today().year))}


@access.page(Act.EDIT_CONTROL_PLAN)
@require_POST
def open_plan(request: SignedInRequest, pk: int, sector: str, year: int) -> HttpResponse:
    """Begin the year's plan, or go on with it."""
    unit = access.get(request.user, Act.EDIT_CONTROL_PLAN, Unit.objects.all(), pk=pk)
    if sector not in Sector.values or year not in YEARS:
        raise Http404
    plan = planning.open_plan(unit, sector, year, by=request.user)
    return redirect("reporting:control_plan_edit" if plan.takes_edits else "reporting:control_plan", pk=plan.pk)


@access.page(Act.VIEW_CONTROL_PLAN)
def control_plan(request: SignedInRequest, pk: int) -> HttpResponse:
    """One plan: the draft for its unit, else the version asked for or submitted last."""
    plan = access.get(request.user, Act.VIEW_CONTROL_PLAN, PLANS, pk=pk)
    return _show(request, plan)


def _show(
    request: SignedInRequest,
    plan: ControlPlan,
    *,
    change: PlanChangeForm | None = None,
    written: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The plan's page; `written` are remarks and a reason that come back with it."""
    own = ControlPlan.objects.filter(pk=plan.pk)
    versions = list(plan.versions.select_related("submitted_by", "prepared_by", "decision__by").order_by("-number"))
    drafts = access.may(request.user, Act.VIEW_DRAFT)
    asked = request.GET.get("version", "")
    version = next((each for each in versions if str(each.number) == asked), None)
    shows_draft = version is None and drafts and plan.takes_edits
    version = version or (None if shows_draft or not versions else versions[0])
    says = version.stated if version else plan.plan if drafts else None
    deciding = (
        version is not None
        and plan.state == State.SUBMITTED
        and version == versions[0]
        and access.scoped(request.user, Act.REVIEW_CONTROL_PLAN, own).exists()
    )
    edits = access.scoped(request.user, Act.EDIT_CONTROL_PLAN, own).exists()
    send_back = reverse("reporting:control_plan_send_back", args=[plan.pk])
    kept = written or (kept_input.given(request, clock.now(), send_back) if deciding else {})
    remarks = {name.removeprefix("remark:"): text for name, text in kept.items() if name.startswith("remark:")}
    decision, last_decision = decision_of(version), decision_of(versions[0]) if versions else None
    beside = last_decision if shows_draft else decision
    context = {
        "plan": plan,
        "version": version,
        "versions": versions,
        "shows_draft": shows_draft,
        "decision": decision,
        "last_decision": last_decision,
        "sections": plan_sheets.sections(says, remarks=remarks or (beside.remarks if beside else {})) if says else [],
        "titles": [title for title, _names in plan_sheets.COLUMNS],
        "deciding": deciding,
        "reason_form": ToCorrectForm(initial=kept) if deciding else None,
        "change_form": (change or PlanChangeForm(plan.year)) if edits and plan.state == State.ACCEPTED else None,
        "in_force": in_force(versions),
        "buttons": _offered(request, plan, versions, edits=edits, drafts=drafts),
        "shown_state": State(plan.state) if drafts else _state_of(versions),
    }
    if deciding and version is not None and (before := planning.read_before(plan, version.valid_from)):
        said = {"day": figures.day(version.valid_from), "periods": enumerated(before)}
        context["read_before"] = consequences.READ_BEFORE % said
    return render(request, "reporting/control_plan.html", context, status=status)


def _offered(
    request: SignedInRequest, plan: ControlPlan, versions: list[ControlPlanVersion], *, edits: bool, drafts: bool
) -> list[Button | None]:
    compares = len(versions) > 1 or bool(versions and drafts and plan.takes_edits)
    theirs = plan.state == State.PREPARED and plan.prepared_by_id != request.user.pk
    submits = theirs and may(request.user, Act.SUBMIT_CONTROL_PLAN, plan)
    edit = _("Edit the plan"), "reporting:control_plan_edit"
    return [
        link(_("Compare versions"), "reporting:control_plan_compare", plan.pk) if compares else None,
        link(*edit, plan.pk, tone="primary") if edits and plan.takes_edits else None,
        press(_("Submit to the province"), "reporting:control_plan_submit", plan.pk) if submits else None,
    ]


def _state_of(versions: list[ControlPlanVersion]) -> State | None:
    """What the province has before it: its unit's draft changes nothing of that."""
    if not versions:
        return None
    decision = decision_of(versions[0])
    if decision is None:
        return State.SUBMITTED
    return State.ACCEPTED if decision.accepted else State.RETURNED


@access.page(Act.VIEW_CONTROL_PLAN)
@require_GET
def certificate(request: SignedInRequest, pk: int, sha256: str) -> HttpResponse:
    """The file of a certificate that a version of the plan names, or its draft to who may see that."""
    plan = access.get(request.user, Act.VIEW_CONTROL_PLAN, PLANS, pk=pk)
    said = [version.stated for version in plan.versions.all()]
    drafts = [plan.plan] if access.may(request.user, Act.VIEW_DRAFT) else []
    for says in [*drafts, *said]:
        if name := plan_certificates.certificates(says).get(sha256):
            return attachment(files.read(sha256), name)
    raise Http404


@act_on(Act.SUBMIT_CONTROL_PLAN, PLANS, to="reporting:control_plan", asks=consequences.PLAN)
def submit(request: SignedInRequest, plan: ControlPlan) -> str:
    """The unit's approver submits the plan."""
    version = planning.submit(plan, declared=declared(request), by=request.user, at=clock.now())
    if not version.late:
        return _("Submitted. The province accepts it or sends it back.")
    messages.warning(request, _("Submitted, after the deadline: it is marked late."))
    return ""


@act_on(Act.REVIEW_CONTROL_PLAN, PLANS, to="reporting:control_plan")
def accept(request: SignedInRequest, plan: ControlPlan) -> str | HttpResponse:
    """Accept the version that was looked at."""
    written = {
        name: str(text)
        for name, text in request.POST.items()
        if (name == "reason" or name.startswith("remark:")) and str(text).strip()
    }
    if written and plan.state == State.SUBMITTED:
        # Accepted, they would be lost without a word.
        messages.error(
            request,
            _(
                "Not accepted: you have entered remarks or a reason. Send the plan back with them, or clear them and "
                "accept."
            ),
        )
        return _show(request, plan, written=written, status=422)
    planning.accept(_seen(request, plan), by=request.user, at=clock.now())
    return _("Accepted. Months are checked against this plan from its first day.")


@act_on(Act.REVIEW_CONTROL_PLAN, PLANS, to="reporting:control_plan")
def send_back(request: SignedInRequest, plan: ControlPlan) -> str:
    """Send the version back with what is to be corrected, value by value."""
    remarks = {
        name.removeprefix("remark:"): plan_sheets.clean(str(text))
        for name, text in request.POST.items()
        if name.startswith("remark:")
    }
    reason = typed_reason(request)
    planning.send_back(_seen(request, plan), reason=reason, remarks=remarks, by=request.user, at=clock.now())
    return _("Sent back. The unit sees the remarks beside its values.")


def _seen(request: SignedInRequest, plan: ControlPlan) -> ControlPlanVersion:
    """The version that was on the page: nobody decides on one that they haven't seen."""
    number = request.POST.get("version", "")
    seen = next((version for version in plan.versions.all() if str(version.number) == number), None)
    if seen is None:
        raise Refusal(_("Check the plan again: there is a newer version, or none."))
    return seen


@act_on(Act.EDIT_CONTROL_PLAN, PLANS, to="reporting:control_plan_edit")
def revise(request: SignedInRequest, plan: ControlPlan) -> str | HttpResponse:
    """Begin a change of an accepted plan."""
    form = PlanChangeForm(plan.year, request.POST)
    if not form.is_valid():
        return _show(request, plan, change=form, status=422)
    day: dt.date = form.cleaned_data["valid_from"]
    planning.revise(plan, valid_from=day, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
    return ""
