"""Differentiated units: their marks, what is withheld for them and in which accounts, and its release."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registry.append_only import AppendOnly, Lifted
from registry.frozen_once import FrozenOnce


class Migration(migrations.Migration):

    dependencies = [
        ('allocation', '0006_deductions'),
        ('registry', '0006_notifications'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Lifted("Transaction"),
        migrations.CreateModel(
            name='Differentiation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sector', models.CharField(choices=[('steel', 'Steel'), ('cement', 'Cement'), ('aluminium', 'Aluminium smelting')], max_length=12, verbose_name='Sector')),
                ('year', models.PositiveSmallIntegerField(verbose_name='Year')),
                ('plan_id', models.CharField(max_length=40)),
                ('ground', models.CharField(max_length=40, verbose_name='Ground of differentiation')),
                ('facts', models.CharField(max_length=300, verbose_name='What has happened')),
                ('state', models.CharField(choices=[('proposed', 'awaiting a second person'), ('approved', 'differentiated'), ('refused', 'refused'), ('lifted', 'lifted')], default='proposed', max_length=10, verbose_name='State')),
                ('proposed_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True, verbose_name='Approved')),
                ('refused_at', models.DateTimeField(null=True)),
                ('refusal_reason', models.CharField(blank=True, max_length=300)),
                ('lift_asked_at', models.DateTimeField(null=True)),
                ('lift_reason', models.CharField(blank=True, max_length=300)),
                ('lifted_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-year', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='Vintage')),
                ('number', models.CharField(max_length=60, verbose_name='Document number')),
                ('tonnes', models.BigIntegerField(verbose_name='Tonnes')),
                ('state', models.CharField(choices=[('proposed', "awaiting the province's approver"), ('approved', 'awaiting the registrar'), ('executed', 'released'), ('refused', 'refused')], default='proposed', max_length=10, verbose_name='State')),
                ('proposed_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('executed_at', models.DateTimeField(null=True)),
                ('refused_at', models.DateTimeField(null=True)),
                ('refusal_reason', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='WithheldItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vintage', models.PositiveSmallIntegerField(verbose_name='Vintage')),
                ('quantity', models.BigIntegerField(verbose_name='Tonnes')),
            ],
            options={
                'ordering': ['vintage'],
            },
        ),
        migrations.CreateModel(
            name='Withholding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tonnes', models.BigIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='account',
            name='account_owner_matches_kind',
        ),
        migrations.RemoveConstraint(
            model_name='transaction',
            name='transaction_kind_known',
        ),
        migrations.AddField(
            model_name='account',
            name='held_for',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='withheld_accounts', to='registry.unit'),
        ),
        migrations.AlterField(
            model_name='account',
            name='kind',
            field=models.CharField(choices=[('unit', "unit's account"), ('province', "province's account"), ('withheld', "province's account, withheld for a unit"), ('source', 'creation of quota'), ('retired', 'surrendered quota')], max_length=10, verbose_name='Kind'),
        ),
        migrations.AlterField(
            model_name='transaction',
            name='kind',
            field=models.CharField(choices=[('creation', 'creation of a vintage'), ('issue', 'issue to units'), ('return', 'handed back to the province'), ('trade', 'trade'), ('surrender', 'surrender'), ('withholding', 'withheld for a unit'), ('release', 'release of withheld quota')], max_length=12, verbose_name='Kind'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'withheld')), fields=('held_for',), name='account_withheld_once'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('authority__isnull', False), ('held_for__isnull', True), ('kind', 'unit'), ('unit__isnull', False)), models.Q(('authority__isnull', False), ('held_for__isnull', True), ('kind', 'province'), ('unit__isnull', True)), models.Q(('authority__isnull', False), ('held_for__isnull', False), ('kind', 'withheld'), ('unit__isnull', True)), models.Q(('authority__isnull', True), ('held_for__isnull', True), ('kind__in', ['source', 'retired']), ('unit__isnull', True)), _connector='OR'), name='account_owner_matches_kind'),
        ),
        migrations.AddConstraint(
            model_name='transaction',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['creation', 'issue', 'return', 'trade', 'surrender', 'withholding', 'release'])), name='transaction_kind_known'),
        ),
        migrations.AddField(
            model_name='differentiation',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='differentiation',
            name='lift_asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='differentiation',
            name='lifted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='differentiation',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='differentiation',
            name='refused_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='differentiation',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='differentiations', to='registry.unit', verbose_name='Unit'),
        ),
        migrations.AddField(
            model_name='release',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='release',
            name='executed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='release',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='release',
            name='refused_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='release',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='registry.unit', verbose_name='Unit'),
        ),
        migrations.AddField(
            model_name='withhelditem',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='withheld_items', to='allocation.surrenderrequest'),
        ),
        migrations.AddField(
            model_name='withholding',
            name='differentiation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='withholdings', to='allocation.differentiation'),
        ),
        migrations.AddField(
            model_name='withholding',
            name='settlement',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withholding', to='allocation.settlement'),
        ),
        migrations.AddConstraint(
            model_name='differentiation',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'approved'])), fields=('unit', 'sector', 'year'), name='differentiation_once'),
        ),
        migrations.AddConstraint(
            model_name='differentiation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'approved', 'refused', 'lifted'])), name='differentiation_state_known'),
        ),
        migrations.AddConstraint(
            model_name='differentiation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('facts', ''), _negated=True), models.Q(('ground', ''), _negated=True)), name='differentiation_with_facts'),
        ),
        migrations.AddConstraint(
            model_name='differentiation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), models.Q(('lifted_by__isnull', True), models.Q(('lifted_by', models.F('lift_asked_by')), _negated=True), _connector='OR')), name='differentiation_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='differentiation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'approved'), _negated=True), ('approved_by__isnull', False), _connector='OR'), models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('refusal_reason', ''), _negated=True), _connector='OR'), models.Q(models.Q(('state', 'lifted'), _negated=True), models.Q(('lift_asked_by__isnull', False), ('lifted_by__isnull', False), models.Q(('lift_reason', ''), _negated=True)), _connector='OR')), name='differentiation_complete'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'approved'])), fields=('unit', 'year'), name='release_open_once'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'approved', 'executed', 'refused'])), name='release_state_known'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('tonnes__gt', 0), models.Q(('number', ''), _negated=True)), name='release_positive'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), models.Q(('executed_by__isnull', True), models.Q(('executed_by', models.F('approved_by')), _negated=True), _connector='OR')), name='release_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'approved'), _negated=True), ('approved_by__isnull', False), _connector='OR'), models.Q(models.Q(('state', 'executed'), _negated=True), models.Q(('approved_by__isnull', False), ('executed_by__isnull', False)), _connector='OR'), models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('refusal_reason', ''), _negated=True), _connector='OR')), name='release_complete'),
        ),
        migrations.AddConstraint(
            model_name='withhelditem',
            constraint=models.UniqueConstraint(fields=('request', 'vintage'), name='withheld_item_once'),
        ),
        migrations.AddConstraint(
            model_name='withhelditem',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='withheld_item_positive'),
        ),
        migrations.AddConstraint(
            model_name='withholding',
            constraint=models.CheckConstraint(condition=models.Q(('tonnes__gte', 0)), name='withholding_not_negative'),
        ),
        AppendOnly("Transaction"),
        AppendOnly("Withholding"),
        AppendOnly("WithheldItem"),
        FrozenOnce(
            "Differentiation",
            but=[
                "state",
                "approved_by",
                "approved_at",
                "refused_by",
                "refused_at",
                "refusal_reason",
                "lift_asked_by",
                "lift_asked_at",
                "lift_reason",
                "lifted_by",
                "lifted_at",
            ],
        ),
        FrozenOnce("Differentiation", when={"state": ["refused", "lifted"]}),
        FrozenOnce(
            "Release",
            but=[
                "state",
                "approved_by",
                "approved_at",
                "executed_by",
                "executed_at",
                "refused_by",
                "refused_at",
                "refusal_reason",
            ],
        ),
        FrozenOnce("Release", when={"state": ["executed", "refused"]}),
    ]
