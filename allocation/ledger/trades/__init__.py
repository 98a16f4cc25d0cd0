"""Trades: the exchange's record comes in as a table, is proposed by one person, and executed by another.

A `exchange_table` is read, a `proposal` keeps it whole, `execution` books it.
"""

from allocation.ledger.trades.exchange_table import COLUMNS
from allocation.ledger.trades.execution import execute, outcomes, refuse, withdraw
from allocation.ledger.trades.proposal import TradeFaultsError, propose
from allocation.scope.trade_totals import UnitTotal, moved, totals

__all__ = [
    "COLUMNS",
    "TradeFaultsError",
    "UnitTotal",
    "execute",
    "moved",
    "outcomes",
    "propose",
    "refuse",
    "totals",
    "withdraw",
]
