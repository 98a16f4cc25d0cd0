"""Runs and awards: list, prepare, look through, approve or refuse, and the explanation of every award."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from allocation import kept_shapes, labels, objections, plans, queries, runs
from allocation.compliance import adjustments
from allocation.models import Award, Run
from allocation.plans.assumed import FOR_DETERMINATION, FOR_PRE_ALLOCATION, assumed
from allocation.queries import run_board
from allocation.runs import batches
from allocation.scope import after_objection, runs_in_force
from allocation.web.consequences import runs as consequences
from allocation.web.filters import AwardFilter, RunFilter
from allocation.web.forms.runs import ApprovalForm, RunBoardForm, RunForm
from allocation.web.tables.runs import AwardTable, LeftOutTable, RunTable, SettlementTable
from allocation.web.views.papers import paper
from allocation.web.views.runs import explained
from registry import access
from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.models import Authority, LineKind, Person
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values import figures
from registry.values.bilingual import in_language
from registry.values.sectors import Sector, with_quota
from registry.web.acting import act_on, done, form_here, may
from registry.web.acting import progress as progress_of
from registry.web.as_of import year_asked
from registry.web.buttons import begin, link, press, with_reason
from registry.web.listing import list_page, listed, narrows, part_taken
from registry.web.paging import paged
from registry.web.reasons import reason_of

State = Run.State
# Of a number with more decimals than that, the page shows a few and unfolds the rest.
MOST_PLACES, SHOWN_PLACES = 12, 6

_ASKED = {Run.Kind.PRE_ALLOCATION: FOR_PRE_ALLOCATION, Run.Kind.DETERMINATION: FOR_DETERMINATION}


# Asked for the runs that are shown, not for all that there are before them.
_QUOTA = Subquery(
    Award.objects.filter(run=OuterRef("pk")).order_by().values("run").annotate(sum=Sum("quota")).values("sum"),
    output_field=BigIntegerField(),
)


@list_page(Act.VIEW_RUN)
def runs_list(request: SignedInRequest) -> HttpResponseBase:
    """The runs within the person's reach."""
    in_force = Exists(runs_in_force.runs().filter(pk=OuterRef("pk")))
    rows = Run.objects.select_related("authority", "prepared_by").annotate(quota_total=_QUOTA, replaced=~in_force)
    scoped = access.scoped(request.user, Act.VIEW_RUN, rows.defer("manifest"))
    chosen = RunFilter(request.GET, queryset=scoped, request=request)
    buttons = [
        link(_("Progress by province"), "allocation:run_board"),
        begin(request.user, Act.PREPARE_RUN, _("Prepare a run"), "allocation:run_prepare"),
    ]
    return listed(
        request,
        RunTable(chosen.qs),
        chosen,
        title=_("Quota runs"),
        lead=_(
            "A run freezes its inputs and computes the quota of a province's sector and year; a second person approves exactly that."
        ),
        context={"buttons": buttons},
    )


@access.page(Act.PREPARE_RUN)
def prepare(request: SignedInRequest) -> HttpResponse:
    """Prepare a run for the officer's own province."""
    usual = {"kind": Run.Kind.DETERMINATION, "year": calendar.compliance_year(clock.today())}
    form = form_here(RunForm, request, {**usual, **request.GET.dict()})
    authority = request.user.authority
    if request.method == "POST" and form.is_valid() and authority is not None:
        if form.cleaned_data["sector"] == RunForm.ALL:
            return _prepare_sectors(request, authority, form.cleaned_data["year"], form.cleaned_data["kind"])
        run = runs.prepare(authority, **form.cleaned_data, by=request.user, at=clock.now())
        return done(request, _("The run is being prepared. A second person approves it."), "allocation:run", pk=run.pk)
    return render(request, "allocation/run_prepare.html", {"form": form})


def _prepare_sectors(request: SignedInRequest, authority: Authority, year: int, kind: str) -> HttpResponse:
    """Ask for all of them, tell what became of each, and show how far they are."""
    for outcome in batches.prepare_sectors(authority, year, kind, by=request.user, at=clock.now()):
        sector = Sector(outcome.sector).label
        if outcome.run:
            messages.success(request, _("%(sector)s: the run is being prepared.") % {"sector": sector})
        else:
            messages.warning(request, f"{sector}: {outcome.refusal}")
    return redirect(f"{reverse('allocation:run_board')}?year={year}&kind={kind}")


