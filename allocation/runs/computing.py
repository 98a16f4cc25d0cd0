"""The job of a run: freeze the inputs, compute from them alone, store everything in one transaction."""

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from allocation import balance_values, kept_shapes, scope
from allocation.models import Award, BalanceValue, DeductionMovement, LeftOut, Run, Settlement, Withholding
from allocation.runs import outcome
from allocation.runs.inputs import lines_of, manifest_of
from allocation.runs.outcome import UnusableRunError
from registry import jobs, journal
from registry.database import bulk
from registry.models import JobItem, Line, Unit
from registry.values.canonical import canonical, sha256

__all__ = ["JOB", "fail"]

JOB = "allocation.run"
# What the job does one after the other (allocation.labels.journal.STAGES).
READING, DETERMINING, EXPLAINING, STORING = "run.reading", "run.determining", "run.explaining", "run.storing"
STEPS, LEAST_STEP = 20, 100  # so often at most, and not for fewer lines: each renews the lease with a statement

State = Run.State


@dataclass(frozen=True, slots=True)
class Computed:
    """A run as it is stored: the manifest, canonical; the result, each award's explanation as text; and the hash over all of it."""

    manifest: str
    result: kept_shapes.Result
    explained: list[str]
    result_sha256: str


@jobs.handler(JOB)
def compute(lease: jobs.Lease) -> None:
    """The job: freeze the inputs, compute from them alone, and store everything in the one transaction that ends the job."""
    run = Run.objects.select_related("authority", "balance_value", "prepared_by").get(pk=lease.job.payload["run"])
    at = lease.job.asked_at
    lease.progress(0, lease.job.total_items, READING)
    lines = lines_of(run, at)
    total = len(lines.results) + len(lines.left_out)
    try:
        computed = _computed(run, lines, functools.partial(lease.progress, total=total))
    except UnusableRunError as error:
        with lease.finishing({"faults": len(error.faults)}):
            fail(run.pk, error.faults)
        return
    lease.progress(total, total, STORING)
    told: dict[str, int] = {}
    items: list[JobItem] = []
    with lease.finishing(told, items):
        if _store(run, computed, lines, at):
            told |= {"awards": len(lines.results), "left_out": len(lines.left_out)}
            items += [_left_out(lease, line, reason) for line, reason in lines.left_out]
        else:
            told["cancelled"] = 1


def _computed(run: Run, lines: scope.Scope, progress: Callable[..., None]) -> Computed:
    """All that is stored, and how far that is: what takes time is done before the transaction, where everybody sees its progress."""
    total = len(lines.results)
    progress(0, stage=DETERMINING)
    _refuse_contradictory(lines)
    manifest = manifest_of(run, lines)
    _refuse_tampered(run.balance_value)
    result = outcome.result_of(manifest)
    explained: list[str] = []
    for text in outcome.explanations(result["awards"]):
        if len(explained) % max(total // STEPS, LEAST_STEP) == 0:
            progress(len(explained), stage=EXPLAINING)
        explained.append(text)
    return Computed(canonical(manifest), result, explained, outcome.digest_of(result, explained))


def _left_out(lease: jobs.Lease, line: Line, reason: str) -> JobItem:
    """What became of a line without an award; those that have one need no more words."""
    return lease.item(scope.line_key(line), succeeded=False, message=str(LeftOut.Reason(reason).label))


def _refuse_contradictory(lines: scope.Scope) -> None:
    """A pre-allocation knows no rules of determination: what contradicts a line's life is refused before either is computed."""
    fault = _(
        "%(line)s: emissions are verified for %(year)d, but the line was commissioned on %(day)s; correct whichever "
        "is wrong."
    )
    faults = [
        fault % {"line": scope.line_key(one.line), "year": one.year, "day": one.line.commissioned}
        for one in lines.contradictory
    ]
    if faults:
        raise UnusableRunError(faults)


def _refuse_tampered(balance_value: BalanceValue | None) -> None:
    if balance_value and balance_values.tampered(balance_value):
        fault = _(
            "The published balance value is not what was computed and published: no quota may be determined with it."
        )
        told = _("Inform the operators and the ministry.")
        raise UnusableRunError([f"{fault} {told}"])


def _store(run: Run, computed: Computed, lines: scope.Scope, at: dt.datetime) -> bool:
    """Whether it was stored: a run that was cancelled in the meantime is not."""
    if Run.objects.select_for_update().values_list("state", flat=True).get(pk=run.pk) != State.PREPARING:
        return False
    _store_awards(run, zip(computed.result["awards"], computed.explained, strict=True), lines)
    _store_settlements(run, computed.result["settlements"], lines)
    _store_movements(run, computed.result["settlements"])
    left_out = [(run.pk, line.unit_id, line.pk, reason) for line, reason in lines.left_out]
    bulk.insert(LeftOut, ("run", "unit", "line", "reason"), left_out)
    run.manifest, run.manifest_sha256 = computed.manifest, sha256(computed.manifest.encode())
    run.result_sha256, run.state = computed.result_sha256, State.PREPARED
    run.save(update_fields=["manifest", "manifest_sha256", "result_sha256", "state"])
    journal.record(
        "run.prepared", run, by=run.prepared_by, at=at, manifest=run.manifest_sha256, result=run.result_sha256
    )
    return True


def _store_awards(run: Run, explained: Iterable[tuple[kept_shapes.AwardRow, str]], lines: scope.Scope) -> None:
    by_key = {scope.line_key(found.line): found for found in lines.results}
    rows = []
    for row, text in explained:
        found = by_key[row["line"]]
        named = (row[name] for name in outcome.AWARD_FIELDS)
        rows.append((run.pk, found.line.unit_id, found.line_id, found.pk, *named, text))
    bulk.insert(Award, ("run", "unit", "line", "result", *outcome.AWARD_FIELDS, "explanation"), rows)


def _store_settlements(run: Run, rows: list[kept_shapes.SettlementRow], lines: scope.Scope) -> None:
    units = {found.line.unit.credit_code: found.line.unit_id for found in lines.results}
    gone = [row["unit"] for row in rows if row["unit"] not in units]  # got something in advance, and has no line left
    units |= {code: unit.pk for code, unit in Unit.objects.in_bulk(gone, field_name="credit_code").items()}
    columns = outcome.SETTLEMENT_FIELDS
    settled = [(run.pk, units[row["unit"]], *(row[name] for name in columns)) for row in rows]
    bulk.insert(Settlement, ("run", "unit", *columns), settled)


def _store_movements(run: Run, rows: list[kept_shapes.SettlementRow]) -> None:
    """What the run takes from earlier decisions and gives back to them, and what of it is withheld."""
    if not any(row.get("deductions") or "withheld" in row for row in rows):
        return
    of_unit = dict(run.settlements.values_list("unit__credit_code", "pk"))
    moved = [
        DeductionMovement(
            settlement_id=of_unit[row["unit"]],
            deduction_id=int(balance["decision"]),
            before=balance["before"],
            given_back=balance["given_back"],
            taken=balance["taken"],
        )
        for row in rows
        for balance in row.get("deductions", ())
    ]
    DeductionMovement.objects.bulk_create(moved, batch_size=500)
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


def fail(pk: int, faults: list[str]) -> None:
    run = Run.objects.select_for_update().get(pk=pk)
    if run.state == State.PREPARING:
        run.state, run.faults = State.FAILED, faults
        run.save(update_fields=["state", "faults"])
