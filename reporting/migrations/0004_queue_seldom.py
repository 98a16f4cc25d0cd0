"""Indexes by which the queue sees at once that nothing waits of a period, or of so many tonnes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0003_report_spans'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='package',
            index=models.Index(condition=models.Q(('state', 'submitted')), fields=['period'], name='package_waiting_period'),
        ),
        migrations.AddIndex(
            model_name='package',
            index=models.Index(condition=models.Q(('state', 'submitted')), fields=['emissions'], name='package_waiting_tonnes'),
        ),
    ]
