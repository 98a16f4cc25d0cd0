"""Balance values: the ministry computes a sector's value of a year in a job, a second person publishes it."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from django.db import transaction

from allocation import kept_shapes, notifications, plans, scope
from allocation.balance_values import outliers
from allocation.method import balance
from allocation.method.line_facts import LineInput, UnusableLinesError, with_unit_totals
from allocation.method.plan_rules import Rules, rules_of
from allocation.method.report import report
from allocation.models import BalanceValue, LeftOut
from registry import jobs, journal, two_people
from registry.access import acting
from registry.database import locking
from registry.labels import kept_sentences
from registry.labels.kept_sentences import gettext as _
from registry.law.calendar import local_day
from registry.models import JournalEntry, Person
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.canonical import canonical, digest, sha256
from reporting.models import VerifiedResult

__all__ = ["METHOD", "inputs", "publish", "published", "request", "stale", "tampered", "withdraw"]

METHOD = "allocation.balance_value/2"  # a change of the method that could change a value gets another number
JOB = "allocation.balance_value"

State = BalanceValue.State


def published(sector: str, year: int) -> BalanceValue | None:
    """The value that determines the sector's quota of the year; None until it is published."""
    return BalanceValue.objects.filter(sector=sector, year=year, state=State.PUBLISHED).first()


def tampered(bv: BalanceValue) -> bool:
    """Whether a computed value is no longer what its inputs give, or a published one not what the journal says was published."""
    if sha256(bv.manifest.encode()) != bv.manifest_sha256:
        return True
    if bv.state == State.PUBLISHED and (bv.decimal, bv.manifest_sha256) != _as_journalled(bv):
        return True
    solution = _solved_again(bv)
    ends = [str(end) for end in solution.interval] if solution.interval else ["", ""]
    return (solution.value, str(solution.root), *ends) != (bv.value, bv.exact, bv.low, bv.high)


def _as_journalled(bv: BalanceValue) -> tuple[Decimal, str] | None:
    """Value and manifest as they stood when the value was published; None where the journal knows nothing of it."""
    entries = JournalEntry.objects.filter(
        act="balance_value.published", subject_type=bv._meta.label_lower, subject_id=str(bv.pk)
    )
    entry = entries.order_by("sequence").last()
    facts = json.loads(entry.facts) if entry else None
    return (Decimal(facts["value"]), facts["manifest"]) if facts else None


def _solved_again(bv: BalanceValue) -> balance.BalanceValue:
    return balance.solve(*inputs(bv))


def inputs(bv: BalanceValue) -> tuple[list[LineInput], Rules]:
    """What a computed value was solved from, from nothing but the manifest: its lines, and the rules without a value."""
    manifest = json.loads(bv.manifest)
    plan = plans.Plan.from_canonical(manifest["plan"])
    rules = rules_of(plan, manifest["sector"], manifest["year"], local_day(bv.requested_at))
    return with_unit_totals([LineInput.from_canonical(row) for row in manifest["results"]]), rules


@acting(Act.COMPUTE_BALANCE_VALUE)
@transaction.atomic
def request(sector: str, year: int, *, by: Person, at: dt.datetime) -> BalanceValue:
    """Ask for the value of a sector and year to be computed from the listed lines' verified results that stand at `at`.

    Refused while a result can't be used, or is an outlier and nobody has confirmed that it stands (allocation.balance_values.outliers).
    """
    plan = _plan(sector, year)
    if not rules_of(plan, sector, year).needs_balance_value:
        raise Refusal(
            _("The plan requires no balance value for %(year)s: quota equals verified emissions.") % {"year": year}
        )
    if published(sector, year):
        raise Refusal(_("The balance value of this sector and year is published; later results do not change it."))
    outliers.refuse_unsettled(outliers.of(sector, year, at))
    _give_up_dead(sector, year)
    with locking.only_once(_("This balance value is already being computed; wait for the result.")):
        asked = BalanceValue.objects.create(sector=sector, year=year, plan_id=plan.id, computed_by=by, requested_at=at)
    asked.job = jobs.enqueue(JOB, key=f"{JOB}:{asked.pk}", by=by, at=at, payload={"balance_value": asked.pk})
    asked.save(update_fields=["job"])
    journal.record("balance_value.requested", asked, by=by, at=at, sector=sector, year=year, plan=plan.id)
    return asked


