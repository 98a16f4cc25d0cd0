"""Hypothetical recomputations: what a published balance value would be with today's results. Compared and kept, never swapped in.

The plan, the day up to which a closing counts and the rounding are those of the published value's manifest; the directory and the
verified results are those of the instant. It decides nothing, so one person of the ministry is enough.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from allocation import kept_shapes as written
from allocation import scope
from allocation.balance_values import acts as balance_values
from allocation.method import balance
from allocation.method.determination import Determination, determine_under
from allocation.method.distribution import grouped
from allocation.method.line_facts import UnusableLinesError, with_unit_totals
from allocation.method.recomputed import changes, moved
from allocation.method.report import report, totals
from allocation.models import BalanceValue, Recomputation
from registry import jobs, journal
from registry.access import acting
from registry.database import locking
from registry.models import Authority, Person, Unit
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.canonical import canonical, sha256

__all__ = ["Province", "provinces", "request"]

JOB = "allocation.recomputation"

State = Recomputation.State


@dataclass(frozen=True, slots=True)
class Province:
    """A province's tonnes as published and as recomputed."""

    authority: Authority
    emissions_before: int
    quota_before: int
    emissions_after: int
    quota_after: int

    @property
    def difference(self) -> int:
        return self.quota_after - self.quota_before


@acting(Act.COMPUTE_BALANCE_VALUE)
@transaction.atomic
def request(published: BalanceValue, *, by: Person, at: dt.datetime) -> Recomputation:
    """Ask for the published value to be recomputed, from the verified results that stand at `at`."""
    if published.state != BalanceValue.State.PUBLISHED:
        raise Refusal(_("Only a published value is recomputed for comparison; this one can simply be recomputed."))
    over = ["failed", "cancelled"]
    dead = Recomputation.objects.filter(published=published, state=State.COMPUTING, job__state__in=over)
    dead.update(state=State.FAILED, fault=_("The job failed."))
    with locking.only_once(_("It is already being computed; wait for the result.")):
        asked = Recomputation.objects.create(published=published, asked_by=by, asked_at=at)
    asked.job = jobs.enqueue(JOB, key=f"{JOB}:{asked.pk}", by=by, at=at, payload={"recomputation": asked.pk})
    asked.save(update_fields=["job"])
    journal.record(
        "recomputation.requested",
        asked,
        by=by,
        at=at,
        balance_value=published.pk,
        sector=published.sector,
        year=published.year,
    )
    return asked


@jobs.handler(JOB)
def compute(lease: jobs.Lease) -> None:
    """The job: solve from today's results, compare line by line, keep it."""
    row = Recomputation.objects.select_related("published").get(pk=lease.job.payload["recomputation"])
    published, at = row.published, lease.job.asked_at
    earlier, rules = balance_values.inputs(published)
    results = scope.of_balance_value(published.sector, published.year, at).results
    lines = with_unit_totals(scope.line_inputs(results))
    lease.progress(0, len(lines))
    try:
        found = report(lines, rules)
    except (UnusableLinesError, balance.NoBalanceValueError) as fault:
        with lease.finishing({"failed": str(fault)}):
            row.state, row.fault = State.FAILED, str(fault)
            row.save(update_fields=["state", "fault"])
        return
    before = determine_under(rules.at(published.decimal), earlier)
    after = determine_under(rules.at(found.solution.value), lines)
    manifest = canonical(
        {
            "method": balance_values.METHOD,
            "hypothetical_of": published.manifest_sha256,
            "plan": json.loads(published.manifest)["plan"],
            "results": [
                {**line.canonical(), "result": result.pk, "version": result.version}
                for line, result in zip(lines, results, strict=True)
            ],
        }
    )
    with lease.finishing({"value": f"{found.solution.value:f}", "lines": len(lines)}):
        row.state, row.value, row.exact = State.COMPUTED, found.solution.value, str(found.solution.root)
        row.report = canonical({**found.canonical(), "lines": len(lines)})
        row.comparison = canonical(_compared(before, after))
        row.manifest, row.manifest_sha256 = manifest, sha256(manifest.encode())
        row.save(update_fields=["state", "value", "exact", "report", "comparison", "manifest", "manifest_sha256"])
        journal.record("recomputation.computed", row, by=row.asked_by, at=at, value=f"{row.value:f}")


def _compared(before: Sequence[Determination], after: Sequence[Determination]) -> written.Comparison:
    """What differs: lines, and tonnes by province; a unit is counted where it belongs now. One query."""
    codes = {one.line.unit for one in (*before, *after)}
    of_unit = dict(Unit.objects.filter(credit_code__in=codes).values_list("credit_code", "authority__code"))
    sums = [_by_province(side, of_unit) for side in (before, after)]
    nothing = (0, 0)
    return {
        "lines": [one.canonical() for one in changes(before, after)],
        "moved": moved(before, after),
        "totals": (_totals(before), _totals(after)),
        "provinces": [
            {"authority": code, "before": sums[0].get(code, nothing), "after": sums[1].get(code, nothing)}
            for code in sorted(sums[0].keys() | sums[1].keys())
        ],
    }


def _by_province(side: Iterable[Determination], of_unit: dict[str, str]) -> dict[str, tuple[int, int]]:
    """Emissions and quota of each province, by its code."""
    return {one.key: (one.emissions, one.quota) for one in grouped(side, lambda each: of_unit[each.line.unit])}


def _totals(side: Sequence[Determination]) -> written.SideTotals:
    summed = totals(side)
    return {"emissions": summed.total_emissions, "quota": summed.total_quota, "lines": len(side)}


def provinces(row: Recomputation) -> list[Province]:
    """Each province's tonnes as published and as recomputed, in the order of codes. One query."""
    written = row.compared.get("provinces", [])
    codes = [one["authority"] for one in written]
    named = {one.code: one for one in Authority.objects.filter(code__in=codes)}
    return [Province(named[one["authority"]], *one["before"], *one["after"]) for one in written]
