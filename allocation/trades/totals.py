"""What an import comes to for each unit."""

from dataclasses import dataclass

from django.db.models import Sum

from allocation.models import Account, TradeImport

__all__ = ["UnitTotal", "totals"]


@dataclass(frozen=True, slots=True)
class UnitTotal:
    """Tonnes over all vintages that a unit sells and buys by the new rows of an import."""

    account: Account
    sold: int
    bought: int

    @property
    def net(self) -> int:
        return self.bought - self.sold


def totals(imported: TradeImport) -> list[UnitTotal]:
    """The units of the import, in the order of their credit codes. Three queries."""
    fresh = imported.rows.filter(known=False).order_by()
    sold = dict(fresh.values_list("seller").annotate(Sum("quantity")))
    bought = dict(fresh.values_list("buyer").annotate(Sum("quantity")))
    parties = Account.objects.filter(pk__in=sold.keys() | bought.keys()).select_related("unit", "authority")
    return [
        UnitTotal(party, sold.get(party.pk, 0), bought.get(party.pk, 0))
        for party in parties.order_by("unit__credit_code", "pk")
    ]
