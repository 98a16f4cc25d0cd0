"""Decisions on deductions, and what runs took from their pots: append-only; a decision in force or refused stays as it is."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from registry.append_only import AppendOnly
from registry.frozen_once import FrozenOnce


class Migration(migrations.Migration):

    dependencies = [
        ('allocation', '0005_objections'),
        ('registry', '0006_notifications'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Deduction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sector', models.CharField(choices=[('steel', 'Steel'), ('cement', 'Cement'), ('aluminium', 'Aluminium smelting')], max_length=12, verbose_name='Sector')),
                ('number', models.CharField(max_length=60, verbose_name='Document number')),
                ('decided_on', models.DateField(verbose_name='Decision of')),
                ('year', models.PositiveSmallIntegerField(verbose_name='For the year')),
                ('tonnes', models.BigIntegerField(verbose_name='Tonnes')),
                ('ground', models.CharField(choices=[('not_surrendered', 'quota not surrendered, and not corrected when ordered'), ('uncorrected_falsification', 'falsified data not corrected when ordered')], max_length=28, verbose_name='Ground of the deduction')),
                ('file_sha256', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('proposed', 'awaiting a second person'), ('approved', 'approved'), ('refused', 'refused')], default='proposed', max_length=10, verbose_name='State')),
                ('proposed_at', models.DateTimeField(verbose_name='Entered')),
                ('approved_at', models.DateTimeField(null=True)),
                ('refused_at', models.DateTimeField(null=True)),
                ('refusal_reason', models.CharField(blank=True, max_length=300)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('refused_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deductions', to='registry.unit', verbose_name='Unit')),
            ],
            options={
                'ordering': ['decided_on', 'number', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PotMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.BigIntegerField()),
                ('given_back', models.BigIntegerField()),
                ('taken', models.BigIntegerField()),
                ('deduction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='allocation.deduction')),
                ('settlement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='allocation.settlement')),
            ],
            options={
                'ordering': ['settlement__pk', 'deduction__decided_on', 'deduction__number', 'deduction__pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='deduction',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'refused'), _negated=True), fields=('unit', 'sector', 'number'), name='deduction_once'),
        ),
        migrations.AddConstraint(
            model_name='deduction',
            constraint=models.CheckConstraint(condition=models.Q(('tonnes__gt', 0)), name='deduction_positive'),
        ),
        migrations.AddConstraint(
            model_name='deduction',
            constraint=models.CheckConstraint(condition=models.Q(('ground__in', ['not_surrendered', 'uncorrected_falsification'])), name='deduction_ground_known'),
        ),
        migrations.AddConstraint(
            model_name='deduction',
            constraint=models.CheckConstraint(condition=models.Q(('sector__in', ['steel', 'cement', 'aluminium'])), name='deduction_sector_known'),
        ),
        migrations.AddConstraint(
            model_name='deduction',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'approved', 'refused'])), name='deduction_state_known'),
        ),
        migrations.AddConstraint(
            model_name='deduction',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='deduction_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='deduction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='deduction_approved_complete'),
        ),
        migrations.AddConstraint(
            model_name='deduction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('refusal_reason', ''), _negated=True), _connector='OR'), name='deduction_refused_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='potmovement',
            constraint=models.UniqueConstraint(fields=('settlement', 'deduction'), name='pot_movement_once'),
        ),
        migrations.AddConstraint(
            model_name='potmovement',
            constraint=models.CheckConstraint(condition=models.Q(('before__gte', 0), ('given_back__gte', 0), ('taken__gte', 0), ('taken__lte', django.db.models.expressions.CombinedExpression(models.F('before'), '+', models.F('given_back')))), name='pot_movement_within'),
        ),
        FrozenOnce(
            "Deduction",
            but=[
                "state",
                "approved_by",
                "approved_at",
                "refused_by",
                "refused_at",
                "refusal_reason",
            ],
        ),
        FrozenOnce("Deduction", when={"state": ["approved", "refused"]}),
        AppendOnly("PotMovement"),
    ]
