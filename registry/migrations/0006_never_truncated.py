"""PostgreSQL refuses to empty at once what it refuses to change row by row."""

from django.db import migrations

from registry.database.append_only import NeverTruncated


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_seals_began")]

    operations = [
        NeverTruncated(
            "ApiToken",
            "ApiTokenRevocation",
            "JournalEntry",
            "ParameterChange",
            "ParameterDecision",
            "ParameterWithdrawal",
            "WorkingYear",
            "WorkingYearDecision",
        )
    ]
