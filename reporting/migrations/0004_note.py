"""What an authority notes for itself about a package."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registry.database.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_authorities_and_guards"),
        ("reporting", "0003_reviewer"),
    ]

    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("package", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="reporting.package")),
                ("authority", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.authority")),
                ("text", models.TextField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="note_not_empty")],
            },
        ),
        AppendOnly("Note"),
    ]