@acting(Act.PUBLISH_BALANCE_VALUE)
@transaction.atomic
def publish(bv: BalanceValue, *, by: Person, at: dt.datetime) -> BalanceValue:
    """A second person publishes the value: from then on it determines quota. Refused where results have changed since."""
    bv = locking.in_state(BalanceValue.objects.all(), bv, State.COMPUTED)
    two_people.refuse_same(by, bv.computed_by_id)
    if published(bv.sector, bv.year):
        raise Refusal(_("The balance value of this sector and year is published; later results do not change it."))
    if tampered(bv):
        raise Refusal(_("The stored value does not follow from its inputs. Don't publish it; inform the operators."))
    if _differs(bv, at):
        raise Refusal(_("Verified results or the plan have changed since this value was computed; compute it again."))
    outliers.refuse_unsettled(outliers.of(bv.sector, bv.year, at))
    bv.state, bv.published_by, bv.published_at = State.PUBLISHED, by, at
    # somebody published another computation at the same moment
    with locking.only_once(
        _("The balance value of this sector and year is published; later results do not change it.")
    ):
        bv.save(update_fields=["state", "published_by", "published_at"])
    others = _supersede_others(bv, kept_sentences.kept(_("Another computation of this value was published.")))
    notifications.balance_value_published(bv, at)
    journal.record(
        "balance_value.published",
        bv,
        by=by,
        at=at,
        papers=others,
        sector=bv.sector,
        year=bv.year,
        value=f"{bv.value:f}",
        manifest=bv.manifest_sha256,
    )
    return bv


@acting(Act.COMPUTE_BALANCE_VALUE)
@transaction.atomic
def withdraw(bv: BalanceValue, *, reason: str, by: Person, at: dt.datetime) -> BalanceValue:
    """Whoever had a value computed takes it back before it is published; another can be computed."""
    bv = locking.in_state(BalanceValue.objects.all(), bv, State.COMPUTED, State.PUBLISHED)
    if bv.state == State.PUBLISHED:
        raise Refusal(
            _(
                "A published balance value can't be withdrawn: the provinces determine quota with it, and results approved "
                "later do not change it. What it would be with today's results can be computed hypothetically on its page."
            )
        )
    two_people.refuse_other(by, bv.computed_by_id)
    _save(bv, state=State.WITHDRAWN, fault=two_people.reason_of(reason))
    journal.record("balance_value.withdrawn", bv, by=by, at=at, sector=bv.sector, year=bv.year, reason=bv.fault)
    return bv


def stale(bv: BalanceValue, at: dt.datetime) -> bool:
    """Whether a computed value would be made from something else now, so that it can't be published any more.

    Two small queries while nothing has happened since it was asked for; else all its inputs are gone through.
    """
    if bv.state != State.COMPUTED:
        return False
    since = bv.requested_at
    results = VerifiedResult.objects.filter(sector=bv.sector, year=bv.year, approved_at__gt=since, approved_at__lte=at)
    others = JournalEntry.objects.filter(act__in=_MOVES_LINES, at__gt=since, at__lte=at)
    return (results.exists() or others.exists()) and _differs(bv, at)


# Beside verified results: what changes which lines take part.
_MOVES_LINES = ("directory.decided", "unit.imported")


def _differs(bv: BalanceValue, at: dt.datetime) -> bool:
    """Whether results, directory or plan are not what the value was computed from."""
    return digest(_manifest(bv, scope.of_balance_value(bv.sector, bv.year, at))) != bv.manifest_sha256


