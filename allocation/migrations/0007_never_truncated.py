"""PostgreSQL refuses to empty at once what it refuses to change row by row."""

from django.db import migrations

from registry.database.append_only import NeverTruncated


class Migration(migrations.Migration):
    dependencies = [("allocation", "0006_seals_began")]

    operations = [
        NeverTruncated(
            "AdjustmentNotice",
            "Award",
            "BalanceValue",
            "Certificate",
            "ConfirmedOutlier",
            "Deduction",
            "Differentiation",
            "Entry",
            "LeftOut",
            "Letter",
            "Notice",
            "Objection",
            "DeductionMovement",
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
        )
    ]
