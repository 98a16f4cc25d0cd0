"""Runs: prepare an authority's quota of a sector and year in a job, have a second person approve exactly that, or refuse it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from allocation import (
    adjustments,
    balance_values,
    differentiated,
    in_force,
    issued,
    objections,
    outcome,
    plans,
    pots,
    scope,
    telling,
)
from allocation.method.rules import rules_of
from allocation.models import Award, BalanceValue, LeftOut, Letter, PotMovement, Run, Settlement, Withholding
from allocation.outcome import UnusableRunError
from registry import bulk, jobs, journal
from registry.calendar import local_day
from registry.canonical import canonical, digest, sha256
from registry.models import Authority, Person, Unit
from registry.refusal import Refusal

__all__ = ["approve", "cancel", "may_begin", "overtaken", "prepare", "refuse", "stale", "stored_result", "tampered"]

JOB = "allocation.run"

State = Run.State
Kind = Run.Kind


@transaction.atomic
def prepare(
    authority: Authority,
    sector: str,
    year: int,
    kind: str,
    *,
    ground: str = "",
    reason: str = "",
    by: Person,
    at: dt.datetime,
) -> Run:
    """Ask for a run. Refused from a draft plan, without a published balance value where the plan needs one, and while another
    run of the same scope is open.

    Where a determination is approved already, it is made once more, over all its lines; that needs a `ground` (Run.Ground) and a
    reason. Plan and balance value stay, and closings count up to the day of the first determination.
    """
    plan = _governing_plan(sector, year)
    balance_value = _refuse_unready(plan, authority, sector, year, kind)
    _give_up_dead(authority, sector, year, kind)
    before = _approved(authority, sector, year, kind).count()
    reason = reason.strip()
    if before:
        _refuse_again_without(kind, ground, reason)
    try:
        with transaction.atomic():
            run = Run.objects.create(
                kind=kind,
                authority=authority,
                sector=sector,
                year=year,
                time=before + 1,
                ground=ground if before else "",
                reason=reason if before else "",
                plan_id=plan.id,
                balance_value=balance_value,
                prepared_by=by,
                requested_at=at,
            )
    except IntegrityError as error:
        raise Refusal(
            _("A run for this sector and year is open already: approve, refuse or cancel it first.")
        ) from error
    run.job = jobs.enqueue(JOB, key=f"{JOB}:{run.pk}", by=by, at=at, payload={"run": run.pk})
    run.save(update_fields=["job"])
    again = {"time": run.time, "ground": run.ground, "reason": reason} if before else {}
    journal.record("run.requested", run, by=by, at=at, kind=kind, sector=sector, year=year, plan=plan.id, **again)
    return run


@transaction.atomic
def approve(run: Run, *, manifest_sha256: str, result_sha256: str, by: Person, at: dt.datetime) -> Run:
    """A second person approves what these two hashes name. Refused where the run is no longer that."""
    run = _locked(run, State.PREPARED)
    if by.pk == run.prepared_by_id:
        raise Refusal(_("Whoever prepared the run can't approve it: a second person must."))
    if (manifest_sha256, result_sha256) != (run.manifest_sha256, run.result_sha256):
        raise Refusal(_("What you looked at is not what the run holds; look at it again."))
    if tampered(run):
        raise Refusal(_("The stored awards don't match the run's hash. Don't issue from it; tell the operators."))
    pots.lock(run.authority, run.sector)
    if run.kind == Kind.DETERMINATION:
        _refuse_on_the_way(run.authority, run.sector, run.year)
    if stale(run, at):
        raise Refusal(
            _(
                "What the run was made from has changed since: results, directory, deductions or marks. Prepare it again."
            )
        )
    run.state, run.approved_by, run.approved_at = State.APPROVED, by, at
    try:
        with transaction.atomic():
            run.save(update_fields=["state", "approved_by", "approved_at"])
    except IntegrityError as error:  # another run of the scope was approved at the same moment
        raise Refusal(_("This quota is approved already.")) from error
    _tell(run, at)
    adjusted = len(adjustments.send(run, by=by, at=at))
    facts = {"adjusted": adjusted} if run.time > 1 else {}
    journal.record("run.approved", run, by=by, at=at, manifest=manifest_sha256, result=result_sha256, **facts)
    return run


def _tell(run: Run, at: dt.datetime) -> None:
    """Whoever gets a quota, or another one, is told, and can object to it."""
    changed = [change.after.unit_id for change in adjustments.changes(run) if run.time == 1 or change.is_one]
    telling.quota_approved(run, changed, objections.last_day(run), at)


@transaction.atomic
def refuse(run: Run, *, reason: str, by: Person, at: dt.datetime) -> Run:
    """The run is not approved, and why."""
    run = _locked(run, State.PREPARED)
    if not reason.strip():
        raise Refusal(_("A refusal needs a reason."))
    run.state, run.refused_by, run.refused_at, run.refusal_reason = State.REFUSED, by, at, reason
    run.save(update_fields=["state", "refused_by", "refused_at", "refusal_reason"])
    journal.record("run.refused", run, by=by, at=at, reason=reason)
    return run


@transaction.atomic
def cancel(run: Run, *, by: Person, at: dt.datetime) -> Run:
    """Take back a run that isn't approved, so that another can be prepared; a job under way then finds nothing to write."""
    run = _locked(run, State.PREPARING, State.PREPARED)
    run.state = State.CANCELLED
    run.save(update_fields=["state"])
    if run.job:
        jobs.cancel(run.job)
    journal.record("run.cancelled", run, by=by, at=at)
    return run


