"""What the database refuses to change from some state on: what was published, approved, sent, executed."""

from django.db import migrations

from registry.append_only import AppendOnly
from registry.frozen_once import FrozenOnce


class Migration(migrations.Migration):
    dependencies = [("allocation", "0003_trade_imports")]

    operations = [
        FrozenOnce("BalanceValue", when={"state": ["published"]}),
        # Which letter speaks of a run is written after its approval; discarding the letter takes it away again.
        FrozenOnce("Run", when={"state": ["approved"]}, but=["letter"]),
        FrozenOnce(
            "Letter",
            when={"state": ["sent", "prepared", "executed"]},
            but=["state", "prepared_by", "prepared_at", "executed_by", "executed_at"],
        ),
        FrozenOnce("Letter", when={"state": ["executed"]}),
        FrozenOnce(
            "TradeImport", but=["state", "faults", "decided_by", "decided_at", "refusal_reason", "job"]
        ),
        FrozenOnce("TradeImport", when={"state": ["executed", "refused"]}),
        AppendOnly("TradeRow"),
    ]
