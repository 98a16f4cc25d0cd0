from allocation.models.adjustments import AdjustmentNotice
from allocation.models.balance import BalanceValue
from allocation.models.deductions import Deduction, DeductionMovement, Revocation
from allocation.models.duty import Certificate, Notice, SurrenderItem, SurrenderRequest
from allocation.models.ledger import Account, Entry, Holding, Trade, Transaction
from allocation.models.letters import Letter
from allocation.models.objections import Objection
from allocation.models.outliers import ConfirmedOutlier
from allocation.models.recomputations import Recomputation
from allocation.models.runs import Award, LeftOut, Run, Settlement
from allocation.models.trades import TradeImport, TradeRow
from allocation.models.withholding import Differentiation, Release, WithheldItem, Withholding

__all__ = [
    "Account",
    "AdjustmentNotice",
    "Award",
    "BalanceValue",
    "Certificate",
    "ConfirmedOutlier",
    "Deduction",
    "DeductionMovement",
    "Differentiation",
    "Entry",
    "Holding",
    "LeftOut",
    "Letter",
    "Notice",
    "Objection",
    "Recomputation",
    "Release",
    "Revocation",
    "Run",
    "Settlement",
    "SurrenderItem",
    "SurrenderRequest",
    "Trade",
    "TradeImport",
    "TradeRow",
    "Transaction",
    "WithheldItem",
    "Withholding",
]
