"""A file that could not be read isn't called read: the state says that it was uploaded."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0006_never_truncated'),
    ]

    operations = [
        migrations.AlterField(
            model_name='package',
            name='state',
            field=models.CharField(choices=[('open', 'waiting for a workbook'), ('read', 'uploaded, not yet submitted'), ('submitted', 'under review'), ('accepted', 'accepted'), ('returned', 'sent back')], default='open', max_length=12),
        ),
    ]
