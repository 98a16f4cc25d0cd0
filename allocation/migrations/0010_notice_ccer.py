"""A notice names the conditions on which voluntary reductions count; one of before has none, and its seal is what it was."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('allocation', '0009_withdrawn_values'),
    ]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='ccer',
            field=models.JSONField(null=True),
        ),
    ]
