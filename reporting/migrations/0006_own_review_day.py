"""By which day an authority itself wants to have reviewed a month."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registry.database.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_authorities_and_guards"),
        ("reporting", "0005_reasons_in_workbooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnReviewDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days", models.PositiveSmallIntegerField(null=True)),
                ("since", models.DateField()),
                ("at", models.DateTimeField()),
                ("authority", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.authority")),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("days__isnull", True), ("days__gt", 0), _connector="OR"), name="own_review_day_is_a_day"
                    )
                ],
            },
        ),
        AppendOnly("OwnReviewDay"),
    ]
