"""From here on the journal's entries bind papers and states of record; of what was there before it says only that it was."""

from django.db import migrations

from registry.law import clock
from registry.journal.seals.began import say

MODELS = ["unit", "verifierbody", "person", "directoryentry", "filingmandate", "apitoken", "parameterchange", "workingyear"]


def forwards(apps, schema_editor):
    say(apps, [f"registry.{model}" for model in MODELS], clock.now())


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_working_years")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
