"""What a quota that was determined once more means for a unit."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registry.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('allocation', '0007_differentiated'),
        ('registry', '0006_notifications'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AdjustmentNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='Year')),
                ('number', models.CharField(max_length=48, unique=True, verbose_name='Number')),
                ('quota_before', models.BigIntegerField(verbose_name='Quota before')),
                ('quota_after', models.BigIntegerField(verbose_name='Quota after')),
                ('due_before', models.BigIntegerField(verbose_name='Due before')),
                ('due_after', models.BigIntegerField(verbose_name='Due after')),
                ('sent_at', models.DateTimeField(verbose_name='Sent')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settlement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='adjustment', to='allocation.settlement')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adjustments', to='registry.unit')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['unit', 'year', 'sent_at'], name='allocation__unit_id_61e04d_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('quota_before', models.F('quota_after')), _negated=True), models.Q(('due_before', models.F('due_after')), _negated=True), _connector='OR'), name='adjustment_changes_something'), models.CheckConstraint(condition=models.Q(('due_after__gte', 0), ('due_before__gte', 0), ('quota_after__gte', 0), ('quota_before__gte', 0)), name='adjustment_not_negative')],
            },
        ),
        AppendOnly("AdjustmentNotice"),
    ]
