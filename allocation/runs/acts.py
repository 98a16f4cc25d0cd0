"""What people do with runs: ask for one, approve exactly what they looked at, refuse it, take it back."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from allocation import notifications, objections
from allocation.compliance import adjustments
from allocation.compliance.adjustments import Change
from allocation.deductions import balances
from allocation.models import Run
from allocation.runs.computing import JOB, fail
from allocation.runs.inputs import Look, approved, look, stale_since
from allocation.runs.kept_results import tampered
from allocation.runs.readiness import governing_plan, refuse_again_without, refuse_on_the_way, refuse_unready
from allocation.scope import after_objection
from registry import jobs, journal, two_people
from registry.access import acting
from registry.database import locking
from registry.models import Authority, Person
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.bilingual import listed

__all__ = ["approve", "cancel", "prepare", "refuse"]

State = Run.State
Kind = Run.Kind


@acting(Act.PREPARE_RUN)
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

    Where a determination is approved already, it is made again, over all its lines; that needs a `ground` (Run.Ground) and a
    reason. Plan and balance value stay, and closings count up to the day of the first determination.
    """
    plan = governing_plan(sector, year)
    balance_value = refuse_unready(plan, authority, sector, year, kind)
    _give_up_dead(authority, sector, year, kind)
    before = approved(authority, sector, year, kind).count()
    reason = reason.strip()
    if before:
        refuse_again_without(kind, ground, reason)
    with locking.only_once(_("A run for this sector and year is already open: approve, refuse or cancel it first.")):
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
    run.job = jobs.enqueue(JOB, key=f"{JOB}:{run.pk}", by=by, at=at, payload={"run": run.pk}, is_first=True)
    run.save(update_fields=["job"])
    again: dict[str, Any] = {"time": run.time, "ground": run.ground, "reason": reason} if before else {}
    journal.record("run.requested", run, by=by, at=at, kind=kind, sector=sector, year=year, plan=plan.id, **again)
    return run


@acting(Act.APPROVE_RUN)
def approve(run: Run, *, manifest_sha256: str, result_sha256: str, by: Person, at: dt.datetime) -> Run:
    """A second person approves what these two hashes name. Refused where the run is no longer that."""
    # What takes time is done before anything is locked: what is stored of a prepared run never changes, and from what it was made is
    # gone through again under the lock if anything has happened by then.
    stored = Run.objects.select_related("authority", "balance_value").get(pk=run.pk)
    hashes = (manifest_sha256, result_sha256)
    holds = hashes == (stored.manifest_sha256, stored.result_sha256) and not tampered(stored)
    return _approve(run, hashes, holds, look(stored, at), by, at)


@transaction.atomic
def _approve(run: Run, hashes: tuple[str, str], holds: bool, looked: Look, by: Person, at: dt.datetime) -> Run:
    """`holds` is whether manifest and result that are stored were found to be what these hashes say."""
    run = _locked(run, State.PREPARED)
    two_people.refuse_same(by, run.prepared_by_id)
    if hashes != (run.manifest_sha256, run.result_sha256):
        raise Refusal(_("The run has changed since you viewed it; review it again."))
    if not holds:
        raise Refusal(
            _("The stored line allocations don't match the run's hash. Don't issue from it; inform the operators.")
        )
    # A letter over the run that this one replaces is written under the same lock: either it is seen below, or it is of this run.
    locking.hold(Authority, pk=run.authority_id)
    balances.lock(run.authority, run.sector)
    if run.kind == Kind.DETERMINATION:
        refuse_on_the_way(run.authority, run.sector, run.year)
    if stale_since(looked, run, at):
        raise Refusal(
            _("The run's inputs have changed: results, directory, deductions or designations. Prepare it again.")
        )
    _refuse_empty_answer(run)
    contested = after_objection.granted_in(run) if run.time > 1 else []  # what no run is approved for, nobody contests
    run.state, run.approved_by, run.approved_at = State.APPROVED, by, at
    # another run of the scope was approved at the same moment
    with locking.only_once(_("This quota has already been approved.")):
        run.save(update_fields=["state", "approved_by", "approved_at"])
    changes = adjustments.changes(run)
    _tell(run, changes, at)
    notifications.objections_followed(run, contested, at)
    notifications.decided(run, run.prepared_by, "run.prepared", at, approved=True)
    notices = adjustments.send(run, changes, by=by, at=at)
    facts: dict[str, Any] = {"adjusted": len(notices)} if run.time > 1 else {}
    journal.record("run.approved", run, by=by, at=at, papers=notices, manifest=hashes[0], result=hashes[1], **facts)
    return run


def _refuse_empty_answer(run: Run) -> None:
    """A determination made because an objection was granted has to change something of what was contested."""
    if run.ground == Run.Ground.OBJECTION and (unmoved := after_objection.unmoved(run)):
        units = listed(sorted({str(each.unit) for each in unmoved}))
        raise Refusal(
            _(
                "A run that leaves the contested figures unchanged does not implement a granted objection "
                "(%(units)s): have the result re-verified first."
            )
            % {"units": units}
        )


def _tell(run: Run, changes: Iterable[Change], at: dt.datetime) -> None:
    """Whoever gets a quota, or another one, is told, and can object to it."""
    changed = [change.after.unit_id for change in changes if run.time == 1 or change.is_one]
    notifications.quota_approved(run, changed, objections.last_day(run), at)


@acting(Act.APPROVE_RUN)
@transaction.atomic
def refuse(run: Run, *, reason: str, by: Person, at: dt.datetime) -> Run:
    """The run is not approved, and why."""
    run = _locked(run, State.PREPARED)
    reason = two_people.reason_of(reason)
    run.state, run.refused_by, run.refused_at, run.refusal_reason = State.REFUSED, by, at, reason
    run.save(update_fields=["state", "refused_by", "refused_at", "refusal_reason"])
    notifications.decided(run, run.prepared_by, "run.prepared", at, approved=False)
    journal.record("run.refused", run, by=by, at=at, reason=reason)
    return run


@acting(Act.PREPARE_RUN)
@transaction.atomic
def cancel(run: Run, *, by: Person, at: dt.datetime) -> Run:
    """Take back a run that isn't approved, so that another can be prepared; a job under way then finds nothing to write."""
    run = _locked(run, State.PREPARING, State.PREPARED)
    run.state = State.CANCELLED
    run.save(update_fields=["state"])
    if run.job:
        jobs.cancel(run.job)
    notifications.cancelled(run, at, by=by)
    journal.record("run.cancelled", run, by=by, at=at)
    return run


def _give_up_dead(authority: Authority, sector: str, year: int, kind: str) -> None:
    """A run whose job ended without a result is in nobody's hands: it makes way."""
    dead = Run.objects.filter(authority=authority, sector=sector, year=year, kind=kind, state=State.PREPARING)
    for pk, error in dead.filter(job__state__in=["failed", "cancelled"]).values_list("pk", "job__error"):
        fail(pk, [error])


def _locked(run: Run, *states: State) -> Run:
    """The run, locked, if it is in one of the states; else somebody was faster."""
    return locking.in_state(Run.objects.select_related("authority"), run, *states)