def _supersede_others(bv: BalanceValue, why: str) -> list[BalanceValue]:
    """Other computed values of the sector and year are in nobody's hands any more."""
    others = BalanceValue.objects.filter(sector=bv.sector, year=bv.year, state=State.COMPUTED).exclude(pk=bv.pk)
    superseded = list(others)
    others.update(state=State.SUPERSEDED, fault=why)
    return superseded


@jobs.handler(JOB)
def compute(lease: jobs.Lease) -> None:
    """The job: solve, report, and keep what went in."""
    bv = BalanceValue.objects.get(pk=lease.job.payload["balance_value"])
    at = lease.job.asked_at
    found_lines = scope.of_balance_value(bv.sector, bv.year, at)
    manifest = _manifest(bv, found_lines)
    lines = scope.line_inputs(found_lines.results)
    lease.progress(0, len(lines))
    rules = rules_of(_plan(bv.sector, bv.year), bv.sector, bv.year, local_day(at))
    try:
        found = report(with_unit_totals(lines), rules)
    except (UnusableLinesError, balance.NoBalanceValueError) as fault:
        with lease.finishing({"failed": str(fault)}):
            _save(bv, state=State.FAILED, fault=str(fault))
        return
    solution = found.solution
    interval = [str(end) for end in solution.interval] if solution.interval else ["", ""]
    beside = {**found.canonical(), "lines": len(lines), **_left_out(found_lines)}
    with lease.finishing({"value": f"{solution.value:f}", "lines": len(lines)}):
        text = canonical(manifest)
        _save(
            bv,
            state=State.COMPUTED,
            value=solution.value,
            exact=str(solution.root),
            low=interval[0],
            high=interval[1],
            report=canonical(beside),
            manifest=text,
            manifest_sha256=sha256(text.encode()),
        )
        others = _supersede_others(bv, kept_sentences.kept(_("It was recomputed.")))
        facts: dict[str, Any] = {"value": f"{solution.value:f}"}
        journal.record("balance_value.computed", bv, by=bv.computed_by, at=at, papers=others, **facts)


def _save(bv: BalanceValue, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(bv, name, value)
    bv.save(update_fields=list(fields))


def _plan(sector: str, year: int) -> plans.Plan:
    try:
        return plans.in_force(sector, year)
    except plans.PlanError as error:
        raise Refusal(str(error)) from error


def _manifest(bv: BalanceValue, lines: scope.Scope) -> dict[str, Any]:
    """All that the value depends on: the plan, and each verified result by line, version and id."""
    return {
        "method": METHOD,
        "sector": bv.sector,
        "year": bv.year,
        "plan": _plan(bv.sector, bv.year).canonical(),
        "results": [
            {**scope.line_input(result).canonical(), "result": result.pk, "version": result.version}
            for result in lines.results
        ],
    }


def _left_out(lines: scope.Scope) -> dict[str, list[kept_shapes.LeftOutLine]]:
    """What the value was computed without: the directory's lines that have no verified result, and verified ones outside it."""
    named: dict[str, list[kept_shapes.LeftOutLine]] = {"missing": [], "strangers": []}
    for line, reason in lines.left_out:
        unit = line.unit
        named["strangers" if reason == LeftOut.Reason.NOT_LISTED else "missing"].append(
            {"authority": unit.authority.code, "unit": unit.name, "line": line.code, "name": line.name}
        )
    return named


def _give_up_dead(sector: str, year: int) -> None:
    """A computation whose job is over without a value is in nobody's hands: it makes way."""
    over = ["failed", "cancelled"]
    dead = BalanceValue.objects.filter(sector=sector, year=year, state=State.COMPUTING, job__state__in=over)
    dead.update(state=State.FAILED, fault=kept_sentences.kept(_("The job failed.")))
