"""A decision that deducts can be revoked, and that is a ground to determine once more."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registry.frozen_once import FrozenOnce


class Migration(migrations.Migration):

    dependencies = [
        ('allocation', '0002_guards'),
        ('registry', '0002_authorities_and_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Revocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, verbose_name='Document number')),
                ('decided_on', models.DateField(verbose_name='Decision of')),
                ('reason', models.CharField(max_length=300, verbose_name='Reason')),
                ('state', models.CharField(choices=[('proposed', 'awaiting a second person'), ('approved', 'approved'), ('refused', 'refused')], default='proposed', max_length=10, verbose_name='State')),
                ('proposed_at', models.DateTimeField(verbose_name='Entered')),
                ('approved_at', models.DateTimeField(null=True)),
                ('refused_at', models.DateTimeField(null=True)),
                ('refusal_reason', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='run',
            name='run_again_with_ground',
        ),
        migrations.AlterField(
            model_name='run',
            name='ground',
            field=models.CharField(blank=True, choices=[('late_result', 'results that came late'), ('changed_result', 'verified results that changed'), ('objection', 'an objection was granted'), ('scope', 'the directory or the lines changed'), ('revocation', 'a deduction was revoked')], max_length=16, verbose_name='Ground'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ground', ''), ('time', 1)), models.Q(('ground__in', ['late_result', 'changed_result', 'objection', 'scope', 'revocation']), ('kind', 'determination'), ('time__gt', 1), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='run_again_with_ground'),
        ),
        migrations.AddField(
            model_name='revocation',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='revocation',
            name='deduction',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revocations', to='allocation.deduction'),
        ),
        migrations.AddField(
            model_name='revocation',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='revocation',
            name='refused_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='revocation',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'refused'), _negated=True), fields=('deduction',), name='revocation_once'),
        ),
        migrations.AddConstraint(
            model_name='revocation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('number', ''), _negated=True)), name='revocation_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='revocation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'approved', 'refused'])), name='revocation_state_known'),
        ),
        migrations.AddConstraint(
            model_name='revocation',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='revocation_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='revocation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='revocation_approved_complete'),
        ),
        migrations.AddConstraint(
            model_name='revocation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('refusal_reason', ''), _negated=True), _connector='OR'), name='revocation_refused_with_reason'),
        ),
        FrozenOnce(
            "Revocation",
            but=["state", "approved_by", "approved_at", "refused_by", "refused_at", "refusal_reason"],
        ),
        FrozenOnce(
            "Revocation",
            when={"state": ["approved", "refused"]},
        ),
        # SQLite has remade the table for its other ground, and so forgotten its triggers.
        FrozenOnce(
            "Run",
            when={"state": ["approved"]},
            but=["letter"],
        ),
    ]
