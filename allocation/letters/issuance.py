"""The registrar's issue: on a province's letter the vintage is created, credited to the province, and from there to the units."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from allocation import kept_shapes, ledger, notifications, runs
from allocation.compliance import certificates
from allocation.compliance import owed as duties
from allocation.ledger import Movement, Posting, accounts
from allocation.letters import acts as letters
from allocation.models import Account, Entry, Holding, Letter, Notice, Run, Settlement, Transaction
from allocation.runs import outcome
from allocation.scope import issued, movements, runs_in_force
from registry import files, journal, two_people
from registry.access import acting
from registry.models import Person
from registry.permissions import Act
from registry.refusal import Refusal

__all__ = ["collect", "execute", "owed", "prepare"]

State = Letter.State
Kind = Transaction.Kind


@dataclass(frozen=True, slots=True)
class _Checked:
    """A run that is what its hashes say, and what it counts on as issued before."""

    run: Run
    before: dict[str, kept_shapes.IssuedBefore]


@acting(Act.PREPARE_ISSUE)
def prepare(letter: Letter, *, by: Person, at: dt.datetime) -> Letter:
    """The operator has checked the letter against its tables and puts the issue before a second person."""
    return _prepare(letter, _checked(letter), by, at)


@transaction.atomic
def _prepare(letter: Letter, checked: Collection[_Checked], by: Person, at: dt.datetime) -> Letter:
    letter = letters.locked(letter, State.SENT)
    _refuse_changed(letter, checked)
    letter.state, letter.prepared_by, letter.prepared_at = State.PREPARED, by, at
    letter.save(update_fields=["state", "prepared_by", "prepared_at"])
    journal.record("issue.prepared", letter, by=by, at=at, number=letter.number, total=letter.total)
    return letter


@acting(Act.EXECUTE_ISSUE)
def execute(letter: Letter, *, by: Person, at: dt.datetime) -> Letter:
    """A second person issues: vintage → province → units, and what units have to return → province, all or nothing.

    Refused unless every run still is what was approved and the enclosed tables what was sent.
    """
    return _execute(letter, _checked(letter), by, at)


@transaction.atomic
def _execute(letter: Letter, checked: Collection[_Checked], by: Person, at: dt.datetime) -> Letter:
    letter = letters.locked(letter, State.PREPARED)
    two_people.refuse_same(by, letter.prepared_by_id)
    _refuse_changed(letter, checked)
    _refuse_outdated(checked)
    settlements = list(Settlement.objects.filter(run__letter=letter).select_related("unit", "withholding"))
    units = accounts.of_units([row.unit for row in settlements], at)
    _issue(letter, settlements, units, by, at)
    returned = _collect(letter, by, at) if any(row.issued_now < 0 for row in settlements) else 0
    letter.state, letter.executed_by, letter.executed_at = State.EXECUTED, by, at
    letter.save(update_fields=["state", "executed_by", "executed_at"])
    if any(each.run.time > 1 for each in checked):
        _certify(letter, [row.unit_id for row in settlements], by, at)
    notifications.quota_issued(letter, movements.of_units(letter), at)
    notifications.letter_executed(letter, at)
    facts: dict[str, Any] = {"number": letter.number, "total": letter.total, "returned": returned}
    journal.record("issue.executed", letter, by=by, at=at, papers=letter.transactions.all(), **facts)
    return letter


@acting(Act.EXECUTE_ISSUE)
@transaction.atomic
def collect(letter: Letter, *, by: Person, at: dt.datetime) -> int:
    """Take in what units still owe from an executed letter, as far as they hold it now; the tonnes taken in."""
    letter = letters.locked(letter, State.EXECUTED)
    owing = owed(letter)
    returned = _collect(letter, by, at)
    if not returned:
        raise Refusal(_("The units with quota to return hold none that is available."))
    notifications.quota_issued(
        letter, {unit: one for unit, one in movements.of_units(letter).items() if unit in owing}, at
    )
    # The one posted now: an entry must not bind again what an earlier one bound.
    posted = letter.transactions.filter(kind=Kind.RETURN).order_by("-pk")[:1]
    journal.record("issue.collected", letter, by=by, at=at, papers=posted, number=letter.number, returned=returned)
    return returned


def owed(letter: Letter) -> dict[int, int]:
    """What each unit (by id) has yet to return under an executed letter, in tonnes; units that owe nothing are left out."""
    owing = (
        Settlement.objects.filter(run__letter=letter, issued_now__lt=0).values_list("unit").annotate(Sum("issued_now"))
    )
    entries = Entry.objects.filter(transaction__letter=letter, transaction__kind=Kind.RETURN, amount__lt=0)
    whose = entries.annotate(whose=Coalesce("account__unit", "account__held_for"))
    back = dict(whose.order_by().values_list("whose").annotate(Sum("amount")))
    # Both are negative: what had to go back, and what went.
    left = {unit: back.get(unit, 0) - amount for unit, amount in owing}
    return {unit: amount for unit, amount in left.items() if amount > 0}


def _checked(letter: Letter) -> list[_Checked]:
    """The letter's runs that are what their hashes say; those that aren't are left out.

    To be asked before anything is locked: manifest and result of an approved run never change, and to hash them takes time.
    """
    sound = (run for run in letter.runs.select_related("authority") if not runs.tampered(run))
    return [_Checked(run, run.inputs["before"]) for run in sound]


def _refuse_changed(letter: Letter, checked: Collection[_Checked]) -> None:
    """Raise where a run or the tables are no longer what the hashes say, or a run is not approved any more.

    `checked` are the letter's runs whose content was held against these very hashes (`_checked`).
    """
    sound = {(each.run.pk, each.run.manifest_sha256, each.run.result_sha256) for each in checked}
    for pk, sector, state, *hashes in letter.runs.values_list(
        "pk", "sector", "state", "manifest_sha256", "result_sha256"
    ):
        if state != Run.State.APPROVED or (pk, *hashes) not in sound:
            raise Refusal(
                _("The %(sector)s run no longer matches its approved hashes: nothing is issued.") % {"sector": sector}
            )
    try:
        files.read(letter.tables_sha256)
    except files.DamagedFileError as error:
        raise Refusal(_("The letter's tables differ from the file that was sent: nothing is issued.")) from error


def _refuse_outdated(checked: Collection[_Checked]) -> None:
    """Raise where a determination counted on another advance than was issued meanwhile, or an advance comes after it."""
    for each in checked:
        run = each.run
        scope = (run.authority, run.sector, run.year)
        if run.kind == Run.Kind.PRE_ALLOCATION:
            outdated = runs_in_force.is_determined(*scope)
        else:
            outdated = outcome.written_before(issued.by_unit(*scope)) != each.before
        if outdated:
            raise Refusal(
                _("Quota issued for this year has changed since the run was prepared; prepare the run again.")
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
    province, source = accounts.of_authority(letter.authority, at), accounts.source(at)
    steps = [
        (Kind.CREATION, "creation", source, [(province, total)]),
        (Kind.ISSUE, "issue", province, shares),
        (Kind.WITHHOLDING, "withholding", province, withheld),
    ]
    steps_to_post = [
        Movement(kind, f"letter:{letter.pk}:{word}", at, _given(giver, parts, letter.year), letter, letter.number)
        for kind, word, giver, parts in steps
        if parts
    ]
    ledger.post_all(steps_to_post, by=by)


def _given(giver: Account, parts: Sequence[tuple[Account, int]], vintage: int) -> tuple[Posting, ...]:
    """What the accounts are given, each with what the giver has less for it."""
    return tuple(
        Posting(place, vintage, signed)
        for account, amount in parts
        for place, signed in ((giver, -amount), (account, amount))
    )


def _certify(letter: Letter, units: Sequence[int], by: Person, at: dt.datetime) -> None:
    """A re-determination may have lowered what is due to what was surrendered."""
    for notice in Notice.objects.filter(unit__in=units, year=letter.year).select_related("unit__authority"):
        certificates.issue_if_met(notice, duties.due(notice, at), by=by, at=at)


def _collect(letter: Letter, by: Person, at: dt.datetime) -> int:
    """Post what the owing units can return now, what is withheld for them first; what they lack stays owed. A frozen account hands
    nothing back."""
    taken = _takings(owed(letter), letter.year)
    if not taken:
        return 0
    province = accounts.of_authority(letter.authority, at)
    entries = [
        Posting(place, letter.year, signed)
        for account, amount in taken
        for place, signed in ((account, -amount), (province, amount))
    ]
    time = letter.transactions.filter(kind=Kind.RETURN).count() + 1
    key = f"letter:{letter.pk}:return:{time}"
    ledger.post(Kind.RETURN, key, entries, at=at, by=by, letter=letter, note=letter.number)
    return sum(amount for _account, amount in taken)


def _takings(owing: dict[int, int], vintage: int) -> list[tuple[Account, int]]:
    """How much each account can give of what its unit owes: what the province withholds for the unit, then the unit's own."""
    whose = Q(account__unit__in=owing) | Q(account__held_for__in=owing)
    held = Holding.objects.select_for_update(of=("self",)).filter(whose, vintage=vintage, account__frozen=False)
    rows = sorted(held.select_related("account"), key=lambda row: (row.account.held_for_id is None, row.account_id))
    left, taken = dict(owing), []
    for row in rows:
        unit = row.account.unit_id or row.account.held_for_id or 0
        amount = min(left.get(unit, 0), row.free)
        if amount > 0:
            left[unit] -= amount
            taken.append((row.account, amount))
    return taken
