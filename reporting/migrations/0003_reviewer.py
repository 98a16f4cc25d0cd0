"""Which officer reviews a package."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registry.database.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_authorities_and_guards"),
        ("reporting", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewerChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("package", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reviewer_choices", to="reporting.package")),
                ("reviewer", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("at", models.DateTimeField()),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddField(
            model_name="package",
            name="reviewer",
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name="package",
            index=models.Index(condition=models.Q(("reviewer__isnull", False), ("state", "submitted")), fields=["reviewer"], name="package_waiting_reviewer"),
        ),
        AppendOnly("ReviewerChoice"),
    ]
