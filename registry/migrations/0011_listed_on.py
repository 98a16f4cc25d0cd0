"""The day on which a unit's entry in the directory was approved; of earlier entries it is not known, and the law's days stand."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0010_own_sessions'),
    ]

    operations = [
        migrations.AddField(
            model_name='directoryentry',
            name='listed_on',
            field=models.DateField(null=True),
        ),
    ]
