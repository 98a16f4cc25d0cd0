"""What the database itself refuses to change: rows that are only ever added, and rows from the day on which they stand for something."""

from django.db import migrations

from registry.database.append_only import AppendOnly
from registry.database.frozen_once import FrozenOnce


class Migration(migrations.Migration):
    dependencies = [("allocation", "0001_initial")]

    operations = [
        AppendOnly("Award"),
        AppendOnly("LeftOut"),
        AppendOnly("Settlement"),
        AppendOnly("Transaction"),
        AppendOnly("Entry"),
        AppendOnly("Trade"),
        AppendOnly("Notice"),
        AppendOnly("SurrenderItem"),
        AppendOnly("Certificate"),
        AppendOnly("TradeRow"),
        AppendOnly("DeductionMovement"),
        AppendOnly("Withholding"),
        AppendOnly("WithheldItem"),
        AppendOnly("AdjustmentNotice"),
        AppendOnly("ConfirmedOutlier"),
        # Which letter speaks of a run is written after its approval; discarding the letter takes it away again.
        FrozenOnce("Run", when={"state": ["approved"]}, but=["letter"]),
        FrozenOnce(
            "Letter",
            when={"state": ["sent", "prepared", "executed"]},
            but=["state", "prepared_by", "prepared_at", "executed_by", "executed_at"],
        ),
        FrozenOnce("Letter", when={"state": ["executed"]}),
        FrozenOnce("Deduction", but=["state", "approved_by", "approved_at", "refused_by", "refused_at", "refusal_reason"]),
        FrozenOnce("Deduction", when={"state": ["approved", "refused"]}),
        FrozenOnce("Revocation", but=["state", "approved_by", "approved_at", "refused_by", "refused_at", "refusal_reason"]),
        FrozenOnce("Revocation", when={"state": ["approved", "refused"]}),
        FrozenOnce(
            "Differentiation",
            but=["state", "approved_by", "approved_at", "refused_by", "refused_at", "refusal_reason", "lift_asked_by", "lift_asked_at", "lift_reason", "lifted_by", "lifted_at"],
        ),
        FrozenOnce("Differentiation", when={"state": ["refused", "lifted"]}),
        FrozenOnce(
            "Release",
            but=["state", "approved_by", "approved_at", "executed_by", "executed_at", "refused_by", "refused_at", "refusal_reason"],
        ),
        FrozenOnce("Release", when={"state": ["executed", "refused"]}),
        FrozenOnce("Recomputation", when={"state": ["computed", "failed"]}),
        FrozenOnce("SurrenderRequest", when={"state": ["executed", "refused", "withdrawn"]}),
        FrozenOnce("TradeImport", but=["state", "faults", "decided_by", "decided_at", "refusal_reason", "job"]),
        FrozenOnce("TradeImport", when={"state": ["executed", "refused", "withdrawn"]}),
        FrozenOnce(
            "Objection",
            when={"state": ["filed", "proposed", "granted", "refused", "withdrawn"]},
            but=["state", "outcome", "reasons", "proposed_by", "proposed_at", "sent_back_for", "decided_by", "decided_at", "withdrawn_by", "withdrawn_at"],
        ),
        FrozenOnce("Objection", when={"state": ["granted", "refused", "withdrawn"]}),
        FrozenOnce("BalanceValue", when={"state": ["published", "superseded", "withdrawn"]}),
    ]
