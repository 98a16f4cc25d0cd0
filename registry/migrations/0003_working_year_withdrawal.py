"""That whoever entered a year's calendar took it back."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registry.database.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_authorities_and_guards")]

    operations = [
        migrations.CreateModel(
            name="WorkingYearWithdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="withdrawal", to="registry.workingyear")),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("at", models.DateTimeField()),
            ],
        ),
        AppendOnly("WorkingYearWithdrawal"),
    ]
