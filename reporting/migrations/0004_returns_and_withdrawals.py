"""A report sent back to the clerk, a verification sent back to the body or withdrawn from it: states of their own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registry.database.append_only import AppendOnly
from registry.database.frozen_once import FrozenOnce
from registry.database.remade import Together

class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0002_authorities_and_guards'),
        ('reporting', '0003_report_differences'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportReturn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was_filed', models.BooleanField()),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sent_back', to='reporting.annualreport')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='report_returned_with_reason'),
                ],
            },
        ),
        # An index, not a part of the table: neither can be done twice.
        migrations.RemoveConstraint(
            model_name='verification',
            name='verification_one_open',
        ),
        Together([
            migrations.RemoveConstraint(
                model_name='annualreport',
                name='report_state_known',
            ),
            migrations.RemoveConstraint(
                model_name='verification',
                name='verification_state_known',
            ),
            migrations.RemoveConstraint(
                model_name='verificationevent',
                name='verification_event_known',
            ),
            migrations.RemoveConstraint(
                model_name='verificationevent',
                name='verification_return_has_reason',
            ),
            migrations.AlterField(
                model_name='annualreport',
                name='state',
                field=models.CharField(choices=[('prepared', 'prepared, waiting for approval'), ('filed', 'filed'), ('returned', 'sent back to the clerk'), ('superseded', 'replaced by a later version')], default='prepared', max_length=12),
            ),
            migrations.AlterField(
                model_name='verification',
                name='state',
                field=models.CharField(choices=[('assigned', 'under verification'), ('concluded', 'concluded, waiting for approval'), ('returned', 'sent back to the verifier'), ('approved', 'approved, unit told'), ('withdrawn', 'withdrawn from the verifier')], default='assigned', max_length=12),
            ),
            migrations.AlterField(
                model_name='verificationevent',
                name='kind',
                field=models.CharField(choices=[('assigned', 'assigned'), ('concluded', 'concluded'), ('returned', 'sent back'), ('taken_back', 'conclusion taken back'), ('approved', 'approved'), ('withdrawn', 'withdrawn')], max_length=12),
            ),
            migrations.AddConstraint(
                model_name='annualreport',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['prepared', 'filed', 'returned', 'superseded'])), name='report_state_known'),
            ),
            migrations.AddConstraint(
                model_name='verification',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['assigned', 'concluded', 'returned', 'approved', 'withdrawn'])), name='verification_state_known'),
            ),
            migrations.AddConstraint(
                model_name='verificationevent',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['assigned', 'concluded', 'returned', 'taken_back', 'approved', 'withdrawn'])), name='verification_event_known'),
            ),
            migrations.AddConstraint(
                model_name='verificationevent',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['returned', 'withdrawn']), ('reason', ''), _negated=True), name='verification_return_has_reason'),
            ),
        ]),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['assigned', 'concluded', 'returned'])), fields=('report',), name='verification_one_open'),
        ),
        # SQLite has remade these tables, and forgotten their triggers.
        AppendOnly("ReportReturn"),
        AppendOnly("VerificationEvent"),
        FrozenOnce(
            "Verification",
            but=["state", "concluded_by", "concluded_at", "approved_by", "approved_at", "told_at"],
        ),
    ]
