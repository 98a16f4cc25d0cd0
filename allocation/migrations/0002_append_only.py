"""What the database itself refuses to change."""

from django.db import migrations

from registry.append_only import AppendOnly


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
    ]
