"""The ledger's one way in: post a movement in double entry, reserve tonnes for a request, release them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from allocation.models import Account, Entry, Holding, Letter, SurrenderRequest, Transaction
from registry.database import bulk
from registry.models import Person
from registry.refusal import Refusal
from registry.values.bilingual import listed
from registry.values.canonical import digest
from registry.values.figures import tonnes

__all__ = [
    "Movement",
    "MovementsError",
    "Posting",
    "Share",
    "digest_of",
    "obstacles",
    "post",
    "post_all",
    "release",
    "reserve",
]

Place = tuple[int, int]  # account id, vintage
Share = tuple[Account, int, int]  # from which account, vintage, tonnes

_BATCH = 1000  # rows that one statement writes


@dataclass(frozen=True, slots=True)
class Posting:
    """Whole tonnes of a vintage into (+) or out of (−) an account."""

    account: Account
    vintage: int
    amount: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One of many transactions, with what `post` takes for it."""

    kind: str
    key: str
    at: dt.datetime
    entries: tuple[Posting, ...]
    letter: Letter | None = None
    note: str = ""
    posted_at: dt.datetime | None = None  # where it is entered later than it counts


class MovementsError(Refusal):
    """Movements that can't be posted: `obstacles` holds (place in the sequence, why). None of them was posted."""

    def __init__(self, obstacles: list[tuple[int, str]]) -> None:
        super().__init__(" ".join(dict.fromkeys(why for _place, why in obstacles)))
        self.obstacles = obstacles


@transaction.atomic
def post(
    kind: str,
    key: str,
    entries: Sequence[Posting],
    *,
    at: dt.datetime,
    by: Person | None,
    letter: Letter | None = None,
    request: SurrenderRequest | None = None,
    note: str = "",
    reserved: Sequence[Share] = (),
) -> Transaction:
    """Post one transaction, once: the same key with the same entries gives the transaction that is already there.

    `reserved` are tonnes that were promised to what is posted now: they are free again, for its entries to take them.

    Raises Refusal where the entries don't sum to zero per vintage, where the key was used for other entries, where an account that
    gives is frozen, or where it holds too little that isn't reserved.
    """
    _refuse_unbalanced(entries)
    content = _digest(kind, entries)
    posted, created = Transaction.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "digest": content,
            "at": at,
            "by": by,
            "letter": letter,
            "request": request,
            "note": note,
        },
    )
    if not created:
        if posted.digest != content:
            raise Refusal(_("“%(key)s” was posted before with other entries; nothing was changed.") % {"key": key})
        return posted
    _move(entries, reserved)
    Entry.objects.bulk_create(
        [Entry(transaction=posted, account=row.account, vintage=row.vintage, amount=row.amount) for row in entries],
        batch_size=_BATCH,
    )
    return posted


@transaction.atomic
def post_all(movements: Sequence[Movement], *, by: Person | None) -> list[Transaction]:
    """Post many transactions in their order, all or none, in as many queries as one takes (and one more per batch of rows).

    Their keys must be new, and each once: whoever calls has passed over what is posted already. Raises MovementsError with all that
    is in the way, and Refusal as `post` does.
    """
    for movement in movements:
        _refuse_unbalanced(movement.entries)
    holdings = _locked(_places(movements))
    if found := obstacles(movements, holdings):
        raise MovementsError(found)
    posted = Transaction.objects.bulk_create(
        [
            Transaction(
                kind=each.kind,
                key=each.key,
                digest=_digest(each.kind, each.entries),
                at=each.at,
                by=by,
                letter=each.letter,
                note=each.note,
                posted_at=each.posted_at,
            )
            for each in movements
        ],
        batch_size=_BATCH,
    )
    Entry.objects.bulk_create(
        [
            Entry(transaction=done, account=row.account, vintage=row.vintage, amount=row.amount)
            for done, movement in zip(posted, movements, strict=True)
            for row in movement.entries
        ],
        batch_size=_BATCH,
    )
    _write(holdings.values(), "amount")
    return posted


def obstacles(movements: Sequence[Movement], holdings: dict[Place, Holding] | None = None) -> list[tuple[int, str]]:
    """Play the movements in their order on the holdings: (place in the sequence, why) of each that could not be posted.

    `holdings` are changed as the movements go, whether they could or not. Without them what the accounts hold now is played on,
    and nothing is changed or locked.
    """
    if holdings is None:
        rows = Holding.objects.filter(account__in={place[0] for place in _places(movements)})
        found = {
            (row.account_id, row.vintage): row
            for row in rows.select_related("account__unit", "account__authority", "account__held_for")
        }
        holdings = {
            (entry.account.pk, entry.vintage): Holding(account=entry.account, vintage=entry.vintage)
            for movement in movements
            for entry in movement.entries
        } | found
    wrong = []
    for place, movement in enumerate(movements):
        for entry in movement.entries:
            holding = holdings[entry.account.pk, entry.vintage]
            if entry.amount < 0 and (why := _obstacle(holding, -entry.amount)):
                wrong.append((place, why))
            holding.amount += entry.amount
    return wrong


