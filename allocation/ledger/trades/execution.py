"""Executing a proposed table of trades, in a job: all of it or nothing, by a second person; or refusing it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from allocation import notifications
from allocation.ledger import posting as ledger
from allocation.ledger.posting import MovementsError
from allocation.ledger.trades.exchange_table import Fault, Record, read, table_of
from allocation.ledger.trades.proposal import contradictions, movements
from allocation.models import Trade, TradeImport, TradeRow, Transaction
from allocation.scope.trade_totals import totals_of
from registry import files, jobs, journal, two_people
from registry.access import acting
from registry.database.locking import OvertakenError
from registry.law.calendar import local_day
from registry.models import Job, JobItem, Person
from registry.permissions import Act
from registry.refusal import Refusal

__all__ = ["JOB", "execute", "outcomes", "refuse", "withdraw"]

JOB = "allocation.trades"

State = TradeImport.State


@acting(Act.EXECUTE_TRADES)
@transaction.atomic
def execute(imported: TradeImport, *, sha256: str, by: Person, at: dt.datetime) -> TradeImport:
    """A second person has the file that this hash names executed. Refused where the proposal is not that file."""
    imported = _undecided(imported)
    two_people.refuse_same(by, imported.proposed_by_id)
    if sha256 != imported.sha256:
        raise Refusal(_("What was proposed has changed since you viewed it; review it again."))
    time = Job.objects.filter(kind=JOB, payload__trades=imported.pk).count() + 1
    key = f"{JOB}:{imported.pk}:{time}"
    imported.job = jobs.enqueue(JOB, key=key, by=by, at=at, payload={"trades": imported.pk})
    imported.state, imported.faults, imported.decided_by, imported.decided_at = State.EXECUTING, [], by, at
    imported.save(update_fields=["state", "faults", "decided_by", "decided_at", "job"])
    journal.record("trades.execution_requested", imported, by=by, at=at, file=sha256)
    return imported


@acting(Act.EXECUTE_TRADES)
@transaction.atomic
def refuse(imported: TradeImport, *, sha256: str, reason: str, by: Person, at: dt.datetime) -> TradeImport:
    """The table is not executed, and why; the operator sees it and brings another."""
    imported = _undecided(imported)
    two_people.refuse_same(by, imported.proposed_by_id)
    if sha256 != imported.sha256:
        raise Refusal(_("What was proposed has changed since you viewed it; review it again."))
    reason = two_people.reason_of(reason)
    imported.state, imported.refusal_reason, imported.decided_by, imported.decided_at = State.REFUSED, reason, by, at
    imported.save(update_fields=["state", "refusal_reason", "decided_by", "decided_at"])
    notifications.decided(imported, imported.proposed_by, "trades.proposed", at, approved=False)
    journal.record("trades.refused", imported, by=by, at=at, file=sha256, reason=reason)
    return imported


@acting(Act.PROPOSE_TRADES)
@transaction.atomic
def withdraw(imported: TradeImport, *, reason: str, by: Person, at: dt.datetime) -> TradeImport:
    """Whoever proposed a table takes it back before anybody has decided on it."""
    imported = _undecided(imported)
    two_people.refuse_other(by, imported.proposed_by_id)
    if imported.state != State.PROPOSED:
        raise OvertakenError
    imported.state, imported.refusal_reason = State.WITHDRAWN, two_people.reason_of(reason)
    imported.save(update_fields=["state", "refusal_reason"])
    journal.record("trades.withdrawn", imported, by=by, at=at, file=imported.sha256, reason=imported.refusal_reason)
    return imported


def outcomes(imported: TradeImport) -> dict[int, str]:
    """By line of the file: why the row could not be posted, or that it is passed over. Other rows are not there."""
    passed_over = set(imported.rows.filter(known=True).values_list("line", flat=True))
    if imported.state == State.EXECUTED:
        # Another table may have been executed since this one was proposed: the job knows what it passed over.
        told = set(JobItem.objects.filter(job=imported.job_id).exclude(message="").values_list("key", flat=True))
        rows = imported.rows.values_list("line", "reference")
        passed_over = {line for line, reference in rows if _item_key(line, reference) in told}
    repeated = _repeated(imported.rows.values_list("line", "reference"))
    found = {line: _why_passed_over(repeated.get(line)) for line in passed_over}
    wrong: dict[int, list[str]] = defaultdict(list)
    for line, fault in imported.faults:
        wrong[line].append(fault)
    return found | {line: " ".join(faults) for line, faults in wrong.items()}


def _repeated(rows: Iterable[tuple[int, str]]) -> dict[int, int]:
    """By line of the file that says again what another line of it says: that other line, the first in the order in which they count."""
    first: dict[str, int] = {}
    found = {}
    for line, reference in rows:
        if reference in first:
            found[line] = first[reference]
        first.setdefault(reference, line)
    return found


def _why_passed_over(repeats: int | None) -> str:
    if repeats is None:
        return _("already recorded, skipped")
    return _("duplicates line %(line)s of this file, skipped") % {"line": repeats}


@jobs.handler(JOB)
def carry_out(lease: jobs.Lease) -> None:
    """The job: check that the rows still are the file's, post them, and say of each what became of it."""
    rows = list(_rows(lease.job.payload["trades"]))
    lease.progress(0, len(rows))
    faults = _differences(TradeImport.objects.get(pk=lease.job.payload["trades"]), rows)
    outcome: dict[str, Any] = {}
    items: list[JobItem] = []  # both are filled inside: what became of the rows is known once the accounts are locked
    with lease.finishing(outcome, items):
        imported = TradeImport.objects.select_for_update(of=("self",)).get(pk=lease.job.payload["trades"])
        if imported.state != State.EXECUTING:
            return  # dealt with in the meantime
        trades: list[Trade] = []
        faults = faults or contradictions(rows) or _post(rows, lease.job, trades)
        items += _items(lease, rows, faults)
        fresh = [] if faults else [row for row in rows if not row.known]
        outcome |= {"trades": len(fresh), "quantity": sum(row.quantity for row in fresh)}
        if faults:
            _put_back(imported, faults, lease.job)
        else:
            notifications.trades_booked(totals_of(fresh), imported, lease.job.asked_at)
            _finish(imported, lease.job, outcome["trades"], trades)


