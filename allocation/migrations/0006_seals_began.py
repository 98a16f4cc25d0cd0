"""From here on the journal's entries bind papers and states of record; of what was there before it says only that it was."""

from django.db import migrations

from registry.law import clock
from registry.journal.seals.began import say

MODELS = [
    "balancevalue",
    "recomputation",
    "confirmedoutlier",
    "run",
    "adjustmentnotice",
    "letter",
    "transaction",
    "trade",
    "tradeimport",
    "notice",
    "surrenderrequest",
    "certificate",
    "objection",
    "deduction",
    "revocation",
    "differentiation",
    "release",
    "account",
]


def forwards(apps, schema_editor):
    say(apps, [f"allocation.{model}" for model in MODELS], clock.now())


class Migration(migrations.Migration):
    dependencies = [("allocation", "0005_when_posted"), ("registry", "0005_seals_began")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