@jobs.handler(JOB)
def compute(lease: jobs.Lease) -> None:
    """The job: freeze the inputs, compute from them alone, and store everything in the one transaction that ends the job."""
    run = Run.objects.select_related("authority", "balance_value").get(pk=lease.job.payload["run"])
    at = lease.job.asked_at
    lines = _lines(run, at)
    lease.progress(0, len(lines.results) + len(lines.left_out))
    manifest = _manifest(run, lines)
    try:
        _refuse_tampered(run.balance_value)
        result = outcome.result_of(manifest)
    except UnusableRunError as error:
        with lease.finishing({"faults": len(error.faults)}):
            _fail(run, error.faults)
        return
    lease.progress(len(lines.results), len(lines.results) + len(lines.left_out))
    told: dict[str, int] = {}
    with lease.finishing(told):
        if _store(run, manifest, result, lines, at):
            told |= {"awards": len(result["awards"]), "left_out": len(result["left_out"])}
        else:
            told["cancelled"] = 1


def _refuse_tampered(balance_value: BalanceValue | None) -> None:
    if balance_value and balance_values.tampered(balance_value):
        fault = _(
            "The published balance value is not what was computed and published: no quota may be determined with it."
        )
        raise UnusableRunError([f"{fault} {_('Tell the operators and the ministry.')}"])


def stored_result(run: Run) -> dict[str, Any]:
    """The run's result as the database holds it now, in the shape of `outcome.result_of`."""
    awards = [outcome.written_award(scope.line_key(row.line), row) for row in _plain(run.awards)]
    settlements = run.settlements.order_by().select_related("unit", "withholding").prefetch_related("movements")
    left_out = [{"line": scope.line_key(row.line), "reason": row.reason} for row in _plain(run.left_out)]
    return {
        "awards": sorted(awards, key=lambda row: row["line"]),
        "settlements": sorted(
            (outcome.written_settlement(row.unit.credit_code, row) for row in settlements), key=lambda row: row["unit"]
        ),
        "left_out": sorted(left_out, key=lambda row: row["line"]),
    }


def _plain(rows: Any) -> Any:
    """The run's rows with their lines, in no order: they are sorted by name afterwards, as `outcome.result_of` sorts them."""
    return rows.order_by().select_related("line__unit")


def tampered(run: Run) -> bool:
    """Whether manifest or result are no longer what their hashes say."""
    manifest_holds = sha256(run.manifest.encode()) == run.manifest_sha256
    return not manifest_holds or digest(stored_result(run)) != run.result_sha256


def stale(run: Run, at: dt.datetime) -> bool:
    """Whether the run would be made from something else at `at`: a newer verified result, another directory, another advance."""
    return canonical(_manifest(run, _lines(run, at))) != run.manifest


