"""The ministry's word on strange verified results, before a balance value is computed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registry.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('allocation', '0003_revocation'),
        ('reporting', '0003_report_spans'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ConfirmedOddity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('output_only', 'output without emissions'), ('intensity', "intensity far from the sector's median")], max_length=12)),
                ('reason', models.CharField(max_length=300, verbose_name='Reason')),
                ('confirmed_at', models.DateTimeField()),
                ('confirmed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('result', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reporting.verifiedresult')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('result', 'kind'), name='confirmed_oddity_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['output_only', 'intensity'])), name='confirmed_oddity_kind_known'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='confirmed_oddity_with_reason')],
            },
        ),
        AppendOnly("ConfirmedOddity"),
    ]