@access.page(Act.VIEW_RUN)
def board(request: SignedInRequest) -> HttpResponse:
    """How far the runs of a year are: authority by sector."""
    usual: dict[str, Any] = {
        "kind": Run.Kind.DETERMINATION,
        "year": year_asked(request, calendar.compliance_year(clock.today())),
    }
    form = RunBoardForm({**usual, **request.GET.dict()})
    asked = form.cleaned_data if form.is_valid() else {**usual, "state": ""}
    whole = run_board.board(_authorities(request.user), asked["year"], asked["kind"], clock.now())
    shown = whole.of_state(asked["state"])
    query = urlencode({"year": asked["year"], "kind": asked["kind"]})
    context = {
        "form": form,
        "year": asked["year"],
        "kind": asked["kind"],
        "board": whole,
        "rows": [(authority, [_cell(cell) for cell in cells]) for authority, cells in shown.rows],
        "sectors": [sector.label for sector in with_quota()],
        "parts": [
            (labels.RUN_BOARD_STATES[state], count, labels.RUN_BOARD_TONES[state])
            for state, count in whole.counts.items()
            if count
        ],
        "working": whole.counts[State.PREPARING],
        "buttons": [link(_("Prepare a run"), "allocation:run_prepare", query=query, tone="primary")]
        if access.may(request.user, Act.PREPARE_RUN)
        else [],
    }
    return render(request, "allocation/run_board.html", context)


def _authorities(person: Person) -> QuerySet[Authority]:
    """Those whose runs the person sees."""
    rows = Authority.objects.all()
    return rows.filter(pk=person.authority_id) if person.authority_id else rows


