"""Hypothetical recomputations of published balance values, which the database never lets be published."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registry.frozen_once import FrozenOnce


class Migration(migrations.Migration):

    dependencies = [
        ('allocation', '0004_confirmed_oddities'),
        ('registry', '0003_job_stage'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Recomputation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('computing', 'being computed'), ('computed', 'computed, hypothetical'), ('failed', 'failed')], default='computing', max_length=12, verbose_name='State')),
                ('value', models.DecimalField(decimal_places=4, max_digits=12, null=True, verbose_name='Hypothetical value')),
                ('exact', models.TextField(blank=True)),
                ('report', models.TextField(default='{}')),
                ('comparison', models.TextField(default='{}')),
                ('manifest', models.TextField(default='{}')),
                ('manifest_sha256', models.CharField(blank=True, max_length=64)),
                ('fault', models.TextField(blank=True)),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.job')),
                ('published', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recomputations', to='allocation.balancevalue')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['computing', 'computed', 'failed'])), name='recomputation_never_published'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'computed'), _negated=True), models.Q(('value__gt', 0), models.Q(('manifest_sha256', ''), _negated=True)), _connector='OR'), name='recomputation_computed_complete'), models.UniqueConstraint(condition=models.Q(('state', 'computing')), fields=('published',), name='recomputation_one_at_a_time')],
            },
        ),
        FrozenOnce("Recomputation", when={"state": ["computed", "failed"]}),
    ]
