"""The registrar's issue: on a province's letter the vintage is created, credited to the province, and from there to the units."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from allocation import accounts, certificates, in_force, issued, ledger, letters, outcome, runs, telling
from allocation.ledger import Posting
from allocation.models import Account, Entry, Holding, Letter, Notice, Run, Settlement, Transaction
from registry import journal
from registry.models import Person
from registry.refusal import Refusal
from reporting import files

__all__ = ["collect", "execute", "owed", "prepare"]

State = Letter.State
Kind = Transaction.Kind


@transaction.atomic
def prepare(letter: Letter, *, by: Person, at: dt.datetime) -> Letter:
    """The operator has checked the letter against its tables and puts the issue before a second person."""
    letter = letters.locked(letter, State.SENT)
    _refuse_changed(letter)
    letter.state, letter.prepared_by, letter.prepared_at = State.PREPARED, by, at
    letter.save(update_fields=["state", "prepared_by", "prepared_at"])
    journal.record("issue.prepared", letter, by=by, at=at, number=letter.number, total=letter.total)
    return letter


@transaction.atomic
def execute(letter: Letter, *, by: Person, at: dt.datetime) -> Letter:
    """A second person issues: vintage → province → units, and what units have to hand back → province, all or nothing.

    Refused unless every run still is what was approved and the enclosed tables what was sent.
    """
    letter = letters.locked(letter, State.PREPARED)
    if by.pk == letter.prepared_by_id:
        raise Refusal(_("Whoever prepared the issue can't execute it: a second person must."))
    _refuse_changed(letter)
    settlements = list(Settlement.objects.filter(run__letter=letter).select_related("unit", "withholding"))
    _refuse_outdated(letter)
    units = accounts.of_units([row.unit for row in settlements], at)
    _issue(letter, settlements, units, by, at)
    returned = _collect(letter, settlements, units, by, at)
    letter.state, letter.executed_by, letter.executed_at = State.EXECUTED, by, at
    letter.save(update_fields=["state", "executed_by", "executed_at"])
    _certify(letter, [row.unit_id for row in settlements], by, at)
    telling.quota_issued(letter, [row.unit_id for row in settlements], at)
    journal.record("issue.executed", letter, by=by, at=at, number=letter.number, total=letter.total, returned=returned)
    return letter


@transaction.atomic
def collect(letter: Letter, *, by: Person, at: dt.datetime) -> int:
    """Take in what units still owe from an executed letter, as far as they hold it now; the tonnes taken in."""
    letter = letters.locked(letter, State.EXECUTED)
    settlements = list(Settlement.objects.filter(run__letter=letter, issued_now__lt=0).select_related("unit"))
    returned = _collect(letter, settlements, accounts.of_units([row.unit for row in settlements], at), by, at)
    if not returned:
        raise Refusal(_("The units that still owe quota hold none that is free."))
    journal.record("issue.collected", letter, by=by, at=at, number=letter.number, returned=returned)
    return returned


def owed(letter: Letter) -> dict[int, int]:
    """What each unit (by id) has yet to hand back under an executed letter, in tonnes; units that owe nothing are left out."""
    owing = (
        Settlement.objects.filter(run__letter=letter, issued_now__lt=0).values_list("unit").annotate(Sum("issued_now"))
    )
    entries = Entry.objects.filter(transaction__letter=letter, transaction__kind=Kind.RETURN, amount__lt=0)
    back = dict(entries.values_list("account__unit").annotate(Sum("amount")))
    # Both are negative: what had to go back, and what went.
    left = {unit: back.get(unit, 0) - amount for unit, amount in owing}
    return {unit: amount for unit, amount in left.items() if amount > 0}


def _refuse_changed(letter: Letter) -> None:
    """Raise where a run or the tables are no longer what the hashes say, or a run is not approved any more."""
    for run in letter.runs.select_related("authority", "balance_value"):
        if run.state != Run.State.APPROVED or runs.tampered(run):
            raise Refusal(
                _("The run of %(sector)s no longer matches its approved hashes: nothing is issued.")
                % {"sector": run.sector}
            )
    try:
        files.read(letter.tables_sha256)
    except files.DamagedFileError as error:
        raise Refusal(_("The letter's tables are not the file that was sent: nothing is issued.")) from error


def _refuse_outdated(letter: Letter) -> None:
    """Raise where a determination counted on another advance than was issued meanwhile, or an advance comes after it."""
    for run in letter.runs.select_related("authority"):
        scope = (run.authority, run.sector, run.year)
        if run.kind == Run.Kind.PRE_ALLOCATION:
            outdated = in_force.determination(*scope) is not None
        else:
            outdated = outcome.written_before(issued.by_unit(*scope)) != run.inputs["before"]
        if outdated:
            raise Refusal(
                _("What has been issued for this year is not what the run counted on; prepare the run again.")
            )


def _issue(
    letter: Letter, settlements: Sequence[Settlement], units: dict[int, Account], by: Person, at: dt.datetime
) -> None:
    positive = [row for row in settlements if row.issued_now > 0]
    held = [row for row in positive if hasattr(row, "withholding")]
    apart = accounts.withheld_of([row.unit for row in held], at) if held else {}
    shares = [(units[row.unit_id], row.issued_now) for row in positive if not hasattr(row, "withholding")]
    withheld = [(apart[row.unit_id], row.issued_now) for row in held]
    total = sum(row.issued_now for row in positive)
    if not total:
        return
    province, vintage = accounts.of_authority(letter.authority, at), letter.year
    created = [Posting(accounts.source(at), vintage, -total), Posting(province, vintage, total)]
    ledger.post(Kind.CREATION, f"letter:{letter.pk}:creation", created, at=at, by=by, letter=letter, note=letter.number)
    for kind, word, parts in ((Kind.ISSUE, "issue", shares), (Kind.WITHHOLDING, "withholding", withheld)):
        given = [
            Posting(place, vintage, signed)
            for account, amount in parts
            for place, signed in ((province, -amount), (account, amount))
        ]
        if given:
            ledger.post(kind, f"letter:{letter.pk}:{word}", given, at=at, by=by, letter=letter, note=letter.number)


def _certify(letter: Letter, units: Sequence[int], by: Person, at: dt.datetime) -> None:
    """A determination made once more may have lowered what is due to what was surrendered."""
    if letter.runs.filter(time__gt=1).exists():
        for notice in Notice.objects.filter(unit__in=units, year=letter.year).select_related("unit__authority"):
            certificates.issue_if_met(notice, by=by, at=at)


def _collect(
    letter: Letter, settlements: Sequence[Settlement], units: dict[int, Account], by: Person, at: dt.datetime
) -> int:
    """Post what the owing units can hand back now; what they lack stays owed. A frozen account hands nothing back."""
    owing = owed(letter)
    wanted = [units[unit] for unit in owing]
    held = Holding.objects.select_for_update(of=("self",)).filter(account__in=wanted, vintage=letter.year)
    free = {row.account.unit_id: row.free for row in held.select_related("account") if not row.account.frozen}
    taken = {unit: min(amount, free.get(unit, 0)) for unit, amount in owing.items()}
    taken = {unit: amount for unit, amount in taken.items() if amount > 0}
    if not taken:
        return 0
    province = accounts.of_authority(letter.authority, at)
    entries = [
        Posting(place, letter.year, signed)
        for unit, amount in taken.items()
        for place, signed in ((units[unit], -amount), (province, amount))
    ]
    time = letter.transactions.filter(kind=Kind.RETURN).count() + 1
    key = f"letter:{letter.pk}:return:{time}"
    ledger.post(Kind.RETURN, key, entries, at=at, by=by, letter=letter, note=letter.number)
    return sum(taken.values())
