"""An annual report says by which guideline each part of its year was accounted."""

import django.db.models.deletion
from django.db import migrations, models

from registry.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0002_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportSpan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.CharField(max_length=7)),
                ('last', models.CharField(max_length=7)),
                ('guideline', models.CharField(max_length=80)),
                ('last_term', models.PositiveIntegerField()),
                ('emissions', models.DecimalField(decimal_places=2, max_digits=15)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spans', to='reporting.annualreport')),
            ],
            options={
                'ordering': ['report', 'first'],
                'constraints': [models.UniqueConstraint(fields=('report', 'first'), name='report_span_once')],
            },
        ),
        AppendOnly("ReportSpan"),
    ]
