"""A package may be due later because its unit was listed late."""

from django.db import migrations, models

from registry.database.append_only import AppendOnly
from registry.database.remade import Together


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0007_uploaded_not_submitted'),
    ]

    operations = [
        Together([
            migrations.RemoveConstraint(
                model_name='deadlineextension',
                name='deadline_extension_known',
            ),
            migrations.AlterField(
                model_name='deadlineextension',
                name='kind',
                field=models.CharField(choices=[('extended', 'deadline extended'), ('reopened', 'reopened'), ('listed', 'listed late')], max_length=12),
            ),
            migrations.AddConstraint(
                model_name='deadlineextension',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['extended', 'reopened', 'listed'])), name='deadline_extension_known'),
            ),
        ]),
        # SQLite has remade the table and forgotten its triggers.
        AppendOnly("DeadlineExtension"),
    ]
