"""What an import comes to for each unit."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Sum

from allocation.models import Account, TradeImport, TradeRow

__all__ = ["UnitTotal", "moved", "totals", "totals_of"]


@dataclass(frozen=True, slots=True)
class UnitTotal:
    """Tonnes over all vintages that a unit sells and buys by the new rows of an import."""

    account: Account
    sold: int
    bought: int

    @property
    def net(self) -> int:
        return self.bought - self.sold


def moved(imported: TradeImport) -> tuple[int, int]:
    """How many trades and tonnes a table moved, and before it is executed how many it would: rows that are known move nothing."""
    done = imported.job.outcome if imported.state == TradeImport.State.EXECUTED and imported.job else {}
    return int(done.get("trades", imported.trades)), int(done.get("quantity", imported.quantity))


def totals(imported: TradeImport, passed_over: Collection[int] = ()) -> list[UnitTotal]:
    """The units of the import, in the order of their credit codes; without the lines that were passed over. Three queries."""
    fresh = imported.rows.filter(known=False).exclude(line__in=passed_over).order_by()
    sold = dict(fresh.values_list("seller").annotate(Sum("quantity")))
    bought = dict(fresh.values_list("buyer").annotate(Sum("quantity")))
    return _of_accounts(sold, bought)


def totals_of(rows: Iterable[TradeRow]) -> list[UnitTotal]:
    """The same of rows that are being posted. One query."""
    sold: Counter[int] = Counter()
    bought: Counter[int] = Counter()
    for row in rows:
        sold[row.seller_id] += row.quantity
        bought[row.buyer_id] += row.quantity
    return _of_accounts(sold, bought)


def _of_accounts(sold: Mapping[int, int], bought: Mapping[int, int]) -> list[UnitTotal]:
    parties = Account.objects.filter(pk__in=sold.keys() | bought.keys()).select_related("unit", "authority")
    return [
        UnitTotal(party, sold.get(party.pk, 0), bought.get(party.pk, 0))
        for party in parties.order_by("unit__credit_code", "pk")
    ]