def overtaken(run: Run, at: dt.datetime) -> list[str]:
    """The keys of the lines with another verified result than the run's, or with one that it has not got, or that it should not have."""
    known = {row["line"]: row["result"] for row in run.inputs["lines"]}
    now = {scope.line_key(result.line): result.pk for result in _lines(run, at).results}
    return sorted(key for key in known.keys() | now.keys() if known.get(key) != now.get(key))


def _lines(run: Run, at: dt.datetime) -> scope.Scope:
    """The lines that the run is about, with the results that stand at `at`."""
    first = _first_day(run) if run.time > 1 else None
    return scope.of_run(run.authority, run.sector, run.year, run.kind, at, first)


def _manifest(run: Run, lines: scope.Scope) -> dict[str, Any]:
    """The inputs as they stand now, for the day on which the quota was determined first."""
    of = (run.authority, run.sector, run.year)
    before, advances, held = issued.by_unit(*of), issued.by_line(*of), pots.of_run(*of)
    marks = differentiated.of_run(*of) if run.kind == Kind.DETERMINATION else {}
    return outcome.manifest_of(run, lines, before, advances, held, marks, _first_day(run))


def _first_day(run: Run) -> dt.date:
    """The day of determination: that of the scope's first approved run, if there is one."""
    first = _approved(run.authority, run.sector, run.year, run.kind).filter(time=1)
    return local_day(first.values_list("requested_at", flat=True).first() or run.requested_at)


def _approved(authority: Authority, sector: str, year: int, kind: str) -> QuerySet[Run]:
    return Run.objects.filter(authority=authority, sector=sector, year=year, kind=kind, state=State.APPROVED)


