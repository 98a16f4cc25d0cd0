"""What the parties of a table of trades keep once it is executed, beside what they still have to surrender."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, Q, Sum

from allocation.compliance import owed as duties
from allocation.models import Holding, Notice, SurrenderRequest, TradeImport
from allocation.plans import usable_vintages
from allocation.scope.trade_totals import UnitTotal, totals
from registry.law.calendar import end_of

__all__ = ["Kept", "kept"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A party with the tonnes that it has free after the trades, and those that it neither surrendered nor requested to."""

    total: UnitTotal
    left: int
    owed: int

    @property
    def lacking(self) -> int:
        """What it would have to buy: some of it, where it sells, because it sold."""
        return max(0, self.owed - max(0, self.left))


def kept(imported: TradeImport, day: dt.date) -> list[Kept]:
    """The parties of a table that waits, of the vintages that settle what they owe. Eight queries, however many they are."""
    found = totals(imported)
    units = {total.account.unit_id for total in found if total.account.unit_id is not None}
    owed, of_use = _owed(units, day)
    free = _free(units)
    moved = _moved(imported)
    return [
        Kept(total, _of(of_use.get(unit), free[unit]) + _of(of_use.get(unit), moved[total.account.pk]), owed[unit])
        for total in found
        if (unit := total.account.unit_id) is not None
    ]


def _of(vintages: Collection[int] | None, tonnes: Counter[int]) -> int:
    """The tonnes of the vintages that settle a duty; of all, where nothing is owed."""
    return sum(amount for vintage, amount in tonnes.items() if vintages is None or vintage in vintages)


def _owed(units: Collection[int], day: dt.date) -> tuple[Counter[int], dict[int, set[int]]]:
    """By unit, what of its duties is neither surrendered nor in a request under way, and the vintages that settle it."""
    notices = Notice.objects.filter(unit__in=units)
    done = duties.surrenders(notices, end_of(day))
    open_ones = SurrenderRequest.objects.filter(unit__in=units, state__in=SurrenderRequest.OPEN).order_by()
    asked = dict(open_ones.values_list("notice").annotate(Sum("total")))
    owed: Counter[int] = Counter()
    of_use: dict[int, set[int]] = {}
    for notice in duties.stated(notices, end_of(day)):
        left = notice.due_then - sum(tonnes for _at, tonnes in done[notice.pk]) - asked.get(notice.pk, 0)
        if left > 0:
            owed[notice.unit_id] += left
            of_use.setdefault(notice.unit_id, set()).update(usable_vintages.vintages(notice.sector, notice.year, day))
    return owed, of_use


def _free(units: Collection[int]) -> defaultdict[int, Counter[int]]:
    """By unit and vintage, the tonnes that nothing is reserved of: its own and those withheld for it."""
    own = Q(account__unit__in=units) | Q(account__held_for__in=units)
    rows = Holding.objects.filter(own).values_list("account__unit", "account__held_for", "vintage")
    found: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for unit, held_for, vintage, unreserved in rows.annotate(unreserved=F("amount") - F("reserved")):
        found[unit or held_for][vintage] += unreserved
    return found


def _moved(imported: TradeImport) -> defaultdict[int, Counter[int]]:
    """By account and vintage, what the new rows bring and take."""
    found: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for seller, buyer, vintage, quantity in imported.rows.filter(known=False).values_list(
        "seller", "buyer", "vintage", "quantity"
    ):
        found[seller][vintage] -= quantity
        found[buyer][vintage] += quantity
    return found
