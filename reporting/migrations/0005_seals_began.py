"""From here on the journal's entries bind papers and states of record; of what was there before it says only that it was."""

from django.db import migrations

from registry.law import clock
from registry.journal.seals.began import say

MODELS = [
    "package",
    "packageevent",
    "upload",
    "submission",
    "findinganswer",
    "question",
    "reply",
    "evidence",
    "evidencewithdrawal",
    "deadlineextension",
    "bulkupload",
    "controlplanversion",
    "controlplandecision",
    "annualreport",
    "verification",
    "verifiedresult",
]


def forwards(apps, schema_editor):
    say(apps, [f"reporting.{model}" for model in MODELS], clock.now())


class Migration(migrations.Migration):
    dependencies = [("reporting", "0004_returns_and_withdrawals"), ("registry", "0005_seals_began")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
