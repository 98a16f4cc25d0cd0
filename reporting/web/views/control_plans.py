"""Control plans: who has one, the plan, writing it, its versions side by side, its way through three pairs of hands."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.base import File
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
from registry.web.acting import act_on, done, may
from registry.web.buttons import Button, link, press
from registry.web.confirming import declared
from registry.web.downloads import attachment
from registry.web.export import ASKED
from registry.web.listing import chosen_columns, list_page, listed
from registry.web.reasons import ToCorrectForm
from reporting.control_plan import CERTIFICATE_FILE, Plan, day_of, differences, faults
from reporting.evidence import ACCEPT, plan_certificates
from reporting.models import ControlPlan, ControlPlanVersion
from reporting.periods import YEARS
from reporting.queries import plan_coverage, plan_sheets
from reporting.submissions import control_plans as planning
from reporting.web import consequences
from reporting.web.filters import ControlPlanFilter
from reporting.web.forms.control_plans import PlanChangeForm
from reporting.web.tables.control_plans import ControlPlanTable

State = ControlPlan.State
_PLANS = ControlPlan.objects.select_related("unit__authority", "prepared_by")


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
    plan = access.get(request.user, Act.VIEW_CONTROL_PLAN, _PLANS, pk=pk)
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
    decision, last_decision = _decision(version), _decision(versions[0]) if versions else None
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
        "in_force": _in_force(versions),
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
    decision = _decision(versions[0])
    if decision is None:
        return State.SUBMITTED
    return State.ACCEPTED if decision.accepted else State.RETURNED


def _decision(version: ControlPlanVersion | None) -> Any:
    return getattr(version, "decision", None) if version is not None else None


def _in_force(versions: list[ControlPlanVersion]) -> list[ControlPlanVersion]:
    return [version for version in versions if (decision := _decision(version)) and decision.accepted]


@access.page(Act.EDIT_CONTROL_PLAN)
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write the plan: every button saves what was typed first, faults and all."""
    plan = access.get(request.user, Act.EDIT_CONTROL_PLAN, _PLANS, pk=pk)
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
        plan = planning.save(plan, says, revision=number, by=request.user, valid_from=day, reason=_reason(request))
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


@access.page(Act.VIEW_CONTROL_PLAN)
@require_GET
def certificate(request: SignedInRequest, pk: int, sha256: str) -> HttpResponse:
    """The file of a certificate that a version of the plan names, or its draft to who may see that."""
    plan = access.get(request.user, Act.VIEW_CONTROL_PLAN, _PLANS, pk=pk)
    said = [version.stated for version in plan.versions.all()]
    drafts = [plan.plan] if access.may(request.user, Act.VIEW_DRAFT) else []
    for says in [*drafts, *said]:
        if name := plan_certificates.certificates(says).get(sha256):
            return attachment(files.read(sha256), name)
    raise Http404


def _copied(request: SignedInRequest, plan: ControlPlan) -> HttpResponse:
    says = planning.copy_last_year(plan)
    planning.save(plan, says, revision=plan.revision, by=request.user, valid_from=plan.valid_from, reason=plan.reason)
    return done(request, _("Copied. Give the days of the new calibrations."), "reporting:control_plan_edit", pk=plan.pk)


def _write(request: SignedInRequest, plan: ControlPlan, says: Plan, *, status: int = 200) -> HttpResponse:
    last = plan.versions.select_related("decision").order_by("-number").first()
    decision = _decision(last)
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


@access.page(Act.VIEW_CONTROL_PLAN)
def compare(request: SignedInRequest, pk: int) -> HttpResponse:
    """Two versions side by side, the last two unless others are asked for; for its unit a draft beside the version in force."""
    plan = access.get(request.user, Act.VIEW_CONTROL_PLAN, _PLANS, pk=pk)
    versions = list(plan.versions.select_related("decision").order_by("number"))
    sides = [_version_side(version) for version in versions]
    accepted = {str(version.number) for version in _in_force(versions)}
    stands = next((side for side in reversed(sides) if side.key in accepted), None)
    if plan.takes_edits and access.may(request.user, Act.VIEW_DRAFT):
        sides.append(_draft_side(plan))
    by_key = {side.key: side for side in sides}
    earlier, later = sides[-2:] if len(sides) > 1 else (None, None)
    if later is not None and later.key == DRAFT and stands:
        earlier = stands
    before = by_key.get(request.GET.get("a", "")) or earlier
    after = by_key.get(request.GET.get("b", "")) or later
    rows = _differences(before.says, after.says) if before and after else []
    context = {"plan": plan, "sides": sides, "before": before, "after": after, "rows": rows}
    return render(request, "reporting/control_plan_compare.html", context)


DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Side:
    """A version, or the draft, as one of two that are compared: its key in the address, its name, its heading, and what it says."""

    key: str
    name: str
    heading: str
    says: Plan


def _version_side(version: ControlPlanVersion) -> Side:
    said = {"number": version.number, "day": figures.day(version.valid_from)}
    heading = _("Version %(number)s, valid from %(day)s") % said
    return Side(str(version.number), str(version.number), heading, version.stated)


def _draft_side(plan: ControlPlan) -> Side:
    heading = _("Draft, to be valid from %(day)s") % {"day": figures.day(plan.valid_from)}
    return Side(DRAFT, _("draft"), heading, plan.plan)


def _differences(before: Plan, after: Plan) -> list[tuple[str, str, str, str]]:
    """(parameter, what, before, after) in words."""
    names = {**plan_sheets.labels(before), **plan_sheets.labels(after)}
    asked = {each.place: each for plan in (before, after) for each in plan_sheets.parameters(plan)}
    return [
        (
            names.get(change.place, change.place.key),
            str(plan_sheets.LABELS[change.field]),
            plan_sheets.shown(asked.get(change.place), change.field, change.before),
            plan_sheets.shown(asked.get(change.place), change.field, change.after),
        )
        for change in differences(before, after)
    ]


@act_on(Act.SUBMIT_CONTROL_PLAN, _PLANS, to="reporting:control_plan", asks=consequences.PLAN)
def submit(request: SignedInRequest, plan: ControlPlan) -> str:
    """The unit's approver submits the plan."""
    version = planning.submit(plan, declared=declared(request), by=request.user, at=clock.now())
    if not version.late:
        return _("Submitted. The province accepts it or sends it back.")
    messages.warning(request, _("Submitted, after the deadline: it is marked late."))
    return ""


@act_on(Act.REVIEW_CONTROL_PLAN, _PLANS, to="reporting:control_plan")
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


@act_on(Act.REVIEW_CONTROL_PLAN, _PLANS, to="reporting:control_plan")
def send_back(request: SignedInRequest, plan: ControlPlan) -> str:
    """Send the version back with what is to be corrected, value by value."""
    remarks = {
        name.removeprefix("remark:"): plan_sheets.clean(str(text))
        for name, text in request.POST.items()
        if name.startswith("remark:")
    }
    reason = _reason(request)
    planning.send_back(_seen(request, plan), reason=reason, remarks=remarks, by=request.user, at=clock.now())
    return _("Sent back. The unit sees the remarks beside its values.")


def _reason(request: SignedInRequest) -> str:
    """What was typed as the reason, without null characters, which PostgreSQL doesn't keep."""
    return request.POST.get("reason", "").replace("\x00", "")


def _seen(request: SignedInRequest, plan: ControlPlan) -> ControlPlanVersion:
    """The version that was on the page: nobody decides on one that they haven't seen."""
    number = request.POST.get("version", "")
    seen = next((version for version in plan.versions.all() if str(version.number) == number), None)
    if seen is None:
        raise Refusal(_("Check the plan again: there is a newer version, or none."))
    return seen


@act_on(Act.EDIT_CONTROL_PLAN, _PLANS, to="reporting:control_plan_edit")
def revise(request: SignedInRequest, plan: ControlPlan) -> str | HttpResponse:
    """Begin a change of an accepted plan."""
    form = PlanChangeForm(plan.year, request.POST)
    if not form.is_valid():
        return _show(request, plan, change=form, status=422)
    day: dt.date = form.cleaned_data["valid_from"]
    planning.revise(plan, valid_from=day, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
    return ""