def _cell(cell: run_board.Cell | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    return {"is": cell, "label": labels.RUN_BOARD_STATES[cell.state], "tone": labels.RUN_BOARD_TONES[cell.state]}


@list_page(Act.VIEW_RUN)
def run(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """One run: its scope, its awards, who was left out, its hashes, and what is to be done."""
    rows = Run.objects.select_related(
        "authority", "balance_value", "prepared_by", "approved_by", "refused_by", "job", "letter"
    )
    rows = rows.defer("manifest", "balance_value__manifest")  # each as long as all the lines together
    found = access.get(request.user, Act.VIEW_RUN, rows, pk=pk)
    settlements = found.settlements.prefetch_related("unit").order_by("pk")
    figures_of = runs.figures_of(found)
    awards = AwardTable(_awards(found), totals=figures_of.awards, prefix="lines-")
    units = SettlementTable(settlements, run=found, totals=figures_of.settlements, prefix="units-")
    left_out = LeftOutTable(found.left_out.select_related("unit", "line"), prefix="left-out-")
    parts = (_("Line by line"), awards), (_("Unit by unit"), units), (_("Left out, and why"), left_out)
    if taken := part_taken(request, f"run-{pk}", [found], *parts):
        return taken
    totals = figures_of.awards
    awaits = found.state == State.PREPARED
    may_approve = awaits and request.user.pk != found.prepared_by_id and may(request.user, Act.APPROVE_RUN, found)
    standing = runs.standing_of(found, clock.now()) if awaits else runs.Standing(stale=False, overtaken=())
    unmoved = after_objection.unmoved(found) if awaits and found.ground == Run.Ground.OBJECTION else []
    hashes = {"manifest_sha256": found.manifest_sha256, "result_sha256": found.result_sha256}
    approval = ApprovalForm(initial=hashes) if may_approve and not standing.stale and not unmoved else None
    context = {
        "run": found,
        "tone": labels.RUN_TONES[State(found.state)],
        "plan": plans.load_plan(found.plan_id),
        "awards": paged(request, awards),
        "settlements": paged(request, units),
        "left_out": paged(request, left_out),
        "totals": totals,
        "residue": totals["quota"] - totals["emissions"],
        "counts": figures_of.counts,
        "stale": standing.stale,
        "withheld": settlements.filter(withholding__isnull=False).select_related("withholding"),
        "overtaken": standing.overtaken,
        "changes": _changes(found) if found.time > 1 else None,
        "replaced_by": _replacement(found),
        "unmoved": unmoved,
        "moves": figures_of.moves,
        "assumed": assumed(plans.load_plan(found.plan_id).for_year(found.year), _ASKED[Run.Kind(found.kind)]),
        "contested": objections.under_objection(found.authority_id, found.sector, found.year)
        .select_related("unit", "award__line")
        .defer("award__explanation"),
        "approval": approval,
        **_offered(request, found, approval),
    }
    return render(request, "allocation/run.html", context)


def _offered(request: SignedInRequest, found: Run, approval: ApprovalForm | None) -> dict[str, Any]:
    """What the person can do with the run now; who approves approves what the page showed."""
    pk = found.pk
    cancels = found.state in Run.OPEN and may(request.user, Act.PREPARE_RUN, found)
    refuses = found.state == State.PREPARED and may(request.user, Act.APPROVE_RUN, found)
    refusal = _("Refuse the run"), _("Refuse"), "allocation:run_refuse"
    return {
        "buttons": [
            link(_("Scope"), "allocation:run_scope", pk) if found.manifest_sha256 else None,
            link(_("Official tables"), "allocation:run_tables", pk) if found.result_sha256 else None,
            press(_("Cancel the run"), "allocation:run_cancel", pk, tone="outline-secondary") if cancels else None,
            press(_("Approve"), "allocation:run_approve", pk, **approval.initial) if approval else None,
        ],
        "asked": [with_reason(request, *refusal, pk)] if refuses else [],
    }


def _replacement(found: Run) -> Run | None:
    """The run by which an approved one was replaced next."""
    if found.state != State.APPROVED:
        return None
    scope = {"authority": found.authority_id, "sector": found.sector, "year": found.year, "kind": found.kind}
    return Run.objects.filter(**scope, state=State.APPROVED, time=found.time + 1).defer("manifest").first()


@list_page(Act.VIEW_RUN)
def run_awards(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The run's awards alone, on a page that is as quick for the nation as for a province."""
    rows = Run.objects.select_related("authority").defer("manifest")
    found = access.get(request.user, Act.VIEW_RUN, rows, pk=pk)
    chosen = AwardFilter(request.GET, queryset=_awards(found), request=request)
    totals = runs.sums_of(chosen.qs) if narrows(chosen) else runs.figures_of(found).awards
    return listed(
        request,
        AwardTable(chosen.qs, totals=totals),
        chosen,
        title=_("Line allocations"),
        template="allocation/run_awards.html",
        said=[found],
        context={"run": found},
    )


def _awards(run: Run) -> QuerySet[Award]:
    """In the order in which they were stored, by credit code and line, which needs no sorting.

    Their units and lines are fetched for the page alone: joined, the database would look them up for every row before it, too.
    """
    return run.awards.prefetch_related("unit", "line").defer("explanation").order_by("pk")


def _changes(run: Run) -> dict[str, Any]:
    """What a re-determination changes: the units, how many others stay as they are, and the sums."""
    rows = adjustments.changes(run)
    changed = [row for row in rows if row.is_one or row.deductions]
    totals = {"quota": sum(row.quota_change for row in rows), "due": sum(row.due_change for row in rows)}
    with_deductions = any(row.deductions for row in changed)
    return {"units": changed, "same": len(rows) - len(changed), "with_deductions": with_deductions, **totals}


@access.page(Act.VIEW_RUN)
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The job's progress as a fragment that the page polls."""
    found = access.get(request.user, Act.VIEW_RUN, Run.objects.select_related("job"), pk=pk)
    return progress_of(request, found.job, _("Preparing the run"))


@act_on(Act.APPROVE_RUN, Run.objects.select_related("authority"), to="allocation:run", asks=consequences.APPROVAL)
def approve(request: SignedInRequest, found: Run) -> str:
    """Approve the run whose hashes the page showed."""
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("The page did not identify the version shown; open the run again."))
    runs.approve(found, **form.cleaned_data, by=request.user, at=clock.now())
    return _("Approved. An officer writes the letter to the registrar now.")


@act_on(Act.APPROVE_RUN, Run, to="allocation:run")
def refuse(request: SignedInRequest, found: Run) -> str:
    """Refuse the run, with the reason."""
    runs.refuse(found, reason=reason_of(request), by=request.user, at=clock.now())
    return _("Refused. The officer sees the reason and prepares it again.")


@act_on(Act.PREPARE_RUN, Run, to="allocation:run")
def cancel(request: SignedInRequest, found: Run) -> str:
    """Take back a run that isn't approved."""
    runs.cancel(found, by=request.user, at=clock.now())
    return _("Cancelled.")


@access.page(Act.VIEW_AWARD)
def award(request: SignedInRequest, pk: int) -> HttpResponse:
    """Why a line was given what it was given: formula, inputs, parameters with their articles, roundings."""
    found = access.get(request.user, Act.VIEW_AWARD, queries.awards(request.user), pk=pk)
    unfolded = found.explained
    context = {
        "award": found,
        "explained": unfolded,
        "article": in_language(unfolded["article_zh"], unfolded["article"]),
        "inputs": [_input(row, found) for row in unfolded["inputs"]],
        "steps": [
            {**row, "name": labels.STEPS.get(row["symbol"], ""), "shown": _figure(row["shown"])}
            for row in unfolded["steps"]
        ],
        "parameters": [_parameter(row) for row in unfolded["parameters"]],
        "roundings": [_parameter(row) for row in unfolded["roundings"]],
        "case": labels.CASES.get(found.case, found.case),
        "may_view_run": may(request.user, Act.VIEW_RUN, found.run),
        "objection": _objection_url(request, found),
        **explained.context(found),
    }
    return paper(
        request,
        "allocation/award.html",
        context,
        name=f"award-{found.run.year}-{found.unit.credit_code}-{found.pk}",
        at=found.run.requested_at,
        author=found.run.authority,
    )


def _objection_url(request: SignedInRequest, award: Award) -> str:
    """Where the award's unit writes its objection; "" for everybody else, and for what isn't approved."""
    own = request.user.unit_id == award.unit_id and access.may(request.user, Act.DRAFT_OBJECTION)
    if not own or award.run.state != State.APPROVED:
        return ""
    settlement = award.run.settlements.select_related("run").get(unit=award.unit_id)
    if not objections.can_be_contested(settlement):
        return ""
    return f"{reverse('allocation:objection_draft', args=[settlement.pk])}?award={award.pk}"


def _input(row: kept_shapes.Input, award: Award) -> dict[str, Any]:
    """An input with its name for people and the page that it comes from."""
    of_plan = row["name"] in ("determined_on", "emissions_year")
    url = reverse("reporting:verified_result", args=[award.result_id])
    if row["name"] == "balance_value":
        url = reverse("allocation:balance_value", args=[award.run.balance_value_id])
    value = LineKind(row["value"]).label if row["name"] == "kind" else row["value"]
    if row["unit"]:
        value = _figure(row["value"])
    name = labels.INPUTS.get(row["name"], row["name"])
    short = shortened(row["value"])
    exact = value if short else ""
    return {**row, "value": short or value, "exact": exact, "label": name, "url": "" if of_plan else url}


def shortened(text: str) -> str:
    """A number of more decimals than a column holds, cut to a few; "" for every other text. A carbide-slag rate can have sixty."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return ""
    whole, _point, decimals = f"{number:f}".partition(".")
    return f"{whole}.{decimals[:SHOWN_PLACES]}" if len(decimals) > MOST_PLACES else ""


def _figure(text: str) -> str:
    """A number of the explanation as figures are written everywhere; its decimals stay."""
    try:
        return figures.quantity(Decimal(text))
    except InvalidOperation:
        return text


def _parameter(row: kept_shapes.Parameter) -> dict[str, Any]:
    """A rule in the page's language: what it is called and where it is written."""
    return {**row, "label": in_language(row["zh"], row["en"]), "cite": in_language(row["cite_zh"], row["cite"])}
