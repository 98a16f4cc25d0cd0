"""Objections to quota; what was filed stays as it was filed, and what is decided as it was decided."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registry.frozen_once import FrozenOnce


class Migration(migrations.Migration):

    dependencies = [
        ('allocation', '0004_frozen_once'),
        ('registry', '0006_notifications'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('drafted', "awaiting the unit's approver"), ('filed', 'awaiting the province'), ('proposed', 'decision proposed'), ('granted', 'granted'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='drafted', max_length=12, verbose_name='State')),
                ('grounds', models.TextField(verbose_name='What is wrong, and why')),
                ('due', models.DateField(null=True, verbose_name='To be filed by')),
                ('drafted_at', models.DateTimeField()),
                ('filed_at', models.DateTimeField(null=True, verbose_name='Filed')),
                ('decide_by', models.DateField(null=True, verbose_name='To be decided by')),
                ('outcome', models.CharField(blank=True, choices=[('granted', 'to be granted'), ('refused', 'to be refused')], max_length=8)),
                ('reasons', models.TextField(blank=True, verbose_name='Reasons')),
                ('proposed_at', models.DateTimeField(null=True)),
                ('sent_back_for', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True, verbose_name='Decided')),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('award', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='allocation.award')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('filed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settlement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='allocation.settlement')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='registry.unit', verbose_name='Unit')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['drafted', 'filed', 'proposed'])), fields=('settlement',), name='objection_open_once'), models.CheckConstraint(condition=models.Q(('state__in', ['drafted', 'filed', 'proposed', 'granted', 'refused', 'withdrawn'])), name='objection_state_known'), models.CheckConstraint(condition=models.Q(('grounds', ''), _negated=True), name='objection_with_grounds'), models.CheckConstraint(condition=models.Q(('state__in', ['drafted', 'withdrawn']), models.Q(('filed_at__isnull', False), ('filed_by__isnull', False)), _connector='OR'), name='objection_filed_complete'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['proposed', 'granted', 'refused']), _negated=True), models.Q(('outcome__in', ['granted', 'refused']), ('proposed_by__isnull', False), models.Q(('reasons', ''), _negated=True)), _connector='OR'), name='objection_proposed_complete'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['granted', 'refused']), _negated=True), models.Q(('decided_by__isnull', False), ('state', models.F('outcome'))), _connector='OR'), name='objection_decided_as_proposed'), models.CheckConstraint(condition=models.Q(models.Q(('filed_by__isnull', True), models.Q(('filed_by', models.F('drafted_by')), _negated=True), _connector='OR'), models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR')), name='objection_four_eyes')],
            },
        ),
        FrozenOnce(
            "Objection",
            when={"state": ["filed", "proposed", "granted", "refused", "withdrawn"]},
            but=[
                "state",
                "outcome",
                "reasons",
                "proposed_by",
                "proposed_at",
                "sent_back_for",
                "decided_by",
                "decided_at",
                "withdrawn_by",
                "withdrawn_at",
            ],
        ),
        FrozenOnce("Objection", when={"state": ["granted", "refused", "withdrawn"]}),
    ]