@transaction.atomic
def reserve(account: Account, quantities: Mapping[int, int]) -> None:
    """Promise tonnes by vintage to a request; refused where the account is frozen or hasn't got them free."""
    reserve_all([(account, vintage, quantity) for vintage, quantity in quantities.items()])


@transaction.atomic
def reserve_all(shares: Sequence[Share]) -> None:
    """Promise tonnes from several accounts at once, all or none."""
    holdings = _locked({(account.pk, vintage) for account, vintage, _quantity in shares})
    for account, vintage, quantity in shares:
        holding = holdings[account.pk, vintage]
        _refuse_leaving(holding, quantity)
        holding.reserved += quantity
    _write(holdings.values(), "reserved")


@transaction.atomic
def release(account: Account, quantities: Mapping[int, int]) -> None:
    """Give reserved tonnes back to the account's free use."""
    release_all([(account, vintage, quantity) for vintage, quantity in quantities.items()])


@transaction.atomic
def release_all(shares: Sequence[Share]) -> None:
    """Give reserved tonnes back to the free use of several accounts."""
    holdings = _locked({(account.pk, vintage) for account, vintage, _quantity in shares})
    _release(holdings, shares)


def digest_of(kind: str, entries: Iterable[tuple[int, int, int]]) -> str:
    """What a transaction's digest covers: its kind and its entries as (account id, vintage, tonnes), in whatever order."""
    return digest([kind, sorted([account, vintage, amount] for account, vintage, amount in entries)])


def _digest(kind: str, entries: Sequence[Posting]) -> str:
    return digest_of(kind, [(entry.account.pk, entry.vintage, entry.amount) for entry in entries])


def _places(movements: Sequence[Movement]) -> set[Place]:
    return {(entry.account.pk, entry.vintage) for movement in movements for entry in movement.entries}


def _refuse_unbalanced(entries: Sequence[Posting]) -> None:
    if not entries or any(type(entry.amount) is not int or entry.amount == 0 for entry in entries):
        raise Refusal(_("A transaction needs entries of whole tonnes, none of them zero."))
    sums: dict[int, int] = defaultdict(int)
    for entry in entries:
        sums[entry.vintage] += entry.amount
    if wrong := [str(vintage) for vintage, amount in sorted(sums.items()) if amount]:
        raise Refusal(_("The entries of vintage %(vintages)s don't sum to zero.") % {"vintages": listed(wrong)})


def _move(entries: Sequence[Posting], reserved: Sequence[Share]) -> None:
    """Change the holdings, each by what the entries come to, once the reserved tonnes are free."""
    changes: dict[Place, int] = defaultdict(int)
    for entry in entries:
        changes[entry.account.pk, entry.vintage] += entry.amount
    holdings = _locked(set(changes) | {(account.pk, vintage) for account, vintage, _quantity in reserved})
    if reserved:
        _release(holdings, reserved)
    for place, amount in changes.items():
        if amount < 0:
            _refuse_leaving(holdings[place], -amount)
        holdings[place].amount += amount
    _write((holdings[place] for place in changes), "amount")


def _release(holdings: Mapping[Place, Holding], shares: Sequence[Share]) -> None:
    released = {(account.pk, vintage): holdings[account.pk, vintage] for account, vintage, _quantity in shares}
    for account, vintage, quantity in shares:
        released[account.pk, vintage].reserved -= quantity
    _write(released.values(), "reserved")


def _write(holdings: Iterable[Holding], field: str) -> None:
    bulk.update(Holding, field, [(row.pk, getattr(row, field)) for row in holdings])


def _locked(places: set[Place]) -> dict[Place, Holding]:
    """The holdings, made where missing, locked with their accounts in one order, so that two movements never wait for each other."""
    accounts = {account for account, _vintage in places}
    vintages = {vintage for _account, vintage in places}
    rows = Holding.objects.filter(account__in=accounts, vintage__in=vintages)
    missing = sorted(places - set(rows.order_by().values_list("account_id", "vintage")))
    if missing:
        sources = set(Account.objects.filter(kind=Account.Kind.SOURCE).values_list("pk", flat=True))
        Holding.objects.bulk_create(
            [Holding(account_id=pk, vintage=vintage, is_source=pk in sources) for pk, vintage in missing],
            batch_size=_BATCH,
            ignore_conflicts=True,
        )
    locked = rows.select_for_update(of=("self", "account")).select_related("account")
    found = {(row.account_id, row.vintage): row for row in locked.order_by("account_id", "vintage")}
    return {place: found[place] for place in sorted(places)}


def _refuse_leaving(holding: Holding, quantity: int) -> None:
    if why := _obstacle(holding, quantity):
        raise Refusal(why)


def _obstacle(holding: Holding, quantity: int) -> str:
    """Why so many tonnes may not leave the holding; "" where they may."""
    account = holding.account
    if account.frozen:
        message = _("The account of %(owner)s is frozen (%(reason)s): nothing may leave it.")
        return message % {"owner": account, "reason": account.freeze_reason}
    if holding.is_source or holding.free >= quantity:
        return ""
    message = _("%(owner)s has %(free)s t of vintage %(vintage)s available; %(wanted)s t are requested.")
    return message % {
        "owner": account,
        "free": tonnes(holding.free),
        "vintage": holding.vintage,
        "wanted": tonnes(quantity),
    }
