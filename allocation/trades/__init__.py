"""Trades: the exchange's record comes in as a table, is proposed by one person, and executed by another."""

from allocation.trades.execution import execute, outcomes, refuse, withdraw
from allocation.trades.proposal import TradeFaultsError, propose
from allocation.trades.record import COLUMNS
from allocation.trades.totals import UnitTotal, moved, totals

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