def _differences(imported: TradeImport, rows: list[TradeRow]) -> list[Fault]:
    """Where the rows are not what the file says that the approver's hash names; raises DamagedFileError."""
    parties = {place.unit.credit_code for row in rows for place in (row.seller, row.buyer) if place.unit}
    records, _faults = read(table_of(files.read(imported.sha256)), local_day(imported.proposed_at), parties)
    said = {record.line: record for record in records}
    stored = {row.line: _as_record(row) for row in rows}
    odd = sorted(line for line in said.keys() | stored.keys() if said.get(line) != stored.get(line))
    return [(line, _("the stored row differs from the file; inform the operators")) for line in odd]


def _as_record(row: TradeRow) -> Record:
    seller, buyer = (place.unit.credit_code if place.unit else "" for place in (row.seller, row.buyer))
    return Record(row.line, row.reference, row.traded_on, seller, buyer, row.vintage, row.quantity)


def _post(rows: list[TradeRow], job: Job, trades: list[Trade]) -> list[Fault]:
    """Post every row that isn't known, and add it to `trades`; else what is in the way, and nothing was posted."""
    fresh = [row for row in rows if not row.known]
    if not fresh:
        return []
    try:
        posted = ledger.post_all(movements(fresh, job.asked_at), by=job.asked_by)
    except MovementsError as error:
        return [(fresh[place].line, why) for place, why in error.obstacles]
    made = [_trade(row, done) for row, done in zip(fresh, posted, strict=True)]
    trades += Trade.objects.bulk_create(made, batch_size=1000)
    return []


def _trade(row: TradeRow, posted: Transaction) -> Trade:
    return Trade(
        reference=row.reference,
        traded_on=row.traded_on,
        seller=row.seller,
        buyer=row.buyer,
        vintage=row.vintage,
        quantity=row.quantity,
        transaction=posted,
    )


def _items(lease: jobs.Lease, rows: list[TradeRow], faults: list[Fault]) -> list[JobItem]:
    """The outcome of each row; one row that can't be posted keeps all others from it."""
    wrong: dict[int, list[str]] = defaultdict(list)
    for line, fault in faults:
        wrong[line].append(fault)
    repeated = _repeated((row.line, row.reference) for row in rows)
    items = []
    for row in rows:
        if faults:
            message = " ".join(wrong.get(row.line, [_("not executed, because other rows can't be")]))
        else:
            message = _why_passed_over(repeated.get(row.line)) if row.known else ""
        items.append(lease.item(_item_key(row.line, row.reference), not faults, message))
    return items


def _item_key(line: int, reference: str) -> str:
    return f"{line} · {reference}"


def _put_back(imported: TradeImport, faults: list[Fault], job: Job) -> None:
    """The table waits again: the approver has it executed once what was in the way is gone, or refuses it."""
    imported.state, imported.faults = State.PROPOSED, sorted(faults)
    imported.decided_by, imported.decided_at = None, None
    imported.save(update_fields=["state", "faults", "decided_by", "decided_at"])
    lines = sorted({line for line, _fault in faults})
    journal.record("trades.not_executed", imported, by=job.asked_by, at=job.asked_at, lines=lines)


def _finish(imported: TradeImport, job: Job, count: int, trades: Sequence[Trade]) -> None:
    imported.state = State.EXECUTED
    imported.save(update_fields=["state"])
    notifications.decided(imported, imported.proposed_by, "trades.proposed", job.asked_at, approved=True)
    papers = [paper for trade in trades for paper in (trade, trade.transaction)]
    facts: dict[str, Any] = {"file": imported.sha256, "trades": count}
    journal.record("trades.executed", imported, by=job.asked_by, at=job.asked_at, papers=papers, **facts)


def _rows(pk: int) -> QuerySet[TradeRow]:
    return TradeRow.objects.filter(imported=pk).select_related("seller__unit", "buyer__unit")


def _undecided(imported: TradeImport) -> TradeImport:
    """The import, locked, if it waits for a decision or the job that executed it died; else somebody was faster."""
    dead = Q(state=State.EXECUTING, job__state__in=[Job.State.FAILED, Job.State.CANCELLED])
    waiting = TradeImport.objects.filter(Q(state=State.PROPOSED) | dead, pk=imported.pk)
    found = waiting.select_for_update(of=("self",)).first()
    if found is None:
        raise OvertakenError
    return found