def _store(run: Run, manifest: dict[str, Any], result: dict[str, Any], lines: scope.Scope, at: dt.datetime) -> bool:
    """Whether it was stored: a run that was cancelled in the meantime is not."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.state != State.PREPARING:
        return False
    explained = outcome.explanations(result["awards"])
    _store_awards(run, zip(result["awards"], explained, strict=True), lines)
    _store_settlements(run, result["settlements"], lines)
    _store_movements(run, result["settlements"])
    left_out = [(run.pk, line.unit_id, line.pk, reason) for line, reason in lines.left_out]
    bulk.insert(LeftOut, ("run", "unit", "line", "reason"), left_out)
    text = canonical(manifest)
    run.manifest, run.manifest_sha256 = text, sha256(text.encode())
    run.result_sha256, run.state = outcome.digest_of(result, explained), State.PREPARED
    run.save(update_fields=["manifest", "manifest_sha256", "result_sha256", "state"])
    journal.record(
        "run.prepared", run, by=run.prepared_by, at=at, manifest=run.manifest_sha256, result=run.result_sha256
    )
    return True


def _store_awards(run: Run, explained: Iterable[tuple[dict[str, Any], str]], lines: scope.Scope) -> None:
    by_key = {scope.line_key(found.line): found for found in lines.results}
    rows = []
    for row, text in explained:
        found = by_key[row["line"]]
        named = (row[name] for name in outcome.AWARD_FIELDS)
        rows.append((run.pk, found.line.unit_id, found.line_id, found.pk, *named, text))
    bulk.insert(Award, ("run", "unit", "line", "result", *outcome.AWARD_FIELDS, "explanation"), rows)


def _store_settlements(run: Run, rows: list[dict[str, Any]], lines: scope.Scope) -> None:
    units = {found.line.unit.credit_code: found.line.unit_id for found in lines.results}
    gone = [row["unit"] for row in rows if row["unit"] not in units]  # got something in advance, and has no line left
    units |= {code: unit.pk for code, unit in Unit.objects.in_bulk(gone, field_name="credit_code").items()}
    columns = outcome.SETTLEMENT_FIELDS
    settled = [(run.pk, units[row["unit"]], *(row[name] for name in columns)) for row in rows]
    bulk.insert(Settlement, ("run", "unit", *columns), settled)


def _store_movements(run: Run, rows: list[dict[str, Any]]) -> None:
    """What the run takes from earlier decisions and gives back to them, and what of it is withheld."""
    if not any(row.get("pots") or "withheld" in row for row in rows):
        return
    of_unit = dict(run.settlements.values_list("unit__credit_code", "pk"))
    moved = [
        PotMovement(
            settlement_id=of_unit[row["unit"]],
            deduction_id=int(pot["decision"]),
            **{name: pot[name] for name in outcome.POT_FIELDS},
        )
        for row in rows
        for pot in row.get("pots", ())
    ]
    PotMovement.objects.bulk_create(moved, batch_size=500)
    withheld = [
        Withholding(
            settlement_id=of_unit[row["unit"]],
            differentiation_id=row["withheld"]["mark"],
            tonnes=row["withheld"]["tonnes"],
        )
        for row in rows
        if "withheld" in row
    ]
    Withholding.objects.bulk_create(withheld, batch_size=500)


def _fail(run: Run, faults: list[str]) -> None:
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.state == State.PREPARING:
        run.state, run.faults = State.FAILED, faults
        run.save(update_fields=["state", "faults"])


def may_begin(authority: Authority, sector: str, year: int, kind: str) -> bool:
    """Whether `prepare` would begin, as far as plan, balance value and issued quota go."""
    try:
        _refuse_unready(_governing_plan(sector, year), authority, sector, year, kind)
    except Refusal:
        return False
    return True


def _governing_plan(sector: str, year: int) -> plans.Plan:
    try:
        return plans.in_force(sector, year)
    except plans.PlanError as error:
        raise Refusal(str(error)) from error


def _refuse_unready(plan: plans.Plan, authority: Authority, sector: str, year: int, kind: str) -> BalanceValue | None:
    """The published balance value where the run needs one; raises where it can't begin."""
    if kind == Kind.PRE_ALLOCATION:
        if plan.for_year(year).find("pre_allocation.rate") is None:
            raise Refusal(_("The plan has no pre-allocation for %(year)s.") % {"year": year})
        if in_force.determination(authority, sector, year):
            raise Refusal(_("The quota of this year is determined already; nothing is allocated in advance any more."))
        return None
    if issued.unissued_pre_allocation(authority, sector, year):
        raise Refusal(_("A pre-allocation of this sector and year is not finished; issue or cancel it first."))
    _refuse_on_the_way(authority, sector, year)
    if not rules_of(plan, sector, year).needs_balance_value:
        return None
    if (found := balance_values.published(sector, year)) is None:
        raise Refusal(
            _("The balance value of this sector and year is not published yet; the ministry must publish it first.")
        )
    return found


def _refuse_again_without(kind: str, ground: str, reason: str) -> None:
    if kind == Kind.PRE_ALLOCATION:
        raise Refusal(_("This quota is approved already."))
    if ground not in Run.Ground.values or not reason:
        raise Refusal(_("This quota is determined already: to determine it once more, give the ground and the reason."))


def _refuse_on_the_way(authority: Authority, sector: str, year: int) -> None:
    """What an approved run says must have been issued, or not have been asked for, before it can be replaced."""
    approved = _approved(authority, sector, year, Kind.DETERMINATION).filter(letter__isnull=False)
    letter = approved.exclude(letter__state=Letter.State.EXECUTED).values_list("letter__number", flat=True).first()
    if letter is not None:
        raise Refusal(
            _("Letter %(number)s over the quota determined before is not executed yet; wait for its issue.")
            % {"number": letter}
        )


def _give_up_dead(authority: Authority, sector: str, year: int, kind: str) -> None:
    """A run whose job ended without a result is in nobody's hands: it makes way."""
    dead = Run.objects.filter(authority=authority, sector=sector, year=year, kind=kind, state=State.PREPARING)
    for run in dead.filter(job__state__in=["failed", "cancelled"]).select_related("job"):
        _fail(run, [run.job.error if run.job else ""])


def _locked(run: Run, *states: State) -> Run:
    """The run, locked, if it is in one of the states; else somebody was faster."""
    run = Run.objects.select_for_update(of=("self",)).select_related("authority", "job", "prepared_by").get(pk=run.pk)
    if run.state not in states:
        raise Refusal(_("Somebody else has dealt with this run in the meantime; look at it again."))
    return run
